using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.CrowdSec;

namespace AllowlistSync.Conformance.Harnesses.CrowdSec;

/// <summary>A crowdsec of the tests.</summary>
public enum CrowdSecKind
{
    /// <summary>The real 1.4.6 of Debian, which has no allowlists.</summary>
    Real,

    /// <summary>A stand-in without allowlists.</summary>
    Old,

    /// <summary>A stand-in with allowlists, as 1.7 has them.</summary>
    New,
}

/// <summary>crowdsec in one of its ways.</summary>
public sealed class CrowdSecHarness(CrowdSecKind kind) : IConformanceHarness
{
    private static readonly ImmutableArray<string> Always = ["A4", "A6", "F1", "L2", "O4", "P2", "S5", "T6"];

    /// <summary>Whether it reads logs and bans; without, it starts in a tenth of the time.</summary>
    public bool ReadsLogs { get; init; }

    /// <summary>Whether a service manager is there.</summary>
    public bool IsManaged { get; init; } = true;

    /// <inheritdoc/>
    public string Name => kind switch
    {
        CrowdSecKind.Real => "crowdsec 1.4.6, parser way",
        CrowdSecKind.Old => "crowdsec stand-in, parser way",
        _ => "crowdsec stand-in, allowlist way",
    };

    /// <inheritdoc/>
    public ProviderRegistration Registration => kind == CrowdSecKind.Old
        ? CrowdSecRegistration.Line with { Create = (_, place) => new CrowdSecProvider(place, new QuickTime()) }
        : CrowdSecRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => kind == CrowdSecKind.Real ? [CrowdSecTarget.RealProgram, "ps", "setsid"] : ["ps", "perl", "setsid"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => kind == CrowdSecKind.New ? Always : [.. Always, "A2", "O1", "R3", "T1", "T5"];

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => await CrowdSecTarget.StartAsync(kind, ReadsLogs, IsManaged, cancellationToken);
}

/// <summary>A clock for a crowdsec that needs no time: whoever waits goes on at once.</summary>
internal sealed class QuickTime : TimeProvider
{
    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : dueTime, period);
}
