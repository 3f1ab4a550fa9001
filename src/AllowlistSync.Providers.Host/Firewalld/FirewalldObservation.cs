using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>Turns what is in firewalld into what it means: what is in force is what is allowed, and a permanent configuration that says otherwise is a flaw. Pure.</summary>
internal static class FirewalldObservation
{
    public static ObservedState Of(FirewalldState state, FirewalldMark mark) => new()
    {
        Existence = Exists(state) ? Existence.Present : Existence.Absent,
        Allowed = state.Runtime.Traffic,
        Foreign = Foreign(state),
        Defects = Exists(state) ? Defects(state, mark) : [],
        Findings = Findings(state),
        Revision = Revision(state),
        Native = state,
    };

    // An empty set or policy in force cannot be taken out before a reload, and lets nobody in.
    private static bool Exists(FirewalldState state) =>
        !state.Permanent.Sets.IsEmpty || !state.Permanent.Rules.IsEmpty || state.Permanent.HasPolicy || !state.Runtime.Rules.IsEmpty || state.Runtime.Sets.Any(set => !set.Entries.IsEmpty);

    // A flaw is what an apply of the very same traffic would change.
    private static ImmutableArray<Defect> Defects(FirewalldState state, FirewalldMark mark)
    {
        var (permanent, runtime) = (state.Permanent.Traffic, state.Runtime.Traffic);
        var defects = ImmutableArray.CreateBuilder<Defect>();
        if (!state.Permanent.Strays.IsEmpty || !state.Runtime.Strays.IsEmpty)
        {
            var strays = state.Permanent.Strays.Concat(state.Runtime.Strays).Select(placed => placed.Place.ToString()).Distinct(StringComparer.Ordinal);
            defects.Add(new Defect("ours-elsewhere", $"what an earlier configuration of this target made still stands elsewhere ({string.Join(", ", strays)}); it is taken out"));
        }

        if (runtime.IsEmpty)
        {
            return permanent.IsEmpty ? defects.ToImmutable() : [.. defects, new Defect("not-in-force", "our permanent configuration lets traffic in, and nothing of it is in force; it is put into force")];
        }

        var steps = FirewalldWriter.Steps(state, FirewalldGoal.Of(runtime), mark);
        if (steps.Any(step => step.IsPermanent))
        {
            defects.Add(new Defect("permanent-apart", $"our permanent configuration is not what is in force ({Difference(permanent, runtime)}): the next reload or start would change what gets in; it is written anew"));
        }

        if (steps.Any(step => !step.IsPermanent) && state.Runtime.Strays.IsEmpty)
        {
            defects.Add(new Defect("runtime-edited", "rules or sets of ours that are in force were changed by hand, or an earlier run was interrupted; they are put in order"));
        }

        return defects.ToImmutable();
    }

    private static string Difference(TrafficSet permanent, TrafficSet runtime) => permanent.Equals(runtime)
        ? "the same is let in, but sets, rules or descriptions differ"
        : $"{runtime.Except(permanent).Entries().Length} entries are missing in it, {permanent.Except(runtime).Entries().Length} are too many";

    private static ImmutableArray<Finding> Foreign(FirewalldState state) =>
    [
        .. state.Permanent.Borrowers.Concat(state.Runtime.Borrowers).Distinct(StringComparer.Ordinal).Select(rule => new Finding(
            "foreign-rule", Severity.Warning, $"a rule of somebody else uses a set of ours and is left alone: {rule}", "give it a set of its own: what our sets hold is ours to change")),
    ];

    private static ImmutableArray<Finding> Findings(FirewalldState state)
    {
        var loose = state.Runtime.Rules.Count(placed => placed.Rule.Source is not null);
        var isPending = loose > 0 && !state.Permanent.Sets.IsEmpty && state.Runtime.Sets.IsEmpty;
        return isPending
            ? [new Finding("reload-pending", Severity.Info, $"{loose} rules by address let our traffic in until firewalld is reloaded or started again; then the permanent sets take over", "nothing needs doing; `firewall-cmd --reload` when it suits you makes later changes faster (it stops new connections for some 0.1 s)")]
            : [];
    }

    private static string Revision(FirewalldState state)
    {
        var text = new StringBuilder(state.Around).Append('\n').Append(state.Place).Append('\n');
        foreach (var side in new[] { state.Permanent, state.Runtime })
        {
            text.Append(side.HasPolicy).Append(side.IsPolicySound).AppendJoin(',', side.Places).Append('\n');
            foreach (var set in side.Sets)
            {
                text.Append(set.Name).Append(set.IsSound).Append(set.Place).Append(' ').AppendJoin(' ', set.Entries.Prefixes()).Append('\n');
            }

            text.AppendJoin('\n', side.Rules.Select(placed => $"{placed.Place} {placed.Rule}").Order(StringComparer.Ordinal)).Append('\n');
            text.AppendJoin('\n', side.Borrowers.Order(StringComparer.Ordinal)).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
