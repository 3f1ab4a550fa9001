using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>Reads CSF's configuration and what iptables-save prints. Pure. What is not understood is a failure that names the place, never an empty answer.</summary>
internal static class CsfReader
{
    /// <summary>Reads csf.conf; what csf itself refuses (Config.pm of CSF 15) is a conflict.</summary>
    public static CsfConfiguration ReadConfiguration(string text)
    {
        var values = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (at, line) in CsfText.Lines(text).Index().Select(line => (line.Index + 1, line.Item.Trim())).Where(line => line.Item2 is [not '#', ..] && line.Item2.Contains('=', StringComparison.Ordinal)))
        {
            var split = line.IndexOf('=', StringComparison.Ordinal);
            var (first, last) = (line.IndexOf('"', split), line.LastIndexOf('"'));
            if (first < 0 || last <= first)
            {
                throw Refused(at, line, "has a value without quotes");
            }

            if (!values.TryAdd(line[..split].Trim(), line[(first + 1)..last]))
            {
                throw Refused(at, line, "sets something for the second time");
            }
        }

        return new CsfConfiguration(values.ToImmutable());
    }

    /// <summary>Reads the chain of what is let in out of iptables-save.</summary>
    public static CsfChain ReadChain(string text, IpFamily family, string command)
    {
        var rules = ImmutableHashSet.CreateBuilder<CsfRule>();
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
                case [':', ..] when table == "filter" && line.StartsWith($":{CsfPlaces.AllowChain} ", StringComparison.Ordinal):
                    isThere = true;
                    break;
                case ['-', ..] when table == "filter" && line.StartsWith($"-A {CsfPlaces.AllowChain} ", StringComparison.Ordinal) && CsfRule.ReadKernel(line, family) is { } rule:
                    rules.Add(rule);
                    break;
            }
        }

        // iptables-nft-save says nothing at all where there is no table; what was cut off has a table that does not end.
        if (table.Length > 0 || (text.Length > 0 && (!text.EndsWith('\n') || (!hasTable && !text.StartsWith('#')))))
        {
            throw new ProviderException(FailureKind.Protocol, Aftermath.Untouched, $"`{command}` printed something that is no whole list of rules ({text.Length} characters)", $"look at what `{command}` prints; nothing was changed");
        }

        return new CsfChain(family, isThere ? rules.ToImmutable() : null);
    }

    private static ProviderException Refused(int number, string line, string what) => new(
        FailureKind.Conflict, Aftermath.Untouched, $"{CsfPlaces.Configuration} line {number} {what}, so csf does nothing: {line}; nothing was changed", "mend that line; `csf -v` says what csf makes of it");
}
