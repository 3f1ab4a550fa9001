namespace AllowlistSync.Core.Providers;

/// <summary>Shows a change as the target's tools will get it, so that its effect can be worked out before it is made.</summary>
public interface IRehearsalCapability
{
    /// <summary>The very texts that <c>Apply</c> hands to the tools, in their order; null when this change cannot be shown. Touches nothing.</summary>
    IReadOnlyList<ChangeScript>? ScriptsOf(ChangeSet changes);

    /// <summary>A file that stands for the rules of the host, when the target is a saved listing; else null.</summary>
    string? SavedRules => null;
}

/// <summary>The languages of changes.</summary>
public enum ScriptLanguage
{
    /// <summary><c>nft -f</c> (nft(8)).</summary>
    Nft,

    /// <summary><c>ipset restore</c> (ipset(8)).</summary>
    Ipset,

    /// <summary><c>iptables-legacy-restore --noflush</c>.</summary>
    IptablesLegacy,

    /// <summary><c>iptables-nft-restore --noflush</c>.</summary>
    IptablesNft,

    /// <summary><c>ip6tables-legacy-restore --noflush</c>.</summary>
    Ip6tablesLegacy,

    /// <summary><c>ip6tables-nft-restore --noflush</c>.</summary>
    Ip6tablesNft,
}

/// <summary>A change in the language of a tool.</summary>
/// <param name="Language">Which tool reads it.</param>
/// <param name="Text">What it reads.</param>
public sealed record ChangeScript(ScriptLanguage Language, string Text);
