using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>
/// Plans the way from what is in force to what shall be. The next list is made in the set that is empty, and the other is emptied when it stands: two calls, however long the list is and
/// however old and new overlap (a set of firewalld takes no entry that overlaps another), and no moment in which a wanted address is shut out. Pure.
/// </summary>
internal static class RuntimeWriter
{
    public static ImmutableArray<FirewalldStep> Steps(FirewalldSide now, FirewalldGoal goal, FirewalldMark mark)
    {
        var draft = new RuntimeDraft(now, mark);
        var kept = new List<OwnRichRule>();
        foreach (var family in Enum.GetValues<IpFamily>())
        {
            var sets = now.Sets.Where(set => set.Family == family && set.IsSound).ToList();
            draft = goal.Exists
                ? Best(Ways(goal, family, sets).Select(way => Go(draft.Copy(), sets, way, goal.Traffic.Only(family), mark)), kept)
                : Clear(draft, sets);
        }

        draft.KeepOnly(kept);
        return [.. draft.Steps];
    }

    // Which set holds what; and what no set holds.
    private static IEnumerable<Way> Ways(FirewalldGoal goal, IpFamily family, List<OwnSet> sets)
    {
        var layout = FirewalldLayout.Of(goal.Traffic, family);
        switch (sets.Count)
        {
            case 0:
                yield return new Way([], goal.Traffic.Only(family));
                break;
            case 1:
                yield return new Way([layout.First], layout.Rest.Union(layout.Second.Traffic));
                break;
            default:
                yield return new Way([layout.First, layout.Second], layout.Rest);
                yield return new Way([layout.Second, layout.First], layout.Rest);
                break;
        }
    }

    private static Attempt Go(RuntimeDraft draft, List<OwnSet> sets, Way way, TrafficSet wanted, FirewalldMark mark)
    {
        draft.AddLoose(way.Loose);
        var parts = sets.Zip(way.Slots).ToList();
        while (parts.Count > 0)
        {
            // First the set of which least is needed while it is filled: an empty one, if there is one.
            var (set, slot) = parts.MinBy(part => Needed(draft, part.First, sets, way, wanted).Entries().Length);
            parts.RemoveAll(part => ReferenceEquals(part.First, set));
            draft.Fill(set, slot, wanted, Others(draft, set, sets, way));
        }

        return new Attempt(draft, [.. RuntimeDraft.LooseRules(way.Loose), .. sets.Zip(way.Slots).SelectMany(part => part.Second.Ports.Ranges.Select(range => OwnRichRule.Of(mark, part.First.Family, part.First.IsSpare, range)))]);
    }

    private static TrafficSet Needed(RuntimeDraft draft, OwnSet set, List<OwnSet> sets, Way way, TrafficSet wanted) =>
        draft.Live(set.Name).Intersect(wanted).Except(Others(draft, set, sets, way));

    private static TrafficSet Others(RuntimeDraft draft, OwnSet set, List<OwnSet> sets, Way way) =>
        sets.Where(other => !ReferenceEquals(other, set)).Aggregate(way.Loose, (all, other) => all.Union(draft.Live(other.Name)));

    private static RuntimeDraft Best(IEnumerable<Attempt> attempts, List<OwnRichRule> kept)
    {
        var best = attempts.OrderBy(attempt => attempt.Draft.Bridges).ThenBy(attempt => attempt.Draft.Steps.Count).First();
        kept.AddRange(best.Kept);
        return best.Draft;
    }

    private static RuntimeDraft Clear(RuntimeDraft draft, List<OwnSet> sets)
    {
        // Rules go before the content: each step shuts out, and none lets in.
        draft.KeepOnly([]);
        foreach (var set in sets)
        {
            draft.Empty(set.Name);
        }

        return draft;
    }

    private sealed record Way(ImmutableArray<Slot> Slots, TrafficSet Loose);

    private sealed record Attempt(RuntimeDraft Draft, ImmutableArray<OwnRichRule> Kept);
}
