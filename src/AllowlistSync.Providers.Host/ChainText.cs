using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host;

/// <summary>One chain of the filter table out of iptables-save, for managers of rules that concern us with a single chain of theirs. Pure.</summary>
internal static class ChainText
{
    /// <summary>The lines of the chain's rules, in order; null when the chain is not there. What is no whole list of rules is an error.</summary>
    /// <param name="text">What the tool printed.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="command">The tool, for messages.</param>
    public static ImmutableArray<string>? Read(string text, string chain, string command)
    {
        var rules = ImmutableArray.CreateBuilder<string>();
        var (table, isThere, hasTable) = ("", false, false);
        foreach (var line in text.Split('\n'))
        {
            switch (line)
            {
                case ['*', .. var name]:
                    (table, hasTable) = (name, true);
                    break;
                case "COMMIT":
                    table = "";
                    break;
                case [':', ..] when table == "filter" && line.StartsWith($":{chain} ", StringComparison.Ordinal):
                    isThere = true;
                    break;
                case ['-', ..] when table == "filter" && line.StartsWith($"-A {chain} ", StringComparison.Ordinal):
                    rules.Add(line);
                    break;
            }
        }

        // iptables-nft-save says nothing at all where there is no table; what was cut off has a table that does not end.
        if (table.Length > 0 || (text.Length > 0 && (!text.EndsWith('\n') || (!hasTable && !text.StartsWith('#')))))
        {
            throw new ProviderException(FailureKind.Protocol, Aftermath.Untouched, $"`{command}` printed something that is no whole list of rules ({text.Length} characters)", $"look at what `{command}` prints; nothing was changed");
        }

        return isThere ? rules.DrainToImmutable() : null;
    }
}
