using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// Writes one script for <c>nft -f</c>, which the kernel takes as one transaction. Pure. Only names that were checked and numbers
/// reach the text. Sets come first, then rules, then the jump: a rule is never there before its set. What was not there is made with
/// <c>create</c>, not <c>add</c>: if somebody made it since we looked, the kernel refuses, and we do not fill a stranger's set.
/// </summary>
public static class NftablesWriter
{
    /// <summary>How many elements a script has that is only checked: enough to see that type, flags and rights are right. The real transaction is all-or-nothing in any case.</summary>
    public const int Sample = 64;

    /// <summary>Rule way: from what is there to a layout. Empty when nothing is to be done.</summary>
    /// <param name="options">The operator's table and chain.</param>
    /// <param name="mark">Our names.</param>
    /// <param name="now">What is there.</param>
    /// <param name="wanted">What shall be there.</param>
    /// <param name="limit">At most so many elements of a set; <see cref="int.MaxValue"/> for all.</param>
    public static string ToLayout(NftablesOptions options, NftMark mark, NftState now, NftLayout wanted, int limit) =>
        wanted.Exists ? Make(options, mark, now, wanted, limit) : Unmake(options, mark, now);

    /// <summary>Set way: the operator's sets are made to hold exactly these addresses.</summary>
    public static string FillSets(NftState now, PrefixSet wanted, int limit)
    {
        var script = new StringBuilder();
        Strays.WriteRemoval(script, now.Elsewhere);
        foreach (var set in now.Sets)
        {
            WriteEdit(script, set, wanted.Only(set.Family), limit);
        }

        return script.ToString();
    }

    private static string Make(NftablesOptions options, NftMark mark, NftState now, NftLayout wanted, int limit)
    {
        var script = new StringBuilder();
        Strays.WriteRemoval(script, now.Elsewhere);
        foreach (var set in now.Sets)
        {
            if (set.Info is null)
            {
                script.Append(CultureInfo.InvariantCulture, $"create set {set.Name} {{ type {(set.Family == IpFamily.IPv4 ? "ipv4_addr" : "ipv6_addr")}; flags interval; comment \"{mark.Comment}\"; }}\n");
            }

            WriteEdit(script, set, wanted.Sources.Only(set.Family), limit);
        }

        if (!now.ChainExists)
        {
            script.Append(CultureInfo.InvariantCulture, $"create chain {options.Table} {mark.Chain} {{ comment \"{mark.Comment}\"; }}\n");
        }

        WriteRules(script, options, mark, now, wanted);
        WriteJump(script, options, mark, now.Jump!, wanted.Jump);
        return script.ToString();
    }

    // A rule that already does what one of ours shall do is left alone, a second one of the same kind is not.
    private static void WriteRules(StringBuilder script, NftablesOptions options, NftMark mark, NftState now, NftLayout wanted)
    {
        var missing = wanted.Rules.ToList();
        foreach (var existing in now.Rules)
        {
            if (existing.Rule is null || !missing.Remove(existing.Rule))
            {
                script.Append(CultureInfo.InvariantCulture, $"delete rule {options.Table} {mark.Chain} handle {existing.Handle}\n");
            }
        }

        foreach (var rule in missing)
        {
            script.Append(CultureInfo.InvariantCulture, $"add rule {options.Table} {mark.Chain} {rule.Text(mark.Set(rule.Family))} comment \"{mark.Comment}\"\n");
        }
    }

    // A place that is asked for is one where the jump stood before. When the rule behind it is gone or another one has its handle, it is no
    // place any more, and the jump goes to where it is effective.
    private static void WriteJump(StringBuilder script, NftablesOptions options, NftMark mark, JumpState jump, JumpPlace? asked)
    {
        asked = asked is null || jump.Has(asked) ? asked : null;
        if (asked is null ? jump.IsEffective : asked == jump.Place)
        {
            return;
        }

        DeleteJumps(script, options, jump);
        if (asked is { Stands: false })
        {
            return;
        }

        var before = asked is null ? jump.InsertBefore : asked.Before;
        var place = before is { } handle
            ? string.Create(CultureInfo.InvariantCulture, $"insert rule {options.Table} {options.Chain} position {handle}")
            : $"add rule {options.Table} {options.Chain}";
        script.Append(CultureInfo.InvariantCulture, $"{place} jump {mark.Chain} comment \"{mark.Comment}\"\n");
    }

    private static void DeleteJumps(StringBuilder script, NftablesOptions options, JumpState jump)
    {
        foreach (var handle in jump.Ours)
        {
            script.Append(CultureInfo.InvariantCulture, $"delete rule {options.Table} {options.Chain} handle {handle}\n");
        }
    }

    private static string Unmake(NftablesOptions options, NftMark mark, NftState now)
    {
        RequireUnused(options, mark, now);
        var script = new StringBuilder();
        Strays.WriteRemoval(script, now.Elsewhere);
        DeleteJumps(script, options, now.Jump!);
        foreach (var rule in now.Rules)
        {
            script.Append(CultureInfo.InvariantCulture, $"delete rule {options.Table} {mark.Chain} handle {rule.Handle}\n");
        }

        if (now.ChainExists)
        {
            script.Append(CultureInfo.InvariantCulture, $"delete chain {options.Table} {mark.Chain}\n");
        }

        foreach (var set in now.Sets.Where(set => set.Info is not null))
        {
            script.Append(CultureInfo.InvariantCulture, $"delete set {set.Name}\n");
        }

        return script.ToString();
    }

    // Half a removal would leave a chain with our name and without our mark: a stranger's, for the next run.
    private static void RequireUnused(NftablesOptions options, NftMark mark, NftState now)
    {
        var what = now.ForeignRules > 0 ? $"{now.ForeignRules} rules of others stand in it"
            : now.Jump!.IsHeldByOthers ? $"a rule of {options.Table} {options.Chain} that is not ours leads to it"
            : null;
        if (now.ChainExists && what is not null)
        {
            throw InUse.Chain($"{options.Table} {mark.Chain}", what);
        }

        InUse.RequireNoForeignElements(now.Sets);
    }

    private static void WriteEdit(StringBuilder script, FilledSet set, PrefixSet wanted, int limit)
    {
        var edit = ElementEdit.Between(set, wanted);
        WriteElements(script, "delete", set.Name, edit.Delete.Take(limit), Write);
        WriteElements(script, "add", set.Name, edit.Add.Prefixes(set.Family).Take(limit), static (text, prefix) => text.Append(CultureInfo.InvariantCulture, $"{prefix}"));
    }

    private static void WriteElements<T>(StringBuilder script, string verb, NftSetName set, IEnumerable<T> elements, Action<StringBuilder, T> write)
    {
        var isFirst = true;
        foreach (var element in elements)
        {
            script.Append(CultureInfo.InvariantCulture, $"{(isFirst ? $"{verb} element {set} {{ " : ", ")}");
            write(script, element);
            isFirst = false;
        }

        script.Append(isFirst ? "" : " }\n");
    }

    private static void Write(StringBuilder script, IpRange range)
    {
        var prefixes = range.ToPrefixes().Take(2).ToList();
        script.Append(CultureInfo.InvariantCulture, $"{(prefixes.Count == 1 ? prefixes[0].ToString() : $"{Address(range.Family, range.First)}-{Address(range.Family, range.Last)}")}");
    }

    private static string Address(IpFamily family, UInt128 value)
    {
        var text = IpPrefix.Create(family, value, family == IpFamily.IPv4 ? 32 : 128).ToString();
        return text[..text.IndexOf('/', StringComparison.Ordinal)];
    }
}
