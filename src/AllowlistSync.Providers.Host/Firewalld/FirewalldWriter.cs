using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>Writes the steps of a change: first the permanent configuration, then what is in force. After each step a reload finds a configuration that it takes. Pure.</summary>
internal static class FirewalldWriter
{
    /// <summary>The steps that lead to a goal on both sides.</summary>
    public static ImmutableArray<FirewalldStep> Steps(FirewalldState now, FirewalldGoal goal, FirewalldMark mark) => Steps(now, goal, goal, mark);

    /// <summary>The steps that lead to a goal of its own on each side.</summary>
    public static ImmutableArray<FirewalldStep> Steps(FirewalldState now, FirewalldGoal permanent, FirewalldGoal runtime, FirewalldMark mark) =>
        [.. permanent.Exists ? Permanent(now, permanent, mark) : Removal(now.Permanent), .. RuntimeWriter.Steps(now.Runtime, runtime, mark)];

    private static IEnumerable<FirewalldStep> Permanent(FirewalldState now, FirewalldGoal goal, FirewalldMark mark)
    {
        var description = mark.Describe(now.Place);
        var rules = new List<OwnRichRule>();
        var last = new List<FirewalldStep>();
        foreach (var family in Enum.GetValues<IpFamily>())
        {
            var layout = FirewalldLayout.Of(goal.Traffic, family);
            rules.AddRange(RuntimeDraft.LooseRules(layout.Rest));
            foreach (var (slot, isSpare) in new[] { (layout.First, false), (layout.Second, true) })
            {
                rules.AddRange(slot.Ports.Ranges.Select(range => OwnRichRule.Of(mark, family, isSpare, range)));
                var wanted = new NewSet(mark.Set(family, isSpare), family, description, [.. slot.Entries.Prefixes().Select(prefix => prefix.ToString())]);
                var set = now.Permanent.Set(family, isSpare);
                if (SetStep(set, wanted, slot.Entries) is { } step)
                {
                    yield return step;
                }

                if (set is { IsSound: true } && set.Place != now.Place)
                {
                    // As long as the old place is named there, what stands in it is found again.
                    last.Add(new ReplaceSet(wanted));
                }
            }
        }

        foreach (var step in RuleSteps(now, rules, mark).Concat(last))
        {
            yield return step;
        }
    }

    private static FirewalldStep? SetStep(OwnSet? set, NewSet wanted, PrefixSet entries) => set switch
    {
        null => wanted,
        { IsSound: false } => new ReplaceSet(wanted),
        _ => set.Entries.Equals(entries) ? null : new PermanentEntries(wanted.Name, wanted.Entries),
    };

    private static IEnumerable<FirewalldStep> RuleSteps(FirewalldState now, List<OwnRichRule> rules, FirewalldMark mark)
    {
        var wanted = rules.Distinct().Select(rule => new PlacedRule(now.Place, rule)).ToList();
        var (missing, surplus) = (wanted.Except(now.Permanent.Rules).ToList(), now.Permanent.Rules.Except(wanted).ToList());
        if (now.Place.IsPolicy && (!now.Permanent.HasPolicy || !now.Permanent.IsPolicySound || missing.Count > 0 || surplus.Exists(placed => placed.Place == now.Place)))
        {
            var policy = new NewPolicy(now.Place.Name, mark.Describe(now.Place), [.. wanted.Select(placed => placed.Rule.Text(mark)).Order(StringComparer.Ordinal)]);
            yield return now.Permanent.HasPolicy ? new ReplacePolicy(policy) : policy;
        }

        foreach (var placed in missing.Where(placed => !placed.Place.IsPolicy))
        {
            yield return new PermanentRule(placed.Place.Name, placed.Rule.Text(mark), Adds: true);
        }

        foreach (var placed in surplus.Where(placed => !placed.Place.IsPolicy))
        {
            yield return new PermanentRule(placed.Place.Name, placed.Rule.Text(mark), Adds: false);
        }

        if (!now.Place.IsPolicy && now.Permanent.HasPolicy)
        {
            yield return new RemovePolicy(mark.Policy);
        }
    }

    // Rules go before the sets that they name.
    private static IEnumerable<FirewalldStep> Removal(FirewalldSide now)
    {
        if (!now.Borrowers.IsEmpty && !now.Sets.IsEmpty)
        {
            throw new ProviderException(
                FailureKind.Conflict,
                Aftermath.Untouched,
                $"our sets cannot be taken out: rules of somebody else use them ({string.Join("; ", now.Borrowers.Take(3))}), and without its set a rule makes the next reload fail and leaves the host open; nothing was changed",
                "take those rules out first");
        }

        foreach (var placed in now.Rules.Where(placed => !placed.Place.IsPolicy))
        {
            yield return new PermanentRule(placed.Place.Name, placed.Rule.Text(now.Mark), Adds: false);
        }

        if (now.HasPolicy)
        {
            yield return new RemovePolicy(now.Mark.Policy);
        }

        foreach (var set in now.Sets)
        {
            yield return new RemoveSet(set.Name);
        }
    }
}
