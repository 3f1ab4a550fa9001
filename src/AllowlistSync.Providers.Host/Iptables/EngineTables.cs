using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>The filter table of one engine.</summary>
internal sealed record EngineTable(IptablesPlace Place, IptablesListing Listing);

/// <summary>The filter tables of one family.</summary>
/// <param name="Family">The family.</param>
/// <param name="Tables">Those of the engines that are installed.</param>
/// <param name="IsLegacyHidden">True when the kernel holds legacy tables and no tool is there to read them.</param>
internal sealed record EngineTables(IpFamily Family, ImmutableArray<EngineTable> Tables, bool IsLegacyHidden);

/// <summary>What is worth telling of the engines of a host. Pure.</summary>
internal static class EngineFindings
{
    /// <summary>The findings of one family.</summary>
    public static IEnumerable<Finding> Of(EngineTables engines, ImmutableArray<IptablesPlace> served, IptablesOptions options)
    {
        var tool = new IptablesPlace(IptablesEngine.Nft, engines.Family).Tool;
        if (served.Length > 1)
        {
            yield return new Finding("both-engines", Severity.Info, $"{string.Join(" and ", served)} both hold rules, and a packet must pass both: both get our chain", $"move all rules to one of them when you can (`{tool}-legacy-save`)");
        }

        if (engines.IsLegacyHidden)
        {
            yield return new Finding("legacy-hidden", Severity.Warning, $"the kernel also holds tables of {tool}-legacy, and there is no tool here to read them: what they block stays blocked", "install iptables with its legacy tools, or flush those tables");
        }

        foreach (var table in engines.Tables.Where(table => options.Backend is not null && !served.Contains(table.Place) && table.Listing.Chains.TryGetValue(options.Chain, out var chain) && (chain.Policy == "DROP" || !chain.Rules.IsEmpty)))
        {
            yield return new Finding("other-engine", Severity.Warning, $"chain {options.Chain} of {table.Place} holds rules as well and is not served, because `backend` names the other engine: what it blocks stays blocked", "take `backend` out of the target's settings: both are served then");
        }

        if (served.IsEmpty && options.IsDocker)
        {
            yield return new Finding("no-docker-chain", Severity.Info, $"{tool} has no chain {options.Chain}: Docker does not publish ports for {engines.Family} in it, so there is nothing to open", "");
        }

        if (engines.Tables.Any(table => table.Listing.HasNativeChains))
        {
            yield return new Finding("native-chains", Severity.Info, $"the filter table of {tool} also holds base chains that nft made and iptables does not show", "`nft list ruleset` shows them; what they block needs a target with `provider: nftables`");
        }
    }
}
