using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>What becomes of one family.</summary>
/// <param name="Family">The family.</param>
/// <param name="Before">The file as it is.</param>
/// <param name="After">The file as it shall be.</param>
/// <param name="IsLoaded">Whether ufw has loaded it, so that it is loaded again.</param>
/// <param name="IsInStep">Whether the kernel already has what the new file says of ours.</param>
public sealed record UfwEdit(IpFamily Family, string Before, string After, bool IsLoaded, bool IsInStep)
{
    /// <summary>Whether the file changes.</summary>
    public bool Writes => Before != After;

    /// <summary>Whether it must be loaded.</summary>
    public bool Loads => IsLoaded && (Writes || !IsInStep);
}

/// <summary>Writes ufw's files anew: our rules as one block right behind <c>### RULES ###</c>, every other byte as it was. Pure.</summary>
internal static class UfwWriter
{
    /// <summary>The edits that make both files hold exactly these rules of ours.</summary>
    public static ImmutableArray<UfwEdit> Edits(UfwState state, UfwMark mark, IReadOnlyCollection<UfwRule> rules)
    {
        RequireSafe(state);
        return [.. UfwView.Of(state, mark).Where(view => view.State.File is not null).Select(view => Edit(view, mark, [.. rules.Where(rule => rule.Source.Family == view.State.Family)]))];
    }

    /// <summary>The rules that let traffic in.</summary>
    public static ImmutableArray<UfwRule> Rules(TrafficSet traffic) => [.. UfwRule.For(traffic, IpFamily.IPv4), .. UfwRule.For(traffic, IpFamily.IPv6)];

    private static UfwEdit Edit(UfwView view, UfwMark mark, ImmutableArray<UfwRule> rules)
    {
        var (family, file) = (view.State.Family, view.State.File!);
        RequireNoByHand(view);
        RequireDistinct(view, rules);
        var taken = view.Own.SelectMany(own => own.Lines).ToHashSet();
        var text = string.Concat(
        [
            .. file.Lines.Take(file.RulesAt + 1),
            .. rules.Select(rule => $"\n{rule.Tuple(mark)}\n{rule.Line()}\n"),
            .. file.Lines.Index().Skip(file.RulesAt + 1).Where(line => !taken.Contains(line.Index)).Select(line => line.Item),
        ]);
        return new UfwEdit(family, file.Text, text, view.State.Chain is not null, view.InForce.SetEquals(rules));
    }

    private static void RequireSafe(UfwState state)
    {
        if (state.IsHalfStarted)
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, UfwObservation.HalfStarted.Message + "; nothing was changed", UfwObservation.HalfStarted.Remedy);
        }
    }

    private static void RequireNoByHand(UfwView view)
    {
        if (view.ByHand > 0)
        {
            throw new ProviderException(
                FailureKind.Conflict,
                Aftermath.Untouched,
                $"chain {UfwPlaces.Chain(view.State.Family)} holds {view.ByHand} rules that are not in {UfwPlaces.Rules(view.State.Family)}; to load the file would take them out, so nothing was changed",
                "add them with `ufw`, or move them into before.rules or a chain of your own; `ufw reload` drops them");
        }
    }

    private static void RequireDistinct(UfwView view, ImmutableArray<UfwRule> rules)
    {
        var family = view.State.Family;
        var held = view.Others.Select(entry => (Rule: entry.Tuple?.Allows(family) ?? entry.Tuple?.Forbids(family), entry.Said)).Where(one => one.Rule is not null).ToLookup(one => one.Rule!, one => one.Said);
        if (rules.FirstOrDefault(held.Contains) is { } taken)
        {
            throw new ProviderException(
                FailureKind.Conflict,
                Aftermath.Untouched,
                $"{UfwPlaces.Rules(family)} holds a rule of yours that ufw would take for the same as ours for {taken.Source}: {held[taken].First()}; nothing was changed",
                "take that rule out (`ufw status numbered` shows its number), or take the prefix out of the list");
        }
    }
}
