using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
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

    private const string Prefix = "allowlist_sync.qrtz_";
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    // How long ticks are silent at most that a wrong clock put far off.
    private static readonly TimeSpan MendEvery = TimeSpan.FromMinutes(1);

    private readonly DaemonSetup _setup;
    private readonly AgreeEverywhere _agree;
    private readonly StandaloneSchedulerFactory _factory;
    private readonly CancellationTokenSource _stop = new();
    private SharedTicks? _ticks;
    private Task _mending = Task.CompletedTask;

    private SharedSchedule(DaemonSetup setup, RunShared run, AgreeEverywhere agree)
    {
        (_setup, _agree) = (setup, agree);
        _factory = QuartzSchedulerBuilder.Create(quartz => quartz
            .ConfigureScheduler(options =>
            {
                // A process that takes the place of one that was killed is another member: the other's work is then taken over, and not taken for its own.
                (options.InstanceName, options.InstanceId) = ("allowlist-sync", $"{setup.Node}-{Environment.ProcessId}-{setup.Time.GetUtcNow():HHmmss}");
                (options.IdleWaitTime, options.MaxBatchSize) = (Idle, 2);
            })
            .UseDefaultThreadPool(setup.Config.Parallelism)
            .UseTimeProvider(setup.Time)
            .UseJobFactory(new SharedJobs(this, run))
            .UseTypeLoader<OneKindOfJob>()
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

    /// <summary>Whether all nodes that live have the configuration of this one.</summary>
    public delegate Task<bool> AgreeEverywhere(CancellationToken cancellationToken);

    /// <summary>The next run, by whichever node.</summary>
    public DateTimeOffset? Next => _ticks?.Next;

    /// <summary>Takes part in the schedule of all nodes.</summary>
    public static async Task<SharedSchedule> StartAsync(DaemonSetup setup, RunShared run, AgreeEverywhere agree, CancellationToken cancellationToken)
    {
        var schedule = new SharedSchedule(setup, run, agree);
        try
        {
            var scheduler = await schedule._factory.GetScheduler(cancellationToken);
            var ticks = new SharedTicks(setup, scheduler);
            await ticks.PlaceAsync(cancellationToken);
            schedule._ticks = ticks;
            await scheduler.Start(cancellationToken);
            schedule._mending = schedule.MendAsync(ticks);
            return schedule;
        }
        catch (SchedulerException failure)
        {
            await schedule._factory.DisposeAsync();
            throw new StateException($"{setup.Database!.Place}: the schedule of the nodes cannot be kept there: {failure.GetBaseException().Message}", "see the log of PostgreSQL, and let the user of the connection string own the database", failure);
        }
    }

    /// <summary>Runs all once, now, by whichever node; a run that waits already is not asked for twice.</summary>
    public Task AskAsync(RunTrigger trigger, CancellationToken cancellationToken) => _ticks!.AskAsync(trigger, cancellationToken);

    /// <summary>Nothing is started here any more; the other nodes go on.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _mending;
        _stop.Dispose();
        var scheduler = await _factory.GetScheduler(CancellationToken.None);
        await scheduler.Shutdown(waitForJobsToComplete: false, CancellationToken.None);
        await _factory.DisposeAsync();
    }

    private async Task MendAsync(SharedTicks ticks)
    {
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(MendEvery, _setup.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await ticks.MendAsync(_stop.Token);
            }
            catch (Exception failure) when (failure is StateException or SchedulerException or OperationCanceledException)
            {
                // The watch of the nodes says when the database is away; this is done again.
                continue;
            }
        }
    }

    /// <summary>Makes jobs by hand, so that no container and no reflection is needed.</summary>
    private sealed class SharedJobs(SharedSchedule schedule, RunShared run) : IJobFactory
    {
        public ValueTask<JobScope> CreateJob(TriggerFiredBundle bundle, IScheduler scheduler, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(new JobScope(new SharedJob(schedule, run), null));

        public ValueTask ReturnJob(JobScope scope, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }

    /// <summary>What the name of a job's class in the database means. Quartz would look it up by reflection, which finds nothing in a program without metadata, and a class that has another name in the next version would stop the ticks of all nodes.</summary>
    private sealed class OneKindOfJob : ITypeLoader
    {
        public Type? LoadType(string? name) => typeof(SharedJob);
    }

    /// <summary>One run of a target, or the end of one that nobody has any more.</summary>
    internal sealed class SharedJob(SharedSchedule schedule, RunShared run) : IJob
    {
        public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
        {
            var name = context.JobDetail.Key.Name;
            var trigger = Enum.TryParse<RunTrigger>(context.Trigger.Key.Group, out var asked) ? asked : RunTrigger.Schedule;
            if (schedule._setup.Shared.FirstOrDefault(target => target.Target.Name == name) is { } known)
            {
                await run(known, trigger, context.ScheduledFireTimeUtc ?? context.FireTimeUtc);
                return;
            }

            await schedule._ticks!.DropAsync(context.JobDetail.Key, schedule._agree, cancellationToken);
        }
    }
}
