using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Reachability.Proving;
using Shouldly;

namespace AllowlistSync.Conformance;

/// <summary>What a case works with: a fresh real target, the provider on it, and the whole pipeline with a state directory of its own.</summary>
public sealed class ConformanceContext : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-conformance-");

    // A machine that is busy with other things needed more than the usual half minute.
    private static readonly TimeSpan KillPatience = TimeSpan.FromMinutes(3);

    private string _foreign = "";

    private ConformanceContext(IConformanceHarness harness, IConformanceTarget subject)
    {
        Harness = harness;
        Subject = subject;
        Tap = new HostTap(subject.Host) { IsWrite = subject.IsWrite };
        Provider = harness.Registration.Create(subject.Settings, new ProviderPlace(Tap, new ChainModel()));
        Program = new Installation(StateDirectory("state"), Time);
        Target = NewTarget("als-test", "web");
    }

    /// <summary>The harness.</summary>
    public IConformanceHarness Harness { get; }

    /// <summary>The real target.</summary>
    public IConformanceTarget Subject { get; }

    /// <summary>Between the provider and its host.</summary>
    public HostTap Tap { get; }

    /// <summary>The provider, on <see cref="Tap"/>.</summary>
    public IFirewallProvider Provider { get; }

    /// <summary>The program that keeps the target.</summary>
    public Installation Program { get; }

    /// <summary>The target as the configuration has it.</summary>
    public Target Target { get; set; }

    /// <summary>The clock of the program.</summary>
    public ManualTime Time { get; } = new();

    /// <summary>Starts a target.</summary>
    public static async Task<ConformanceContext> StartAsync(IConformanceHarness harness, CancellationToken cancellationToken)
    {
        var context = new ConformanceContext(harness, await harness.StartAsync(cancellationToken));
        await context.RebaseAsync(cancellationToken);
        return context;
    }

    /// <summary>A directory of a further installation.</summary>
    public string StateDirectory(string name) => Path.Combine(_directory.FullName, name);

    /// <summary>A target of the configuration.</summary>
    public Target NewTarget(string owner, string name) => new()
    {
        Name = name,
        Provider = Harness.Registration.Descriptor.Name,
        Allow = [ListSource.SourceName],
        Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)),
        Owner = Owner.TryCreate(owner, out var made) ? made : throw new ArgumentException("not an owner", nameof(owner)),
    };

    /// <summary>One run that applies.</summary>
    public Task<TargetReport> ApplyAsync(ImmutableArray<IpPrefix> list, CancellationToken cancellationToken) =>
        Program.RunAsync(Provider, Target, list, Installation.Apply(), cancellationToken);

    /// <summary>One run that looks.</summary>
    public Task<TargetReport> LookAsync(ImmutableArray<IpPrefix> list, CancellationToken cancellationToken) =>
        Program.RunAsync(Provider, Target, list, Installation.Look(), cancellationToken);

    /// <summary>
    /// What an interrupted change may leave: the old state or the new one; of each family the one or the other where families are changed one after the other; and
    /// where entries are, at least all that is in both, and nothing that is in neither.
    /// </summary>
    public void DemandOldOrNew(TrafficSet old, TrafficSet now, TrafficSet fresh, string what)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(now);
        var isRight = Provider.Descriptor.Atomicity switch
        {
            Atomicity.Transaction or Atomicity.Rebuild => now.Equals(old) || now.Equals(fresh),
            Atomicity.TransactionPerFamily => Enum.GetValues<IpFamily>().All(family => now.Only(family).Equals(old.Only(family)) || now.Only(family).Equals(fresh.Only(family))),
            _ => old.Intersect(fresh).Except(now).IsEmpty && now.Except(old.Union(fresh)).IsEmpty,
        };
        isRight.ShouldBeTrue(what);
    }

    /// <summary>An apply in a process of its own that is killed at one of the things that it does; what it was, for messages.</summary>
    public async Task<string> KillAsync(int operation, bool afterwards, ImmutableArray<IpPrefix> list, CancellationToken cancellationToken)
    {
        string[] argv =
        [
            Path.Combine(AppContext.BaseDirectory, "CrashHost"),
            "apply",
            Harness.Registration.Descriptor.Name,
            Program.State.Place,
            $"{(afterwards ? "after" : "before")}:{operation}",
            "0",
            string.Join(',', list),
            .. SettingArguments.Write(Subject.Settings),
        ];
        var killed = await Subject.Sandbox.RunAsync(argv, timeout: KillPatience, ct: cancellationToken);
        var what = $"killed {(afterwards ? "after" : "before")} operation {operation}: {killed.StdOut}{killed.StdErr}";
        killed.ExitCode.ShouldBe(137, what);
        return what;
    }

    /// <summary>Acts before everything that changes the target, until the tap is reset.</summary>
    public void BeforeWrites(Func<Task> act)
    {
        Tap.Before = async (_, command) =>
        {
            await (Subject.IsWrite(command) ? act() : Task.CompletedTask);
            return null;
        };
        Tap.BeforeOther = (_, operation) => operation.Changes ? act() : Task.CompletedTask;
    }

    /// <summary>
    /// Acts before the first thing that changes the target or takes a lock of its tool, until the tap is reset: whoever keeps to that lock comes before it is taken, or waits.
    /// </summary>
    public void BeforeWritesAndLocks(Func<Task> act)
    {
        BeforeWrites(act);
        Tap.BeforeOther = (_, operation) => operation is { Changes: true } or FileUse { Verb: "lock" } ? act() : Task.CompletedTask;
    }

    /// <summary>Makes a foreign change, and takes what is foreign afterwards for what must stay.</summary>
    public async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken)
    {
        await Subject.ChangeAsync(change, cancellationToken);
        await RebaseAsync(cancellationToken);
    }

    /// <summary>What is foreign now must stay.</summary>
    public async Task RebaseAsync(CancellationToken cancellationToken) => _foreign = await Subject.ForeignAsync(cancellationToken);

    /// <summary>Applies, and looks at the state that was reached.</summary>
    public async Task<TargetReport> ReachAsync(ImmutableArray<IpPrefix> list, CancellationToken cancellationToken)
    {
        var report = await ApplyAsync(list, cancellationToken);
        report.Error.ShouldBeNull();
        report.Refusals.ShouldBeEmpty();
        report.Status.ShouldBeOneOf(TargetStatus.Applied, TargetStatus.InSync);
        await DemandAsync(list, cancellationToken);
        return report;
    }

    /// <summary>Takes ourselves out: the state before us.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        var report = await Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), cancellationToken);
        report.Error.ShouldBeNull();
        report.Status.ShouldBeOneOf(TargetStatus.Applied, TargetStatus.InSync);
        var observed = await Provider.ReadAsync(Target, cancellationToken);
        observed.Existence.ShouldBe(Existence.Absent);
        observed.Allowed.ShouldBe(TrafficSet.Empty);
        (await Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), cancellationToken)).Status.ShouldBe(TargetStatus.InSync);
        await DemandForeignAsync(cancellationToken);
    }

    /// <summary>The target holds exactly the list, a second plan is empty, and what is foreign is the same byte for byte.</summary>
    public async Task DemandAsync(ImmutableArray<IpPrefix> list, CancellationToken cancellationToken)
    {
        // A plan that is empty says the same; where a look takes seconds, that has to do.
        if (!Harness.IsSlow)
        {
            var prepared = (await PrepareAsync(list, cancellationToken)).Desired;
            var observed = await Provider.ReadAsync(Target, cancellationToken);
            observed.Allowed.Union(observed.AllowedByOthers.Intersect(prepared.Traffic)).ShouldBe(prepared.Traffic);
            observed.Defects.ShouldBeEmpty();
        }

        var look = await LookAsync(list, cancellationToken);
        look.Error.ShouldBeNull();
        look.Status.ShouldBe(TargetStatus.InSync);
        look.Plan!.IsEmpty.ShouldBeTrue();
        await DemandForeignAsync(cancellationToken);
    }

    /// <summary>What is foreign is the same, byte for byte.</summary>
    public async Task DemandForeignAsync(CancellationToken cancellationToken) =>
        (await Subject.ForeignAsync(cancellationToken)).ShouldBe(_foreign);

    /// <summary>A list as the target can hold it.</summary>
    public async Task<Preparation> PrepareAsync(ImmutableArray<IpPrefix> list, CancellationToken cancellationToken) =>
        await Provider.PrepareAsync(await Program.WishAsync(Target, list, cancellationToken), cancellationToken);

    /// <summary>What the target lets in because of us.</summary>
    public async Task<TrafficSet> AllowedAsync(CancellationToken cancellationToken) => (await Provider.ReadAsync(Target, cancellationToken)).Allowed;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Subject.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
