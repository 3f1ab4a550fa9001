using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.State;

/// <summary>Why a target was run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunTrigger>))]
public enum RunTrigger
{
    /// <summary>The daemon started: with what was believed before, without waiting for a network.</summary>
    Start,

    /// <summary>Its time had come.</summary>
    Schedule,

    /// <summary>Something changed on the host.</summary>
    Drift,

    /// <summary>The configuration was read again.</summary>
    Reload,
}

/// <summary>How one run of one target ended, as it is kept: small, whatever the size of its lists.</summary>
public sealed record RunRecord
{
    /// <summary>How many prefixes of a change, and how many cells of a proof, are kept; the counts stay true.</summary>
    public const int Kept = 200;

    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>The node that ran it.</summary>
    public required string Node { get; init; }

    /// <summary>Why.</summary>
    public required RunTrigger Trigger { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>Its provider.</summary>
    public required string Provider { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>The time of the schedule that it was made for; null for a run of another cause.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How it came out, in the words of the JSON of <c>apply</c>: <c>inSync</c>, <c>differs</c>, <c>applied</c>, <c>refused</c>, <c>failed</c>, <c>locked</c>.</summary>
    public required string Status { get; init; }

    /// <summary>True when the change put back what somebody else had changed: the wanted list was the same as in the run before.</summary>
    public bool IsRepair { get; init; }

    /// <summary>Prefixes that were let in, or would be; at most <see cref="Kept"/>.</summary>
    public ImmutableArray<string> Added { get => field.OrEmpty(); init; }

    /// <summary>Prefixes that were taken out, or would be; at most <see cref="Kept"/>.</summary>
    public ImmutableArray<string> Removed { get => field.OrEmpty(); init; }

    /// <summary>How many were let in.</summary>
    public int AddedCount { get; init; }

    /// <summary>How many were taken out.</summary>
    public int RemovedCount { get; init; }

    /// <summary>Defects that were mended besides.</summary>
    public int Repairs { get; init; }

    /// <summary>Bans that were lifted.</summary>
    public int Lifted { get; init; }

    /// <summary>Why nothing was changed: ids and texts of rules.</summary>
    public ImmutableArray<Refusal> Refusals { get => field.OrEmpty(); init; }

    /// <summary>What the operator should know.</summary>
    public ImmutableArray<Finding> Findings { get => field.OrEmpty(); init; }

    /// <summary>What failed; null when nothing did.</summary>
    public Finding? Error { get; init; }

    /// <summary>What gets in, range by range; at most <see cref="Kept"/>, blocked ones first. Empty when nothing was proved.</summary>
    public ImmutableArray<ReachCell> Reach { get => field.OrEmpty(); init; }

    /// <summary>How many pieces were proved accepted, blocked, and neither.</summary>
    public ReachCounts? ReachCounts { get; init; }

    /// <summary>True when the target holds what it should: in sync, or changed so.</summary>
    [JsonIgnore]
    public bool IsGood => Status is "inSync" or "applied";

    /// <summary>True when the run changed the target.</summary>
    [JsonIgnore]
    public bool Changed => Status == "applied";
}

/// <summary>What becomes of some sources on one port.</summary>
/// <param name="From">A prefix or a range.</param>
/// <param name="Port">Port and transport, such as <c>443</c> or <c>443/udp</c>.</param>
/// <param name="Verdict"><c>accepted</c>, <c>blocked</c> or <c>unknown</c>.</param>
/// <param name="VisitorSees">521 or 522 when it is blocked.</param>
/// <param name="Rule">The rule to blame, or the reason of the doubt.</param>
/// <param name="Where">Its place.</param>
public sealed record ReachCell(string From, string Port, string Verdict, int? VisitorSees, string? Rule, string? Where);

/// <summary>A proof in numbers.</summary>
/// <param name="Accepted">Pieces that get in.</param>
/// <param name="Blocked">Pieces that do not.</param>
/// <param name="Unknown">Pieces of which nobody can say.</param>
public sealed record ReachCounts(int Accepted, int Blocked, int Unknown);

/// <summary>A list that became another one.</summary>
public sealed record ListRecord
{
    /// <summary>The source.</summary>
    public required string Source { get; init; }

    /// <summary>True for the first one that was believed: there was none that it could replace.</summary>
    public bool IsFirst { get; init; }

    /// <summary>When it was fetched.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The publisher's digest, where there is one.</summary>
    public string? ETag { get; init; }

    /// <summary>What is new in it; at most <see cref="RunRecord.Kept"/>.</summary>
    public ImmutableArray<string> Added { get => field.OrEmpty(); init; }

    /// <summary>What is no longer in it; at most <see cref="RunRecord.Kept"/>.</summary>
    public ImmutableArray<string> Removed { get => field.OrEmpty(); init; }

    /// <summary>IPv4 prefixes in it.</summary>
    public required int IPv4 { get; init; }

    /// <summary>IPv6 prefixes in it.</summary>
    public required int IPv6 { get; init; }
}

/// <summary>An array that JSON left out is none.</summary>
internal static class MissingArray
{
    public static ImmutableArray<T> OrEmpty<T>(this ImmutableArray<T> array) => array.IsDefault ? [] : array;
}
