using System.Globalization;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary>
/// How much of one family changes, in prefixes and in addresses. A prefix counts once however much of it changes: one address cut out of a
/// /12 concerns one prefix, although the rest of it takes twenty to write down.
/// </summary>
/// <param name="Prefixes">The prefixes concerned.</param>
/// <param name="Of">The prefixes before.</param>
/// <param name="AddressPercent">The share of the addresses before, in percent.</param>
public readonly record struct FamilyChange(int Prefixes, int Of, double AddressPercent)
{
    /// <summary>What goes from <paramref name="before"/> to <paramref name="after"/>.</summary>
    public static FamilyChange Loss(PrefixSet before, PrefixSet after, IpFamily family) =>
        new(Concerned(before, after, family), before.PrefixCount(family), Percent(before.Except(after), before, family));

    /// <summary>What comes.</summary>
    public static FamilyChange Gain(PrefixSet before, PrefixSet after, IpFamily family) =>
        new(Concerned(after, before, family), before.PrefixCount(family), Percent(after.Except(before), before, family));

    /// <summary>True when either share is larger.</summary>
    public bool IsOver(int percent) => 100.0 * Prefixes / Of > percent || AddressPercent > percent;

    /// <summary>Both shares, for a message.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prefixes} of {Of} prefixes ({100.0 * Prefixes / Of:0.#} %) and {AddressPercent:0.#} % of the addresses");

    private static int Concerned(PrefixSet of, PrefixSet by, IpFamily family) => of.Prefixes(family).Count(prefix => !by.Covers(prefix));

    private static double Percent(PrefixSet part, PrefixSet whole, IpFamily family) =>
        100.0 * (double)part.AddressCount(family) / (double)whole.AddressCount(family);
}
