using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Planning;

/// <summary>
/// Which bans stand in the way of what is wanted, and which of them may be lifted: those that keep out nobody else. Nothing is lifted when everything of ours is taken out. Pure.
/// </summary>
public static class Bans
{
    /// <summary>The id of the finding that wanted sources are banned.</summary>
    public const string Banned = "banned";

    /// <summary>The id of the finding that a ban keeps out wanted sources and others.</summary>
    public const string Wider = "banned-wider";

    /// <summary>The bans that keep out something of what is wanted, in order.</summary>
    public static ImmutableArray<Ban> InTheWay(Addresses.PrefixSet wanted, ImmutableArray<Ban> bans)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return [.. bans.Where(ban => wanted.Overlaps(ban.Prefix)).OrderBy(ban => ban.Prefix).ThenBy(ban => ban.By, StringComparer.Ordinal)];
    }

    /// <summary>The bans that a target lifts.</summary>
    public static ImmutableArray<Ban> ToLift(DesiredState desired, ObservedState observed) => desired.Target.LiftBans == true && !desired.IsNothing
        ? [.. InTheWay(desired.Sources, observed.Bans).Where(ban => desired.Sources.Covers(ban.Prefix))]
        : [];

    /// <summary>What an operator should know of the bans in the way.</summary>
    public static ImmutableArray<Finding> Judge(DesiredState desired, ObservedState observed)
    {
        if (desired.IsNothing || observed.Bans.IsEmpty)
        {
            return [];
        }

        var bans = InTheWay(desired.Sources, observed.Bans).ToLookup(ban => desired.Sources.Covers(ban.Prefix));
        return [.. Inside([.. bans[true]], desired.Target.LiftBans == true), .. bans[false].Select(TooWide)];
    }

    /// <summary>What is to be said of bans that hold wanted sources only.</summary>
    public static IEnumerable<Finding> Inside(ImmutableArray<Ban> bans, bool areLifted)
    {
        if (!bans.IsEmpty)
        {
            yield return new Finding(
                Banned,
                Severity.Problem,
                $"{(bans.Length == 1 ? "1 ban keeps" : $"{bans.Length} bans keep")} wanted sources out, whatever else lets them in: {Ban.Describe(bans)}",
                areLifted ? "`apply` lifts them" : "lift them with the tool that bans, or set `liftBans: true` for this target");
        }
    }

    private static Finding TooWide(Ban ban) => new(
        Wider,
        Severity.Problem,
        $"the ban of {ban} keeps wanted sources out, and others too: it is left as it is",
        "lift it with the tool that bans, or put bans of the addresses that are meant in its place");
}
