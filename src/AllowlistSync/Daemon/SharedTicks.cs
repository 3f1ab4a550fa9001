using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres;
using Quartz;

namespace AllowlistSync.Daemon;

/// <summary>The ticks of the targets that all nodes share, as they stand in Quartz's store. What is read and written together is under one lock of the nodes.</summary>
internal sealed class SharedTicks(DaemonSetup setup, IScheduler scheduler)
{
    private const string Tick = "tick";

    // More than nodes' clocks may differ.
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(1);

    private readonly ScheduleTicks _ticks = new(setup.Config.Schedule, setup.Time);

    /// <summary>The next one.</summary>
    public DateTimeOffset? Next => _ticks.NextAfter(setup.Time.GetUtcNow());

    /// <summary>Places those of this node's configuration. What stands there already is left, as it knows which firings were missed; what is new is run at once, by whichever node.</summary>
    public async Task PlaceAsync(CancellationToken cancellationToken)
    {
        await using var turn = await LockAsync(cancellationToken);
        var known = await ReadAsync(cancellationToken);
        var names = NamesOf(known);
        if (known.Any(trigger => !_ticks.IsOf(trigger) || IsFarOff(trigger)))
        {
            await ReplaceAsync(names.Contains, target => [TickOf(target)], cancellationToken);
        }

        await ReplaceAsync(name => !names.Contains(name), target => [TickOf(target), NowOf(target, RunTrigger.Start)], cancellationToken);
    }

    /// <summary>Brings back ticks that wait for a time that a wrong clock said: nobody would run them until that time comes.</summary>
    public async Task MendAsync(CancellationToken cancellationToken)
    {
        await using var turn = await LockAsync(cancellationToken);
        await ReplaceAsync(NamesOf((await ReadAsync(cancellationToken)).Where(IsFarOff)).Contains, target => [TickOf(target)], cancellationToken);
    }

    /// <summary>Runs all once, now, by whichever node; a run that waits already is not asked for twice.</summary>
    public Task AskAsync(RunTrigger trigger, CancellationToken cancellationToken) => ReplaceAsync(_ => true, target => [TickOf(target), NowOf(target, trigger)], cancellationToken);

    /// <summary>Takes out a target that no node has any more. Whoever begins with another configuration says so first and places its targets under this lock, so that what is wanted somewhere is not deleted, or is placed anew.</summary>
    public async Task DropAsync(JobKey job, SharedSchedule.AgreeEverywhere agree, CancellationToken cancellationToken)
    {
        await using var turn = await LockAsync(cancellationToken);
        if (await agree(cancellationToken))
        {
            await scheduler.DeleteJob(job, cancellationToken);
            setup.Log.Dropped(job.Name);
            return;
        }

        setup.Log.NotOurs(job.Name);
    }

    private ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken) => ((PostgresStateStore)setup.State).LockScheduleAsync(cancellationToken);

    private async ValueTask<List<ICronTrigger>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await scheduler.GetTriggers([.. setup.Shared.Select(target => new TriggerKey(target.Target.Name, Tick))], cancellationToken)).OfType<ICronTrigger>()];

    // By our schedule: by another one, of a node with another configuration, it may be right.
    private bool IsFarOff(ICronTrigger trigger) => _ticks.IsOf(trigger) && trigger.NextFireTimeUtc > _ticks.NextAfter(setup.Time.GetUtcNow() + ClocksDiffer);

    private static HashSet<string> NamesOf(IEnumerable<ICronTrigger> triggers) => triggers.Select(trigger => trigger.Key.Name).ToHashSet(StringComparer.Ordinal);

    private async Task ReplaceAsync(Func<string, bool> concerns, Func<TargetConfig, IReadOnlyCollection<ITrigger>> triggers, CancellationToken cancellationToken)
    {
        var jobs = setup.Shared.Where(target => concerns(target.Target.Name)).ToDictionary(JobOf, triggers);
        if (jobs.Count > 0)
        {
            await scheduler.ScheduleJobs(jobs, ScheduleJobOptions.Replacing, cancellationToken);
        }
    }

    private static IJobDetail JobOf(TargetConfig target) =>
        JobBuilder.Create<SharedSchedule.SharedJob>().WithIdentity(new JobKey(target.Target.Name, Tick)).DisallowConcurrentExecution().RequestRecovery().StoreDurably().Build();

    private ITrigger TickOf(TargetConfig target) => _ticks.TriggerOf(new TriggerKey(target.Target.Name, Tick), new JobKey(target.Target.Name, Tick));

    private ITrigger NowOf(TargetConfig target, RunTrigger trigger) => TriggerBuilder.Create(setup.Time)
        .WithIdentity(new TriggerKey(target.Target.Name, trigger.ToString()))
        .ForJob(new JobKey(target.Target.Name, Tick))
        .StartNow()
        .Build();
}
