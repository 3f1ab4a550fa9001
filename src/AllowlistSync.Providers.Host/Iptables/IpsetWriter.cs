using System.Globalization;
using System.Numerics;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Writes what <c>ipset restore</c> reads. Pure. A set that is asked is never emptied: a new one is filled and takes its place in one step (<c>swap</c>).</summary>
internal static class IpsetWriter
{
    // The size that ipset gives a set when none is named.
    private const int UsualMaximum = 65536;

    /// <summary>Makes each set hold what it shall.</summary>
    public static string Fill(IptablesMark mark, IptablesState now, IptablesLayout wanted)
    {
        var script = new StringBuilder();
        foreach (var family in now.Families)
        {
            var (set, sources, fresh) = (now.SetOf(family), wanted.Of(family).Sources, mark.NewSet(family));
            if (now.Unfinished.Contains(fresh))
            {
                script.Append(CultureInfo.InvariantCulture, $"destroy {fresh}\n");
            }

            if (set.Info is null)
            {
                Write(script, set.Name, family, sources);
            }
            else if (!set.IsFit || !set.Info.Matches.Equals(sources))
            {
                Write(script, fresh, family, sources);
                script.Append(CultureInfo.InvariantCulture, $"swap {fresh} {set.Name}\ndestroy {fresh}\n");
            }
        }

        return script.ToString();
    }

    /// <summary>Takes out what is not used any more.</summary>
    public static string TakeOut(IptablesMark mark, IptablesState now, bool usesSets)
    {
        var used = usesSets ? now.Families.ToList() : [];
        var names = now.Sets.Where(set => set.Info is not null && !used.Contains(set.Family)).Select(set => set.Name)
            .Concat(now.Unfinished.Where(name => !used.Any(family => mark.NewSet(family) == name)));
        return string.Concat(names.Select(name => $"destroy {name}\n"));
    }

    /// <summary>A set and its elements.</summary>
    public static void Write(StringBuilder script, string name, IpFamily family, PrefixSet sources)
    {
        var prefixes = sources.Prefixes(family).SelectMany(AcceptRule.Halves).ToList();

        // Two elements to a bucket, so that the kernel need not grow the table while it is filled (it splits a bucket of more than twelve).
        var buckets = BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, prefixes.Count / 2));
        var most = Math.Max(UsualMaximum, BitOperations.RoundUpToPowerOf2((uint)prefixes.Count * 2));
        script.Append(CultureInfo.InvariantCulture, $"create {name} hash:net family {(family == IpFamily.IPv4 ? "inet" : "inet6")} hashsize {buckets} maxelem {most}\n");
        foreach (var prefix in prefixes)
        {
            script.Append(CultureInfo.InvariantCulture, $"add {name} {prefix}\n");
        }
    }
}
