using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Ipset;
using AllowlistSync.Reachability.Reading.Iptables;
using AllowlistSync.Reachability.Reading.Nft;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Carries out a change on the model instead of the host. Each tool has its own language.</summary>
internal static class ChangeScripts
{
    /// <summary>The rule set after the change. What is not followed leaves a gap in it.</summary>
    public static RuleSet Apply(RuleSet before, ChangeScript script) => script.Language switch
    {
        ScriptLanguage.Nft => NftScript.Apply(before, script.Text),
        ScriptLanguage.Ipset => IpsetScript.Apply(before, script.Text),
        ScriptLanguage.IptablesLegacy => RestoreScript.Apply(before, new(Backend.Legacy, IpFamily.IPv4), script.Text),
        ScriptLanguage.IptablesNft => RestoreScript.Apply(before, new(Backend.NfTables, IpFamily.IPv4), script.Text),
        ScriptLanguage.Ip6tablesLegacy => RestoreScript.Apply(before, new(Backend.Legacy, IpFamily.IPv6), script.Text),
        ScriptLanguage.Ip6tablesNft => RestoreScript.Apply(before, new(Backend.NfTables, IpFamily.IPv6), script.Text),
        _ => before with { Gaps = before.Gaps.Add(new Gap(Families.Both, $"a change in the language {script.Language} cannot be worked out beforehand by this version")) },
    };
}
