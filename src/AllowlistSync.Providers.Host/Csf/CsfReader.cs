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
    public static CsfChain ReadChain(string text, IpFamily family, string command) =>
        new(family, ChainText.Read(text, CsfPlaces.AllowChain, command)?.Select(line => CsfRule.ReadKernel(line, family)).OfType<CsfRule>().ToImmutableHashSet());

    private static ProviderException Refused(int number, string line, string what) => new(
        FailureKind.Conflict, Aftermath.Untouched, $"{CsfPlaces.Configuration} line {number} {what}, so csf does nothing: {line}; nothing was changed", "mend that line; `csf -v` says what csf makes of it");
}
