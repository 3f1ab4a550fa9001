using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>One program's part of a change.</summary>
/// <param name="Script">What it reads.</param>
/// <param name="Place">The filter table that it changes; null for the sets.</param>
public sealed record IptablesStep(ChangeScript Script, PlaceState? Place);

/// <summary>
/// Writes the scripts of a change. Pure. Only names that were checked, numbers, and rules as iptables-save printed them reach the text. Sets are filled before a
/// rule asks them and taken out after the last one did. Rules are taken out by what they are, never by their number: a number may be another rule's by then.
/// </summary>
public static class IptablesWriter
{
    /// <summary>From what is there to a layout, in the order of apply; none when nothing is to be done.</summary>
    /// <param name="chain">The operator's chain.</param>
    /// <param name="beforeTranslation">Whether its packets were translated already.</param>
    /// <param name="mark">Our names.</param>
    /// <param name="now">What is there.</param>
    /// <param name="wanted">What shall be there.</param>
    public static ImmutableArray<IptablesStep> ToLayout(string chain, bool beforeTranslation, IptablesMark mark, IptablesState now, IptablesLayout wanted)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(wanted);
        RequireUnused(mark, now, wanted);
        var usesSets = wanted.Exists && now.Form == PrefixForm.Sets;
        return
        [
            .. Step(ScriptLanguage.Ipset, usesSets ? IpsetWriter.Fill(mark, now, wanted) : "", null),
            .. now.Places.SelectMany(place => Step(place.Place.Language, new PlaceScript(chain, mark, place).Write(Rules(place, mark, now, wanted, beforeTranslation), wanted), place)),
            .. Step(ScriptLanguage.Ipset, IpsetWriter.TakeOut(mark, now, usesSets), null),
        ];
    }

    private static IEnumerable<IptablesStep> Step(ScriptLanguage language, string text, PlaceState? place) => text.Length == 0 ? [] : [new IptablesStep(new ChangeScript(language, text), place)];

    // Null where nothing of ours shall be.
    private static List<AcceptRule>? Rules(PlaceState place, IptablesMark mark, IptablesState now, IptablesLayout wanted, bool beforeTranslation)
    {
        if (!place.IsServed || !wanted.Exists)
        {
            return null;
        }

        var family = wanted.Of(place.Place.Family);
        return family.Ports.IsEmpty ? []
            : now.Form == PrefixForm.Sets ? [.. AcceptRule.ForSet(mark.Set(family.Family), family.Ports, beforeTranslation)]
            : [.. AcceptRule.ForPrefixes(family.Sources.Prefixes(), family.Ports, beforeTranslation)];
    }

    // Half a removal would leave a chain or a set that the next run takes for a stranger's, or cannot take out either.
    private static void RequireUnused(IptablesMark mark, IptablesState now, IptablesLayout wanted)
    {
        foreach (var place in now.Places.Where(place => place.HasChain && (!wanted.Exists || !place.IsServed)))
        {
            var what = place.Foreign.Length > 0 ? $"{place.Foreign.Length} rules of others stand in it"
                : place.Jump.IsHeldByOthers ? "a rule that is not ours leads to it"
                : null;
            if (what is not null)
            {
                throw InUse($"chain {mark.Chain} of {place.Place}", what);
            }
        }

        if ((!wanted.Exists || now.Form == PrefixForm.Rules) && now.Sets.Any(set => set.Info is not null) && now.Places.SelectMany(place => place.SetRules).FirstOrDefault() is { } rule)
        {
            throw InUse($"our set", $"a rule that is not ours asks it (`{rule}`)");
        }
    }

    private static ProviderException InUse(string what, string why) =>
        new(FailureKind.Conflict, Aftermath.Untouched, $"{what} cannot be taken out: {why}; nothing was changed", "take those rules out first");
}

/// <summary>Writes the change of one filter table. Pure.</summary>
internal sealed class PlaceScript(string chain, IptablesMark mark, PlaceState place)
{
    private readonly StringBuilder _lines = new();

    /// <summary>The whole script; empty when nothing is to be done.</summary>
    /// <param name="rules">The rules of our chain; null when nothing of ours shall be there.</param>
    /// <param name="wanted">The layout.</param>
    public string Write(List<AcceptRule>? rules, IptablesLayout wanted)
    {
        foreach (var (stray, text) in place.Strays)
        {
            Line($"-D {stray} {text}");
        }

        if (rules is null)
        {
            Unmake();
        }
        else
        {
            WriteRules(rules);
            WriteJump(wanted.WithoutJump.Contains(place.Place.Name));
        }

        return _lines.Length == 0 ? "" : $"*filter\n{_lines}COMMIT\n";
    }

    private void Unmake()
    {
        foreach (var (_, text) in place.Jump.Ours)
        {
            Line($"-D {chain} {text}");
        }

        if (place.HasChain)
        {
            Line($"-F {mark.Chain}");
            Line($"-X {mark.Chain}");
        }
    }

    // A rule that already does what one of ours shall do is left alone, a second one of the same kind is not.
    private void WriteRules(List<AcceptRule> rules)
    {
        if (!place.HasChain)
        {
            // Not `:CHAIN`, which would empty a chain that somebody made since we looked.
            Line($"-N {mark.Chain}");
        }

        var missing = rules.ToHashSet();
        var surplus = place.Rules.Where(existing => existing.Rule is null || !missing.Remove(existing.Rule)).ToList();
        if (place.HasChain && place.Foreign.IsEmpty && surplus.Count + missing.Count > 0)
        {
            // In one step with what follows, and the same however often it is done: two that do it at once leave no rule twice.
            Line($"-F {mark.Chain}");
            missing = [.. rules];
            surplus.Clear();
        }

        foreach (var existing in surplus)
        {
            Line($"-D {mark.Chain} {existing.Text}");
        }

        foreach (var rule in rules.Where(missing.Contains))
        {
            _lines.Append(CultureInfo.InvariantCulture, $"-A {mark.Chain} ");
            rule.Write(_lines, mark);
            _lines.Append('\n');
        }
    }

    private void WriteJump(bool shallBeAway)
    {
        if (shallBeAway ? place.Jump.Ours.IsEmpty : place.Jump.IsEffective && place.Jump.Ours.Length <= 1)
        {
            return;
        }

        foreach (var (_, text) in place.Jump.Ours)
        {
            Line($"-D {chain} {text}");
        }

        if (shallBeAway)
        {
            return;
        }

        // Our own jumps ahead of that place are gone by then.
        var where = place.Jump.InsertBefore is { } before
            ? string.Create(CultureInfo.InvariantCulture, $"-I {chain} {before - place.Jump.Ours.Count(jump => jump.Number < before)}")
            : $"-A {chain}";
        Line($"{where} {mark.Match} -j {mark.Chain}");
    }

    private void Line(string text) => _lines.Append(text).Append('\n');
}
