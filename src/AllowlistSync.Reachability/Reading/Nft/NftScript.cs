using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Says what a rule set becomes when a script for <c>nft -f</c> is carried out on it, without the kernel. Pure.</summary>
public static class NftScript
{
    /// <summary>
    /// Carries out a script. New rules have no handle. What is not understood, and what the kernel would refuse, is a gap of the result;
    /// tables of x_tables stay as they are.
    /// </summary>
    /// <exception cref="DumpException">A brace is never closed.</exception>
    public static RuleSet Apply(RuleSet before, string script)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(script);
        var state = new NftScriptState(before.Tables.Where(table => table.Backend == Backend.NfTables));
        new NftTextParser("the script", script, state).Run();
        var after = NftScriptResult.Of("the script", state);
        return before with
        {
            Tables = [.. before.Tables.Where(table => table.Backend != Backend.NfTables), .. after.Tables],
            Gaps = [.. before.Gaps, .. after.Gaps],
        };
    }
}
