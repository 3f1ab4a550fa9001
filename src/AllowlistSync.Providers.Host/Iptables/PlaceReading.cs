using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Finds in one filter table what concerns a target. Pure.</summary>
internal static class PlaceReading
{
    /// <summary>What concerns us in a place.</summary>
    /// <param name="place">Engine and family.</param>
    /// <param name="listing">Its table.</param>
    /// <param name="chain">The operator's chain.</param>
    /// <param name="mark">Our names.</param>
    /// <param name="blocker">The first rule of the operator's chain that may block; null for none, and in a place that is not served.</param>
    /// <param name="isServed">Whether the place is served.</param>
    public static PlaceState Read(IptablesPlace place, IptablesListing listing, string chain, IptablesMark mark, int? blocker, bool isServed)
    {
        var own = listing.RulesOf(mark.Chain);
        var ours = own.Where(rule => IsMarked(rule, mark)).ToImmutableArray();
        var foreign = own.Where(rule => !IsMarked(rule, mark)).ToImmutableArray();
        var others = listing.Chains.Values.Where(other => other.Name != mark.Chain).OrderBy(other => other.Name, StringComparer.Ordinal).ToList();
        var jump = Jump(listing.RulesOf(chain), mark, blocker, others);
        var sets = new[] { mark.Set(place.Family), mark.NewSet(place.Family) };
        var strays = others.Where(other => other.Name != chain).SelectMany(other => other.Rules.Where(rule => IsMarked(rule, mark)).Select(rule => (other.Name, rule))).ToImmutableArray();
        var setRules = others.SelectMany(other => other.Rules.Where(rule => !IsMarked(rule, mark)).Select(rule => $"-A {other.Name} {rule}"))
            .Concat(foreign.Select(rule => $"-A {mark.Chain} {rule}")).Concat(listing.OtherSetRules)
            .Where(rule => Array.Exists(sets, set => IptablesReader.Asks(rule, set))).ToImmutableArray();
        var state = new PlaceState(
            place, listing.Programs, isServed, listing.Chains.ContainsKey(mark.Chain), [.. ours.Select(rule => new OwnedRule(rule, AcceptRule.Read(rule, mark, place.Family)))], foreign, jump, strays, setRules, "");
        RefuseStranger(state, mark);
        return state with { Digest = DigestOf(state, listing, chain) };
    }

    /// <summary>The listing without our own rules: they only accept, and there may be a hundred thousand.</summary>
    public static ReadOnlyMemory<byte> WithoutOurs(IptablesListing listing, IptablesMark mark)
    {
        if (listing.RulesOf(mark.Chain).Length < 100)
        {
            return listing.Content;
        }

        var start = $"-A {mark.Chain} ";
        return Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(listing.Content.Span).Split('\n').Where(line => !line.StartsWith(start, StringComparison.Ordinal) || !IsMarked(line, mark))));
    }

    /// <summary>True for a rule with our mark.</summary>
    public static bool IsMarked(string rule, IptablesMark mark) => rule.Contains(mark.Match, StringComparison.Ordinal);

    /// <summary>Where a jump stands and where it belongs.</summary>
    public static JumpState Jump(ImmutableArray<string> rules, IptablesMark mark, int? blocker, IEnumerable<SavedChain> others)
    {
        var numbered = rules.Select((rule, index) => (Number: index + 1, Text: rule)).ToList();
        var ours = numbered.Where(rule => IsMarked(rule.Text, mark)).ToImmutableArray();
        var whole = numbered.Find(rule => rule.Text == $"{mark.Match} -j {mark.Chain}" || rule.Text == $"-j {mark.Chain}");

        // A chain that is only jumped to may end in a RETURN of its own (Docker's did until version 27); nothing behind it is reached.
        var limit = blocker ?? numbered.Find(rule => rule.Text == "-j RETURN").Number;
        var isHeld = others.Any(other => other.Rules.Any(rule => !IsMarked(rule, mark) && IptablesReader.LeadsTo(rule, mark.Chain)));
        return new JumpState(ours, whole.Number > 0, whole.Number > 0 && (limit == 0 || whole.Number < limit), limit == 0 ? null : limit, isHeld);
    }

    private static void RefuseStranger(PlaceState state, IptablesMark mark)
    {
        if (state.HasChain && state.Rules.IsEmpty && !state.Foreign.IsEmpty && state.Jump.Ours.IsEmpty && state.Strays.IsEmpty)
        {
            throw new ProviderException(
                FailureKind.Conflict,
                Aftermath.Untouched,
                $"chain {mark.Chain} of {state.Place} has a name of ours and none of its {state.Foreign.Length} rules carries our mark, so somebody else made it",
                "rename it (`iptables -E`), or give this target another name or owner");
        }
    }

    private static string DigestOf(PlaceState state, IptablesListing listing, string chain) => IptablesDigest.Of(
    [
        $"{state.Place} {state.IsServed} {state.HasChain} {listing.Chains.GetValueOrDefault(chain)?.Policy}",
        .. listing.RulesOf(chain),
        "ours",
        .. state.Rules.Select(rule => rule.Text),
        "foreign",
        .. state.Foreign,
        "strays",
        .. state.Strays.Select(stray => $"{stray.Chain} {stray.Text}"),
        "sets",
        .. state.SetRules,
    ]);
}
