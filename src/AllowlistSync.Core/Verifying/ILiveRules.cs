using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Verifying;

/// <summary>Reads all packet filter rules of the host that a target is on, of every tool and engine.</summary>
public interface IRuleSetReader
{
    /// <summary>The rules as they stand now, or why they cannot be read; reads nothing that was read since the last change.</summary>
    ValueTask<RuleSetReading> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What became of reading a host's rules.</summary>
/// <param name="Rules">The rules; null when they could not be read.</param>
/// <param name="Problem">Why not; null when they were read.</param>
public sealed record RuleSetReading(ILiveRules? Rules, Finding? Problem);

/// <summary>The rules of a host at one time, as something that can be asked. Immutable.</summary>
public interface ILiveRules
{
    /// <summary>The programs that manage what comes in, told by the rules that they make: <c>ufw</c>, <c>firewalld</c>, <c>csf</c>.</summary>
    ImmutableArray<string> Managers { get; }

    /// <summary>What becomes of some traffic.</summary>
    Proof Prove(TrafficSet traffic, CancellationToken cancellationToken);

    /// <summary>The rules as they will be after a change; null when the change is written in a way that the model does not follow.</summary>
    ILiveRules? After(ChangeScript script);

    /// <summary>What gets in differently, from anywhere, to any port of TCP and UDP, through any interface.</summary>
    SemanticDiff Compare(ILiveRules after, CancellationToken cancellationToken);
}

/// <summary>The difference of two rule sets by what they let in, however their rules are written.</summary>
/// <param name="Opens">What gets in, or may, and did not before.</param>
/// <param name="Closes">What got in, or might, and does not any more.</param>
public sealed record SemanticDiff(TrafficSet Opens, TrafficSet Closes)
{
    /// <summary>No difference.</summary>
    public static SemanticDiff None { get; } = new(TrafficSet.Empty, TrafficSet.Empty);
}
