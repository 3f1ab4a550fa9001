using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>How a target came out of a run.</summary>
public enum TargetStatus
{
    /// <summary>It lets in exactly what it should.</summary>
    InSync,

    /// <summary>It differs, and nothing was to be changed (or a person said no).</summary>
    Differs,

    /// <summary>It was changed, read back, and agrees.</summary>
    Applied,

    /// <summary>A safety rule said no; nothing was changed.</summary>
    Refused,

    /// <summary>Something failed.</summary>
    Failed,

    /// <summary>Another run works on it.</summary>
    Locked,
}

/// <summary>A failure, for people and for JSON.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Aftermath">What it left behind.</param>
/// <param name="Message">What happened.</param>
/// <param name="Remedy">What to do.</param>
public sealed record TargetError(FailureKind Kind, Aftermath Aftermath, string Message, string Remedy)
{
    /// <summary>The failure that a provider threw.</summary>
    public static TargetError From(ProviderException failure) => new(failure.Kind, failure.Aftermath, failure.Message, failure.Remedy);
}

/// <summary>What happened to one target.</summary>
public sealed record TargetReport
{
    /// <summary>The target.</summary>
    public required Target Target { get; init; }

    /// <summary>How it came out.</summary>
    public required TargetStatus Status { get; init; }

    /// <summary>The plan; null when the target could not be read.</summary>
    public Plan? Plan { get; init; }

    /// <summary>The plan that a person may approve in spite of a source's refusal.</summary>
    public Plan? IfAccepted { get; init; }

    /// <summary>True when a person approved <see cref="IfAccepted"/> by its fingerprint; it is then <see cref="Plan"/>.</summary>
    public bool Overrides { get; init; }

    /// <summary>Why the plan was not carried out.</summary>
    public ImmutableArray<Refusal> Refusals { get; init; } = [];

    /// <summary>What the operator should know besides the plan's own findings.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>What the change does, or would do, to what gets in, and whether the wanted traffic gets in with it.</summary>
    public Rehearsal Rehearsal { get; init; } = Rehearsal.None;

    /// <summary>What was done.</summary>
    public ImmutableArray<string> Actions { get; init; } = [];

    /// <summary>Until when the change must be confirmed.</summary>
    public DateTimeOffset? ConfirmBy { get; init; }

    /// <summary>The failure.</summary>
    public TargetError? Error { get; init; }

    /// <summary>What should be let in, when it could not be compared with what is.</summary>
    public TrafficSet? Wanted { get; init; }
}
