using System.Collections.Concurrent;
using System.Collections.Immutable;
using AllowlistSync.Configuration;
using Quartz;
using Quartz.Extensibility;

namespace AllowlistSync.Daemon;

/// <summary>
/// When targets are run: one Quartz job a target of this node, all by the schedule of the configuration, none twice at a time. A firing that was missed (the machine slept, runs took longer than the schedule allows) is made up for once, at
/// once, and not again for each that was missed. This file, <see cref="SharedSchedule"/> and <see cref="ScheduleTicks"/> know Quartz.
/// </summary>
internal sealed class TargetSchedule : IAsyncDisposable
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Slight = TimeSpan.FromSeconds(1);

    // Nothing is asked in between: a new trigger wakes the scheduler by itself.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(1);

    private readonly DaemonSetup _setup;
    private readonly SteadyClock _clock;
    private readonly ScheduleTicks _ticks;
    private readonly ImmutableDictionary<string, TargetConfig> _targets;
    private readonly StandaloneSchedulerFactory _factory;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _next = new(StringComparer.Ordinal);
    private int _isSetting;

    private TargetSchedule(DaemonSetup setup, RunDue run)
    {
        _setup = setup;
        _clock = new SteadyClock(setup.Time);
        _ticks = new ScheduleTicks(setup.Config.Schedule, _clock);
        _targets = setup.Own.ToImmutableDictionary(target => target.Target.Name, StringComparer.Ordinal);
        _factory = QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options => (options.InstanceName, options.IdleWaitTime) = ("allowlist-sync", Idle))
            .UseDefaultThreadPool(Math.Max(1, _targets.Count))
            .UseTimeProvider(_clock)
            .UseJobFactory(new TargetJobs(this, run))
            .UseInMemoryStore(_ => { })).Build();
    }

    /// <summary>Runs a target whose time has come.</summary>
    public delegate Task RunDue(TargetConfig target, DateTimeOffset due);

    /// <summary>The next run of a target, or the one that should have come by now.</summary>
    public DateTimeOffset? NextOf(string target) => _next.TryGetValue(target, out var next) ? next : null;

    /// <summary>Starts the schedule of a configuration.</summary>
    public static async Task<TargetSchedule> StartAsync(DaemonSetup setup, RunDue run, CancellationToken cancellationToken)
    {
        var schedule = new TargetSchedule(setup, run);
        var scheduler = await schedule._factory.GetScheduler(cancellationToken);
        await schedule.PlaceAsync(scheduler, cancellationToken);
        await scheduler.Start(cancellationToken);
        return schedule;
    }

    /// <summary>Nothing is started any more; what runs goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        var scheduler = await _factory.GetScheduler(CancellationToken.None);
        await scheduler.Shutdown(waitForJobsToComplete: false, CancellationToken.None);
        await _factory.DisposeAsync();
    }

    private async Task PlaceAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var jobs = _targets.Keys.ToDictionary(JobOf, TickOf);
        await scheduler.ScheduleJobs(jobs, ScheduleJobOptions.Replacing, cancellationToken);
        foreach (var name in _targets.Keys)
        {
            Expect(name);
        }
    }

    private static IJobDetail JobOf(string name) => JobBuilder.Create<TargetJob>().WithIdentity(name).DisallowConcurrentExecution().Build();

    private IReadOnlyCollection<ITrigger> TickOf(string name) => [_ticks.TriggerOf(new TriggerKey(name), new JobKey(name))];

    private void Expect(string target)
    {
        if (_ticks.NextAfter(_setup.Time.GetUtcNow()) is { } next)
        {
            _next[target] = next;
        }
    }

    // Looked at with each firing: nothing has to wake up for it, and firings go on evenly.
    private async Task FollowClockAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var off = _clock.Off;
        if (off.Duration() < Slight || Interlocked.Exchange(ref _isSetting, 1) == 1)
        {
            return;
        }

        try
        {
            _clock.Set();
            if (off.Duration() >= Noticeable)
            {
                _setup.Log.ClockSet((long)off.TotalSeconds);
                await PlaceAsync(scheduler, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _isSetting, 0);
        }
    }

    /// <summary>Makes jobs by hand, so that no container and no reflection is needed.</summary>
    private sealed class TargetJobs(TargetSchedule schedule, RunDue run) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new JobScope(new TargetJob(schedule, run), null));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class TargetJob(TargetSchedule schedule, RunDue run) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            schedule.Expect(context.JobDetail.Key.Name);
            await schedule.FollowClockAsync(context.Scheduler, cancellationToken);
            if (schedule._targets.GetValueOrDefault(context.JobDetail.Key.Name) is { } target)
            {
                await run(target, context.ScheduledFireTimeUtc ?? context.FireTimeUtc);
            }
        }
    }
}
