using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>
/// The rules that a start of CSF makes of its lists and open ports, for `iptables-restore --test`: with FASTSTART one entry that is refused makes it fail after everything was flushed. What
/// is refused is refused by the very program that CSF uses. Pure.
/// </summary>
/// <param name="Family">The family.</param>
/// <param name="Lines">The lines, and where each comes from; null for a frame.</param>
internal sealed record CsfTest(IpFamily Family, ImmutableArray<(string Line, string? Origin)> Lines)
{
    /// <summary>What iptables-restore reads.</summary>
    public string Script => string.Concat(Lines.Select(line => line.Line + "\n"));

    /// <summary>The tests of a change: our own lines, and all others of CSF's lists where one bad entry is enough.</summary>
    public static IEnumerable<CsfTest> Of(CsfState state, CsfMark mark, IEnumerable<CsfRule> rules)
    {
        var ours = rules.Select(rule => (IsAllow: true, Entry: new CsfEntry(mark.AllowFile, 0, rule.Line(mark)))).ToList();
        var entries = (state.Configuration.OneBadEntryFails ? Others(state, mark) : []).Concat(ours).ToList();
        return state.Families.Select(family => new CsfTest(family, [.. Frame(), .. entries.SelectMany(entry => Of(entry.IsAllow, entry.Entry, family)), .. Ports(state.Configuration, family), ("COMMIT", null)]));
    }

    /// <summary>Where a line of the script comes from, by its number from 1; null for a frame and for no such line.</summary>
    public string? Origin(int number) => number >= 1 && number <= Lines.Length ? Lines[number - 1].Origin : null;

    private static IEnumerable<(bool IsAllow, CsfEntry Entry)> Others(CsfState state, CsfMark mark) =>
        state.Deny.Entries.Select(entry => (false, entry)).Concat(state.Allow.Files.Where(file => file.Path != mark.AllowFile).SelectMany(CsfList.EntriesOf).Select(entry => (true, entry)));

    private static IEnumerable<(string, string?)> Frame() => [("*filter", null), .. ((string[])["ALLOWIN", "ALLOWOUT", "DENYIN", "DENYOUT"]).Select(chain => ($":{chain} - [0:0]", (string?)null))];

    private static IEnumerable<(string, string?)> Of(bool isAllow, CsfEntry entry, IpFamily family) => entry.Matches().Where(match => match.Family == family)
        .Select(match => ($"-A {(isAllow ? "ALLOW" : "DENY")}{(match.IsOut ? "OUT ! -o lo" : "IN ! -i lo")} {match.Match} -j {(isAllow ? "ACCEPT" : "DROP")}", (string?)entry.ToString()));

    private static IEnumerable<(string, string?)> Ports(CsfConfiguration configuration, IpFamily family)
    {
        foreach (var protocol in (string[])["TCP", "UDP"])
        {
            foreach (var way in (string[])["IN", "OUT"])
            {
                var name = $"{protocol}{(family == IpFamily.IPv6 ? "6" : "")}_{way}";
                foreach (var port in configuration[name].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    yield return ($"-A {way}PUT -p {protocol.ToLowerInvariant()} --dport {port} -j ACCEPT", $"{CsfPlaces.Configuration}: {name} = \"{configuration[name]}\"");
                }
            }
        }
    }
}
