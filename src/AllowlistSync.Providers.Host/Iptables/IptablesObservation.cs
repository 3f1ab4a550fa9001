using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Turns what is in the kernel into what it means. Pure.</summary>
internal static class IptablesObservation
{
    public static ObservedState Of(IptablesOptions options, IptablesMark mark, IptablesState state, PortSet ports)
    {
        var exists = state.Places.Any(place => place.HoldsOurs) || state.Sets.Any(set => set.Info is not null) || !state.Unfinished.IsEmpty || state.Persistent.Any(file => file.HoldsOurs);
        return new ObservedState
        {
            Existence = exists ? Existence.Present : Existence.Absent,
            Allowed = Allowed(state),
            AllowedByOthers = Unfiltered(state, ports),
            Foreign = Foreign(mark, state),
            Defects = exists ? Defects(options, mark, state) : [],
            Findings = [.. state.Findings, .. state.Persistent.SelectMany(file => file.Findings)],
            Revision = IptablesDigest.Of([$"{state.Form}", state.SetDigest, .. state.Places.Select(place => $"{place.Digest} {place.Jump.InsertBefore}"), .. state.Persistent.Select(file => file.Digest)]),
            Native = state,
        };
    }

    /// <summary>What our rules let in: a packet must pass every engine of its family.</summary>
    public static TrafficSet Allowed(IptablesState state) => state.Served
        .GroupBy(place => place.Place.Family)
        .Select(places => places.Select(place => Allowed(state, place)).Aggregate((one, other) => one.Intersect(other)))
        .Aggregate(TrafficSet.Empty, (all, family) => all.Union(family));

    private static TrafficSet Allowed(IptablesState state, PlaceState place) => Traffic(place.Rules.Select(rule => rule.Rule).OfType<AcceptRule>(), set =>
        state.Sets.FirstOrDefault(own => own.Name == set && own.Family == place.Place.Family)?.Info?.Matches ?? PrefixSet.Empty);

    /// <summary>What rules let in. There may be a hundred thousand with the same ports.</summary>
    public static TrafficSet Traffic(IEnumerable<AcceptRule> rules, Func<string, PrefixSet> sourcesOf) => rules
        .GroupBy(rule => rule.Ports)
        .Select(group => TrafficSet.Of(
            group.Where(rule => rule.Set is not null).Select(rule => sourcesOf(rule.Set!)).Aggregate(PrefixSet.Of(group.Where(rule => rule.Source is not null).Select(rule => rule.Source!.Value)), (all, set) => all.Union(set)),
            group.Key))
        .Aggregate(TrafficSet.Empty, (all, part) => all.Union(part));

    // A family whose packets pass no chain of Docker's is not filtered for containers: there is nothing to open.
    private static TrafficSet Unfiltered(IptablesState state, PortSet ports) => new[] { IpFamily.IPv4, IpFamily.IPv6 }.Except(state.Families)
        .Aggregate(TrafficSet.Empty, (all, family) => all.Union(TrafficSet.Of(PrefixSet.Of(AcceptRule.Halves(IpPrefix.Create(family, 0, 0))), ports)));

    private static ImmutableArray<Finding> Foreign(IptablesMark mark, IptablesState state) =>
    [
        .. state.Places.Where(place => !place.Foreign.IsEmpty).Select(place => new Finding(
            "foreign-rules", Severity.Warning, $"chain {mark.Chain} of {place.Place} holds {place.Foreign.Length} rules that we did not make; they are left alone", "move them into a chain of your own")),
    ];

    private static ImmutableArray<Defect> Defects(IptablesOptions options, IptablesMark mark, IptablesState state) =>
    [
        .. state.Served.SelectMany(place => Defects(options, mark, state, place).Select(defect => (defect.Id, defect.Message, place.Place)))
            .GroupBy(defect => (defect.Id, defect.Message))
            .Select(group => new Defect(group.Key.Id, string.Format(CultureInfo.InvariantCulture, group.Key.Message, string.Join(" and ", group.Select(defect => defect.Place))))),
        .. state.Served.GroupBy(place => place.Place.Family).Where(places => places.Select(place => Allowed(state, place)).Distinct().Count() > 1)
            .Select(places => new Defect("engines-differ", $"the rules of ours in {string.Join(" and ", places.Select(place => place.Place))} differ; they are made the same")),
        .. state.Form == PrefixForm.Sets
            ? state.Families.Select(state.SetOf).SelectMany(Defects)
            : state.Sets.Where(set => set.Info is not null).Select(set => new Defect("other-form", $"set {set.Name} is not used any more; it is taken out")),
        .. state.Unfinished.Select(name => new Defect("unfinished", $"an interrupted change left set {name}; it is taken out")),
        .. state.Places.Where(place => !place.IsServed || !place.Strays.IsEmpty).Select(Elsewhere),
        .. state.Persistent.Where(file => file.IsUsable && !file.Holds(Allowed(state).Only(file.Family), state.Form)).Select(file => new Defect(
            "not-persistent", $"{file.Path} does not hold what the kernel has of ours, so a reboot would bring back something else; it is written")),
    ];

    // {0} stands for the places.
    private static IEnumerable<(string Id, string Message)> Defects(IptablesOptions options, IptablesMark mark, IptablesState state, PlaceState place)
    {
        if (!place.HasChain)
        {
            yield return ("chain-missing", $"{{0}} has no chain {mark.Chain}; it is put back");
        }

        if (!place.Jump.IsEffective)
        {
            yield return place.Jump.IsWhole
                ? ("jump-too-late", $"in chain {options.Chain} of {{0}} a rule that may block stands before the jump to {mark.Chain}; the jump is moved ahead of it")
                : ("jump-missing", $"chain {options.Chain} of {{0}} does not jump to {mark.Chain} with every packet; the jump is put back");
        }
        else if (place.Jump.Ours.Length > 1)
        {
            yield return ("jump-doubled", $"chain {options.Chain} of {{0}} jumps to {mark.Chain} more than once; one jump stays");
        }

        if (place.Rules.Any(rule => rule.Rule is null))
        {
            yield return ("rule-edited", $"a rule of ours in chain {mark.Chain} of {{0}} was changed into something else; it is replaced");
        }

        if (place.Rules.Where(rule => rule.Rule is not null).GroupBy(rule => rule.Rule).Any(group => group.Count() > 1))
        {
            yield return ("rule-doubled", $"a rule of ours stands twice in chain {mark.Chain} of {{0}}; one is taken out");
        }

        if (place.Rules.Any(rule => rule.Rule is { } one && (one.BeforeTranslation != options.IsDocker || one.Set != (state.Form == PrefixForm.Sets ? mark.Set(place.Place.Family) : null))))
        {
            yield return ("other-form", $"rules of ours in chain {mark.Chain} of {{0}} are made for other settings; they are replaced");
        }
    }

    private static IEnumerable<Defect> Defects(OwnSet set)
    {
        if (set.Info is null)
        {
            yield return new Defect("set-missing", $"set {set.Name} is gone; it is put back");
        }
        else if (!set.IsFit)
        {
            yield return new Defect("set-edited", $"set {set.Name} {(set.Info.Forgets ? "was made again with a lifetime for its elements" : "holds exceptions (nomatch)")}; it is replaced");
        }
    }

    private static Defect Elsewhere(PlaceState place) => new(
        "ours-elsewhere",
        $"what an earlier configuration of this target made still stands in {place.Place}{(place.Strays.IsEmpty ? "" : $" chain {string.Join(", ", place.Strays.Select(stray => stray.Chain).Distinct(StringComparer.Ordinal))}")}; it is taken out");
}
