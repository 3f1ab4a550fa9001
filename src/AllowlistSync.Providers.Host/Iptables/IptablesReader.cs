using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Reads iptables-save (captured from iptables 1.8.9 of both engines). Pure.</summary>
public static class IptablesReader
{
    private const string SetMatch = "--match-set ";

    /// <summary>The filter table; no table at all is an empty listing, half a table is an error.</summary>
    /// <param name="content">What the tool printed.</param>
    /// <param name="tool">The tool, for messages.</param>
    public static IptablesListing Read(ReadOnlyMemory<byte> content, string tool)
    {
        var chains = new Dictionary<string, (string? Policy, ImmutableArray<string>.Builder Rules)>(StringComparer.Ordinal);
        var others = ImmutableArray.CreateBuilder<string>();
        string? table = null;
        foreach (var line in Lines(content, tool))
        {
            if (line.StartsWith('*') && table is null)
            {
                table = line[1..];
            }
            else if (line == "COMMIT" && table is not null)
            {
                table = null;
            }
            else if (!(table == "filter" ? TakeLine(line, chains) : table is not null && TakeOther(line, others)))
            {
                throw NotASave(tool, $"`{(line.Length > 60 ? line[..60] : line)}` is no line of it");
            }
        }

        return table is null
            ? new IptablesListing(content, chains.ToImmutableDictionary(pair => pair.Key, pair => new SavedChain(pair.Key, pair.Value.Policy, pair.Value.Rules.ToImmutable()), StringComparer.Ordinal), others.ToImmutable())
            : throw NotASave(tool, $"it ends in the middle of table {table}");
    }

    /// <summary>The words behind <c>-A CHAIN</c>, and the chain; null for another line.</summary>
    internal static (string Chain, string Rule)? Rule(string line)
    {
        if (!line.StartsWith("-A ", StringComparison.Ordinal))
        {
            return null;
        }

        var end = line.IndexOf(' ', 3);
        return end < 0 ? (line[3..], "") : (line[3..end], line[(end + 1)..]);
    }

    /// <summary>True when the rule leads some or all packets to a chain.</summary>
    internal static bool LeadsTo(string rule, string chain) =>
        rule.EndsWith(chain, StringComparison.Ordinal) && rule[..^chain.Length] is var before
        && (before is "-j " or "-g " || before.EndsWith(" -j ", StringComparison.Ordinal) || before.EndsWith(" -g ", StringComparison.Ordinal));

    /// <summary>True when the rule asks a set of this name.</summary>
    internal static bool Asks(string rule, string set) => rule.Contains($"{SetMatch}{set} ", StringComparison.Ordinal);

    private static IEnumerable<string> Lines(ReadOnlyMemory<byte> content, string tool)
    {
        var text = Encoding.UTF8.GetString(content.Span);
        if (text.Length > 0 && text[^1] != '\n')
        {
            throw NotASave(tool, "its last line is not ended");
        }

        return text.Split('\n').Where(line => line.Length > 0 && line[0] != '#');
    }

    private static bool TakeLine(string line, Dictionary<string, (string? Policy, ImmutableArray<string>.Builder Rules)> chains)
    {
        if (line[0] == ':' && line.Split(' ') is [var name, var policy, ..])
        {
            chains[name[1..]] = (policy == "-" ? null : policy, ImmutableArray.CreateBuilder<string>());
            return true;
        }

        if (Rule(line) is not var (chain, rule) || !chains.TryGetValue(chain, out var found))
        {
            return false;
        }

        found.Rules.Add(rule);
        return true;
    }

    private static bool TakeOther(string line, ImmutableArray<string>.Builder others)
    {
        if (line.Contains(SetMatch, StringComparison.Ordinal))
        {
            others.Add(line);
        }

        return line[0] is ':' or '-' or '[';
    }

    private static ProviderException NotASave(string tool, string why) =>
        new(FailureKind.Protocol, Aftermath.Untouched, $"what `{tool}` printed is no whole rule set: {why}", $"run `{tool}` and look; when it is right there, please report it together with `iptables --version`");
}
