using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>What a run knows when it proposes.</summary>
public sealed record ProposalContext
{
    /// <summary>What became of the lists, by name.</summary>
    public required IReadOnlyDictionary<string, SourceOutcome> Lists { get; init; }

    /// <summary>The targets whose change waits for a pull request (mode propose), as a look found them.</summary>
    public ImmutableArray<TargetReport> Targets { get; init; } = [];

    /// <summary>Those plans of the targets that may be approved.</summary>
    public IEnumerable<ApprovedPlan> Plans => Acceptable.Select(target => new ApprovedPlan(target.Target.Name, target.Plan!.Fingerprint));

    /// <summary>The targets whose plan may be approved.</summary>
    internal IEnumerable<TargetReport> Acceptable => Targets.Where(target => target is { Status: TargetStatus.Differs, Plan.IsEmpty: false });

    /// <summary>True when nothing is to be written anywhere.</summary>
    public bool IsLook { get; init; }

    /// <summary>The command that shows the same on somebody's own machine.</summary>
    public string Command { get; init; } = "allowlist-sync propose --dry-run";

    /// <summary>Says how the traffic fares before and after, when a changed file is a rule set; a Markdown line each, none when it is not.</summary>
    public Func<FileChange, PrefixSet, CancellationToken, ValueTask<ImmutableArray<string>>> Prove { get; init; } = (_, _, _) => ValueTask.FromResult<ImmutableArray<string>>([]);

    /// <summary>The ranges of a place.</summary>
    public PrefixSet Wanted(ProposalFile file) => file.Allow.Select(name => Lists[name].InForce!.Ranges).Aggregate(PrefixSet.Empty, (all, ranges) => all.Union(ranges));

    /// <summary>The names of the lists of a proposal: of its files and, where it has a plan file, of the targets.</summary>
    public IEnumerable<string> ListsOf(ProposalSpec spec) => spec.Files.SelectMany(file => file.Allow)
        .Concat(spec.PlanFile is null ? [] : Targets.SelectMany(target => target.Target.Allow)).Distinct(StringComparer.Ordinal);

    /// <summary>A list without which nothing is proposed: a proposal that lacks one of its lists would close doors.</summary>
    public Finding? MissingList(ProposalSpec spec)
    {
        var missing = ListsOf(spec).FirstOrDefault(name => Lists.GetValueOrDefault(name)?.InForce is null);
        return missing is null ? null : new Finding("no-list", Severity.Problem, $"source {missing} has no list that may be used; nothing was proposed", Lists.GetValueOrDefault(missing)?.Refusals.FirstOrDefault()?.WayOut ?? "let this machine reach the source once");
    }
}
