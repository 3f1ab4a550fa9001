using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Nft;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Carries out a change on the model instead of the host. Each tool has its own language.</summary>
internal static class ChangeScripts
{
    /// <summary>The rule set after the change. What is not followed leaves a gap in it.</summary>
    public static RuleSet Apply(RuleSet before, ChangeScript script) => script.Language switch
    {
        ScriptLanguage.Nft => NftScript.Apply(before, script.Text),
        _ => before with { Gaps = before.Gaps.Add(new Gap(Families.Both, $"a change in the language {script.Language} cannot be worked out beforehand by this version")) },
    };
}
