using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core;

/// <summary>What a run is for.</summary>
public enum RunPurpose
{
    /// <summary>Look; write nothing.</summary>
    Look,

    /// <summary>Make targets as they should be.</summary>
    Apply,

    /// <summary>Take everything of ours out.</summary>
    Remove,
}

/// <summary>Asks a person; never asks in a run without a terminal.</summary>
public delegate ValueTask<bool> AskPerson(Plan plan, CancellationToken cancellationToken);

/// <summary>How a run is to be done; the same for all its targets.</summary>
public sealed record RunOptions
{
    /// <summary>Names the run.</summary>
    public required string RunId { get; init; }

    /// <summary>What it is for.</summary>
    public required RunPurpose Purpose { get; init; }

    /// <summary>Fingerprints that a person approved; when there are any, only plans so named are carried out.</summary>
    public ImmutableArray<string> Accepted { get; init; } = [];

    /// <summary>The plans of a plan file, by target; null without one. A target is changed only by the plan that stands there.</summary>
    public ImmutableDictionary<string, string>? Expected { get; init; }

    /// <summary>Undo the change unless it is confirmed in time.</summary>
    public TimeSpan? ConfirmWithin { get; init; }

    /// <summary>Asks before a change; null when nobody is there to ask.</summary>
    public AskPerson? Ask { get; init; }
}

/// <summary>One target of a run.</summary>
/// <param name="Target">The target.</param>
/// <param name="Provider">Its provider.</param>
/// <param name="Sources">What became of the sources that it allows.</param>
/// <param name="Options">How the run is to be done.</param>
public sealed record TargetRequest(Target Target, IFirewallProvider Provider, ImmutableArray<SourceOutcome> Sources, RunOptions Options)
{
    /// <summary>Reads all rules of the target's host, so that what gets in can be proved; null when that is not done.</summary>
    public IRuleSetReader? Rules { get; init; }

    /// <summary>True when the run may change this target. In mode propose a person approves each plan by its fingerprint, in a pull request or at a shell, and nothing else is done.</summary>
    public bool Writes => Options.Purpose == RunPurpose.Remove || (Options.Purpose == RunPurpose.Apply && Target.Mode switch
    {
        TargetMode.Apply => true,
        TargetMode.Propose => !Options.Accepted.IsEmpty,
        _ => false,
    });
}
