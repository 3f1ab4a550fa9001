using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>Writes long rule sets: bans of single addresses, the rule that lets the asked ranges in behind them.</summary>
internal static class BigScripts
{
    private const string Head = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n";

    private static readonly IpPrefix[] Inside = [.. AskedRanges.All.Where(range => range.Family == IpFamily.IPv4)];
    private static readonly byte[] Elsewhere = [5, 23, 45, 77, 91, 185, 203, 212];

    internal static string IptablesBans(int size, bool inside)
    {
        var text = new StringBuilder(Head);
        foreach (var address in Addresses(size, inside))
        {
            text.Append(CultureInfo.InvariantCulture, $"-A INPUT -s {address}/32 -p tcp -m multiport --dports 80,443 -j DROP\n");
        }

        return text.Append(AllowRules()).Append("COMMIT\n").ToString();
    }

    internal static string Ipset(int size)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"create ban hash:ip family inet hashsize 65536 maxelem {size + 10}\n"));
        return text.AppendJoin("", Addresses(size, inside: true).Distinct().Select(address => $"add ban {address}\n")).ToString();
    }

    internal static string IpsetRules() => Head + "-A INPUT -m set --match-set ban src -j DROP\n" + AllowRules() + "COMMIT\n";

    internal static string NftBans(int size)
    {
        var text = new StringBuilder("table inet big {\n chain in {\n  type filter hook input priority 0; policy drop;\n  ct state established,related accept\n");
        foreach (var address in Addresses(size, inside: true))
        {
            text.Append(CultureInfo.InvariantCulture, $"  ip saddr {address} tcp dport {{ 80, 443 }} drop\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"  ip saddr {{ {string.Join(", ", Inside)} }} tcp dport {{ 80, 443 }} accept\n }}\n}}\n").ToString();
    }

    internal static string NftSets(int size)
    {
        var elements = string.Join(",\n", Addresses(size, inside: true).Distinct());
        string[] verdicts = ["drop", "accept", "continue"];
        var map = string.Join(",\n", Addresses(size / 10, inside: true).Distinct().Select((address, index) => $"{address} : {verdicts[index % verdicts.Length]}"));
        return $$"""
            table inet big {
              set ban { type ipv4_addr; elements = { {{elements}} }; }
              set bani { type ipv4_addr; flags interval; auto-merge; elements = { {{elements}} }; }
              map vm { type ipv4_addr : verdict; elements = { {{map}} }; }
              chain in {
                type filter hook input priority 0; policy drop;
                ct state established,related accept
                ip saddr @ban drop
                ip saddr @bani tcp dport 80 drop
                ip saddr vmap @vm
                ip saddr { {{string.Join(", ", Inside)}} } tcp dport { 80, 443 } accept
              }
            }

            """;
    }

    private static string AllowRules() => string.Concat(Inside.Select(range => $"-A INPUT -s {range} -p tcp -m multiport --dports 80,443 -j ACCEPT\n"));

    // The same ones in every run.
    private static IEnumerable<string> Addresses(int count, bool inside)
    {
        var random = new Random(1);
        for (var i = 0; i < count; i++)
        {
            var address = inside && i % 2 == 1 ? In(Inside[random.Next(Inside.Length)], random) : ((uint)Elsewhere[random.Next(Elsewhere.Length)] << 24) | (uint)random.Next(1 << 24);
            yield return string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}");
        }
    }

    private static uint In(IpPrefix range, Random random) => (uint)range.First + (uint)random.NextInt64((long)(range.Last - range.First) + 1);
}
