using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres;
using Npgsql;
using Quartz;
using Quartz.Extensibility;

namespace AllowlistSync.Daemon;

/// <summary>
/// When targets are run that all nodes share: Quartz's clustered store in the same database. Each firing is carried out by one node; what a node had begun when it died another begins anew after
/// <see cref="CheckIn"/> and <see cref="Patience"/>. Firings are kept over restarts, so what was missed while every node was down is made up for once.
/// </summary>
internal sealed class SharedSchedule : IAsyncDisposable
{
    /// <summary>How often a node says to the others that it lives.</summary>
    public static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(5);

    /// <summary>After this much silence beyond the check-in its work is taken over: longer than its leases last.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const string Tick = "tick";
    private const string Prefix = "allowlist_sync.qrtz_";
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    private readonly DaemonSetup _setup;
    private readonly CronExpression _cron;
    private readonly StandaloneSchedulerFactory _factory;

    private SharedSchedule(DaemonSetup setup, RunShared run)
    {
        _setup = setup;
        _cron = new CronExpression(setup.Config.Schedule.Cron, setup.Config.Schedule.TimeZone);
        _factory = QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options =>
            {
                // A process that takes the place of one that was killed is another member: the other's work is then taken over, and not taken for its own.
                (options.InstanceName, options.InstanceId) = ("allowlist-sync", $"{setup.Node}-{Environment.ProcessId}-{setup.Time.GetUtcNow():HHmmss}");
                (options.IdleWaitTime, options.MaxBatchSize) = (Idle, 2);
            })
            .UseDefaultThreadPool(DaemonSetup.Parallelism)
            .UseTimeProvider(setup.Time)
            .UseJobFactory(new SharedJobs(setup, run))
            .UsePersistentStore(store =>
            {
                // The driver is named by its factory, which survives trimming.
                store.UsePostgres(NpgsqlFactory.Instance, setup.Database!.RevealConnection());
                store.UseSystemTextJsonSerializer();
                store.ProvisionSchema();
                store.ConfigureStore(options => (options.TablePrefix, options.StoreJobDataAsStrings, options.DbRetryInterval) = (Prefix, true, CheckIn));
                store.UseClustering(cluster => (cluster.CheckinInterval, cluster.CheckinMisfireThreshold) = (CheckIn, Patience));
            })).Build();
    }

    /// <summary>Runs a target whose time has come; returns when the run has ended, and throws when it was not begun.</summary>
    public delegate Task RunShared(TargetConfig target, RunTrigger trigger, DateTimeOffset due);

    /// <summary>The next run, by whichever node.</summary>
    public DateTimeOffset? Next => _cron.GetNextValidTimeAfter(_setup.Time.GetUtcNow());

    /// <summary>Takes part in the schedule of all nodes.</summary>
    public static async Task<SharedSchedule> StartAsync(DaemonSetup setup, RunShared run, CancellationToken cancellationToken)
    {
        var schedule = new SharedSchedule(setup, run);
        try
        {
            var scheduler = await schedule._factory.GetScheduler(cancellationToken);
            await schedule.PlaceAsync(scheduler, cancellationToken);
            await scheduler.Start(cancellationToken);
            return schedule;
        }
        catch (SchedulerException failure)
        {
            await schedule._factory.DisposeAsync();
            throw new StateException($"{setup.Database!.Place}: the schedule of the nodes cannot be kept there: {failure.GetBaseException().Message}", "see the log of PostgreSQL, and let the user of the connection string own the database", failure);
        }
    }

    /// <summary>Runs all once, now, by whichever node; a run that waits already is not asked for twice.</summary>
    public async Task AskAsync(RunTrigger trigger, CancellationToken cancellationToken)
    {
        var scheduler = await _factory.GetScheduler(cancellationToken);
        await scheduler.ScheduleJobs(_setup.Shared.ToDictionary(JobOf, target => (IReadOnlyCollection<ITrigger>)[TickOf(target), NowOf(target, trigger)]), ScheduleJobOptions.Replacing, cancellationToken);
    }

    /// <summary>Nothing is started here any more; the other nodes go on.</summary>
    public async ValueTask DisposeAsync()
    {
        var scheduler = await _factory.GetScheduler(CancellationToken.None);
        await scheduler.Shutdown(waitForJobsToComplete: false, CancellationToken.None);
        await _factory.DisposeAsync();
    }

    // One node at a time. What stands there already is left, as it knows which firings were missed; what is new is run at once, by whichever node. All have one schedule and are placed in one transaction, so one of
    // them tells whether it was changed.
    private async Task PlaceAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        await using var turn = await ((PostgresStateStore)_setup.State).LockScheduleAsync(cancellationToken);
        var known = (await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.GroupEquals(Tick), cancellationToken)).Select(key => key.Name).ToHashSet(StringComparer.Ordinal);
        var fresh = _setup.Shared.Where(target => !known.Contains(target.Target.Name)).ToList();
        var old = _setup.Shared.Except(fresh).ToList();
        if (old.Count > 0 && await scheduler.GetTrigger(new TriggerKey(old[0].Target.Name, Tick), cancellationToken) is ICronTrigger stands && !IsAsConfigured(stands))
        {
            await scheduler.ScheduleJobs(old.ToDictionary(JobOf, target => (IReadOnlyCollection<ITrigger>)[TickOf(target)]), ScheduleJobOptions.Replacing, cancellationToken);
        }

        if (fresh.Count > 0)
        {
            await scheduler.ScheduleJobs(fresh.ToDictionary(JobOf, target => (IReadOnlyCollection<ITrigger>)[TickOf(target), NowOf(target, RunTrigger.Start)]), ScheduleJobOptions.Replacing, cancellationToken);
        }
    }

    private static IJobDetail JobOf(TargetConfig target) =>
        JobBuilder.Create<SharedJob>().WithIdentity(new JobKey(target.Target.Name, Tick)).DisallowConcurrentExecution().RequestRecovery().StoreDurably().Build();

    private ITrigger TickOf(TargetConfig target) => TriggerBuilder.Create(_setup.Time)
        .WithIdentity(new TriggerKey(target.Target.Name, Tick))
        .ForJob(new JobKey(target.Target.Name, Tick))
        .WithSchedule(CronScheduleBuilder.Create(_cron).InTimeZone(_setup.Config.Schedule.TimeZone).WithMisfireInstruction(CronTriggerMisfireInstruction.FireAndProceed))
        .Build();

    private ITrigger NowOf(TargetConfig target, RunTrigger trigger) => TriggerBuilder.Create(_setup.Time)
        .WithIdentity(new TriggerKey(target.Target.Name, trigger.ToString()))
        .ForJob(new JobKey(target.Target.Name, Tick))
        .StartNow()
        .Build();

    private bool IsAsConfigured(ICronTrigger trigger) => trigger.CronExpressionString == _cron.CronExpressionString && trigger.TimeZone.Id == _setup.Config.Schedule.TimeZone.Id;

    /// <summary>Makes jobs by hand, so that no container and no reflection is needed.</summary>
    private sealed class SharedJobs(DaemonSetup setup, RunShared run) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new JobScope(new SharedJob(setup, run), null));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    private sealed class SharedJob(DaemonSetup setup, RunShared run) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var name = context.JobDetail.Key.Name;
            var trigger = Enum.TryParse<RunTrigger>(context.Trigger.Key.Group, out var asked) ? asked : RunTrigger.Schedule;
            if (setup.Shared.FirstOrDefault(target => target.Target.Name == name) is { } known)
            {
                await run(known, trigger, context.ScheduledFireTimeUtc ?? context.FireTimeUtc);
                return;
            }

            setup.Log.NotOurs(name);
        }
    }
}
