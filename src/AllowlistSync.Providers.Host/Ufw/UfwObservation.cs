using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>Turns what is there into what it means. Pure.</summary>
internal static class UfwObservation
{
    public static ObservedState Of(UfwState state, Target target)
    {
        var mark = UfwMark.Of(target);
        var views = UfwView.Of(state, mark);
        return new ObservedState
        {
            Existence = views.Any(view => !view.Own.IsEmpty || !view.InForce.IsEmpty) ? Existence.Present : Existence.Absent,
            Allowed = UfwView.Traffic(views.SelectMany(view => view.InForce)),
            AllowedByOthers = UfwView.Traffic(views.SelectMany(view => SameAsOurs(view, target.Ports))),
            Families = state.HasIPv6 ? [IpFamily.IPv4, IpFamily.IPv6] : [IpFamily.IPv4],
            Foreign = [.. views.SelectMany(view => Foreign(view, target))],
            Defects = [.. Defects(views)],
            Findings = Findings(state),
            Revision = UfwRevision.Of(state),
            Native = state,
        };
    }

    // ufw takes two rules that differ in nothing but their comment for one, so what the operator allows in just our words need not and must not be added.
    private static IEnumerable<UfwRule> SameAsOurs(UfwView view, PortSet ports)
    {
        var portions = MultiportText.Portions(ports).ToHashSet();
        return view.AllowedByOthers.Where(rule => rule.Source.Length > 0 && portions.Contains(rule.Ports));
    }

    private static IEnumerable<Defect> Defects(ImmutableArray<UfwView> views)
    {
        (string Id, Func<UfwView, bool> Has, string What)[] kinds =
        [
            ("rule-edited", view => view.Own.Any(own => !own.IsWhole), "a rule of ours was changed by hand; it is written again"),
            ("rule-doubled", view => view.IsDoubled, "a rule of ours stands twice, or beside the same rule of yours; one is taken out"),
            ("rule-too-late", view => view.IsTooLate, "a rule that may block stands before ours; ours are moved ahead of it"),
            ("not-loaded", view => view.NotLoaded > 0, "rules of ours are not in the kernel; the file is loaded"),
            ("not-saved", view => view.NotSaved > 0, "rules of the shape of ours are in the kernel and not in the file; the file is written and loaded"),
        ];
        foreach (var (id, has, what) in kinds)
        {
            var files = views.Where(has).Select(view => UfwPlaces.Rules(view.State.Family)).ToList();
            if (files.Count > 0)
            {
                yield return new Defect(id, $"{string.Join(" and ", files)}: {what}");
            }
        }
    }

    private static IEnumerable<Finding> Foreign(UfwView view, Target target)
    {
        var (file, chain) = (UfwPlaces.Rules(view.State.Family), UfwPlaces.Chain(view.State.Family));
        var same = SameAsOurs(view, target.Ports).Count();
        if (same > 0)
        {
            yield return new Finding("foreign-elements", Severity.Info, $"{file}: {same} rules of yours allow the same as rules of ours would and are left alone", "");
        }

        foreach (var entry in view.Accidental)
        {
            yield return new Finding("foreign-comment", Severity.Warning, $"{file}: a rule carries our comment and is none that we make; it is left alone: {entry.Said}", "give it another comment");
        }

        foreach (var entry in view.Others.Where(entry => entry.Said.Length > 0 && entry.Tuple is null))
        {
            yield return new Finding("unrecognised-rule", Severity.Warning, $"{file}: a tuple cannot be read and is left alone; ufw skips it and drops it when it writes the file: {entry.Said}", "mend it or take it out");
        }

        if (view.ByHand > 0)
        {
            yield return new Finding("rules-by-hand", Severity.Warning, $"chain {chain} holds {view.ByHand} rules that are not in {file}: ufw drops them at its next change", "add them with `ufw`, or put them into a chain of your own or into before.rules");
        }

        if (view is { State.Chain: not null, NotLoadedOfOthers: > 0 })
        {
            yield return new Finding("rules-not-loaded", Severity.Warning, $"{file} holds {view.NotLoadedOfOthers} rules of yours that chain {chain} does not have: the next change, of ours as of ufw, loads them", "run `ufw reload` if they are meant, or take them out");
        }
    }

    private static ImmutableArray<Finding> Findings(UfwState state) =>
    [
        .. state switch
        {
            { IsHalfStarted: true } => new[] { HalfStarted },
            { IsEnabled: false } => [new Finding("ufw-inactive", Severity.Warning, "ufw is not active, so nothing is filtered by it; rules are kept in its files and hold when it is enabled", "`ufw enable` starts it (allow SSH first); or keep the firewall that does filter here")],
            _ when state.IPv4.Chain is null || (state.HasIPv6 && state.IPv6.Chain is null) => [NotRunning(state)],
            _ => [],
        },
        .. state.HasIPv6 ? Array.Empty<Finding>() : [new Finding("family-not-held", Severity.Warning, "IPv6 prefixes are not held here, because IPV6=no in /etc/default/ufw; ufw then blocks all of IPv6", "set IPV6=yes there and run `ufw reload`; or take the AAAA records of your sites out")],
    ];

    /// <summary>What is to be said of a ufw whose reload failed half way.</summary>
    public static Finding HalfStarted { get; } = new(
        "ufw-half-started",
        Severity.Problem,
        "ufw is not enabled (ENABLED=no) and yet its chains are loaded: a start or a reload of it failed half way, or ufw.conf was edited; what is filtered is not what its files say",
        "find what it could not load (`iptables-restore -n --test < /etc/ufw/before.rules`, the same with user.rules and after.rules, ip6tables-restore for the files with a 6), then run `ufw disable` and `ufw enable` from a console");

    private static Finding NotRunning(UfwState state) => new(
        "ufw-not-loaded",
        Severity.Problem,
        $"ufw is enabled and its chains for {(state.IPv4.Chain is null ? state.HasIPv6 && state.IPv6.Chain is null ? "both families" : "IPv4" : "IPv6")} are not in the kernel: something took them out, so it filters nothing there; rules are kept in its files",
        "`ufw disable` and `ufw enable` load them again");
}
