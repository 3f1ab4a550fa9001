using AllowlistSync.Configuration;
using Quartz;

namespace AllowlistSync.Daemon;

/// <summary>The schedule of a configuration as Quartz understands it: the same for the targets of this node and for those that nodes share. What was missed is made up for once.</summary>
internal sealed class ScheduleTicks(ScheduleConfig schedule, TimeProvider time)
{
    private readonly CronExpression _cron = new(schedule.Cron, schedule.TimeZone);

    /// <summary>The next tick after a time.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset at) => _cron.GetNextValidTimeAfter(at);

    /// <summary>What fires a job at each tick.</summary>
    public ITrigger TriggerOf(TriggerKey key, JobKey job) => TriggerBuilder.Create(time)
        .WithIdentity(key)
        .ForJob(job)
        .WithSchedule(CronScheduleBuilder.Create(_cron).InTimeZone(schedule.TimeZone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
        .Build();

    /// <summary>Whether a trigger that stands somewhere fires at these ticks.</summary>
    public bool IsOf(ICronTrigger trigger) => trigger.CronExpressionString == _cron.CronExpressionString && trigger.TimeZone.Id == schedule.TimeZone.Id;
}
