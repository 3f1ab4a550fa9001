using System.Collections.Immutable;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>What <c>verify</c> found; everything that a renderer needs.</summary>
/// <param name="RunId">Names the run.</param>
/// <param name="At">When it began.</param>
/// <param name="Proofs">One for each target.</param>
public sealed record VerifyReport(string RunId, DateTimeOffset At, ImmutableArray<ProofReport> Proofs)
{
    /// <summary>Whether what is unknown counts as blocked.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What was read, for people: <c>the live rule set</c>, or the names of files.</summary>
    public required string Subject { get; init; }

    /// <summary>Rules that may exist and were not read; the doubts of each unknown piece tell of them too.</summary>
    public ImmutableArray<string> Gaps { get; init; } = [];

    /// <summary>Bans that keep out something of what is wanted, whatever the rules let in; one for each target that holds bans.</summary>
    public ImmutableArray<TargetBans> Bans { get; init; } = [];

    /// <summary>What else the reader of the report should know.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>How long each tool took to print its rules; empty for files.</summary>
    public ImmutableArray<CollectionTime> Collection { get; init; } = [];

    /// <summary>The exit code of the program: what is blocked or banned is a difference, and what is unknown is one when that was asked for.</summary>
    public int ExitCode => Has(ReachabilityVerdict.Blocked) || Bans.Any(target => !target.Bans.IsEmpty) || (IsStrict && (Has(ReachabilityVerdict.Unknown) || Bans.Any(target => target.Problem is not null)))
        ? ExitCodes.Differences
        : ExitCodes.Ok;

    /// <summary>The cells of all matrices that are entirely accepted, that hold blocked traffic, and that hold unknown but no blocked traffic.</summary>
    public (int Accepted, int Blocked, int Unknown) Count()
    {
        var cells = Proofs.SelectMany(proof => proof.Matrix.Cells).ToList();
        var blocked = cells.Count(cell => cell.Has(ReachabilityVerdict.Blocked));
        var accepted = cells.Count(cell => cell.Is(ReachabilityVerdict.Accepted));
        return (accepted, blocked, cells.Count - accepted - blocked);
    }

    private bool Has(ReachabilityVerdict verdict) => Proofs.Any(proof => proof.Matrix.Cells.Any(cell => cell.Has(verdict)));
}

/// <summary>How long a tool took to print its rules.</summary>
/// <param name="Command">As a person would write it.</param>
/// <param name="Elapsed">How long.</param>
/// <param name="Bytes">How much it printed.</param>
public sealed record CollectionTime(string Command, TimeSpan Elapsed, int Bytes);
