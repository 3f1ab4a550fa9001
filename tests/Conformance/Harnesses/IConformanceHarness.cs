using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What somebody else may do to a target.</summary>
public enum ForeignChange
{
    /// <summary>Everything of ours is taken out, by hand.</summary>
    RemoveOurs,

    /// <summary>Something that blocks is put ahead of our entries.</summary>
    BlockAhead,

    /// <summary>The firewall is emptied and its owner's configuration is loaded again.</summary>
    Reload,

    /// <summary>The host is started again: what is in force is made of the permanent configuration.</summary>
    Reboot,

    /// <summary>The operator does what we wait for, such as a reload that puts into force what could be made permanently only; nothing where we wait for nothing.</summary>
    Settle,

    /// <summary>The place where our entries belong is taken away.</summary>
    RemovePlace,

    /// <summary>A stranger makes something under a name of ours, or puts entries where only ours should be.</summary>
    TakeOurName,

    /// <summary>An entry with a tag of its own is put among ours, inside of what <see cref="Lists.Small"/> wants and outside of it.</summary>
    TagEntries,

    /// <summary>Something that the provider cannot read is put among our entries.</summary>
    AddUnreadable,

    /// <summary>The target is told to hold no more than two prefixes of a family.</summary>
    LimitToTwo,

    /// <summary>The operator adds something of his own beside us.</summary>
    Edit,
}

/// <summary>Why a target cannot be read.</summary>
public enum Breakage
{
    /// <summary>The tool is not installed.</summary>
    ToolMissing,

    /// <summary>The user may not.</summary>
    NoPermission,

    /// <summary>The tool says something that is not its language.</summary>
    Garbage,

    /// <summary>The tool says nothing and that it went well.</summary>
    Silence,

    /// <summary>Half of the answer is lost.</summary>
    HalfAnswer,
}

/// <summary>Lets the suite work with one provider (in one of its ways). A provider's test code is only this.</summary>
public interface IConformanceHarness
{
    /// <summary>The provider and its way.</summary>
    string Name { get; }

    /// <summary>The provider.</summary>
    ProviderRegistration Registration { get; }

    /// <summary>The programs that it needs; without one of them its cases are skipped with that reason.</summary>
    ImmutableArray<string> Programs { get; }

    /// <summary>The cases that it cannot do in this way; each is declared in the provider's descriptor too.</summary>
    ImmutableArray<string> Gaps { get; }

    /// <summary>True where looks or changes take so long that hundreds of trials would take minutes: the suite then has a smaller budget of trials, see <see cref="Cases.Trials"/>.</summary>
    bool IsSlow => false;

    /// <summary>A fresh real target that holds things of others and nothing of ours.</summary>
    Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken);
}

/// <summary>A real target, for one case.</summary>
public interface IConformanceTarget : IAsyncDisposable
{
    /// <summary>The real host.</summary>
    Sandbox Sandbox { get; }

    /// <summary>The host that the provider works on.</summary>
    IHost Host { get; }

    /// <summary>The settings of the target.</summary>
    ProviderSettings Settings { get; }

    /// <summary>The settings of a target beside it that cannot hold IPv6.</summary>
    ProviderSettings IPv4Only { get; }

    /// <summary>Connects from anywhere to ports 22, 80, 443 and 8443 of the host.</summary>
    PacketClient Client { get; }

    /// <summary>True when a command of the provider changes the target.</summary>
    bool IsWrite(HostCommand command);

    /// <summary>All that is not ours, as text that only differs when somebody changed it.</summary>
    Task<string> ForeignAsync(CancellationToken cancellationToken);

    /// <summary>Does what somebody else may do.</summary>
    Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken);

    /// <summary>The same host, broken.</summary>
    Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken);
}
