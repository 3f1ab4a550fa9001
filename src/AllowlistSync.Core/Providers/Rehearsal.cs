namespace AllowlistSync.Core.Providers;

/// <summary>Shows a change as the target's tool will get it, so that its effect can be worked out before it is made.</summary>
public interface IRehearsalCapability
{
    /// <summary>The very text that <c>Apply</c> hands to the tool. Touches nothing.</summary>
    ChangeScript ScriptOf(ChangeSet changes);

    /// <summary>A file that stands for the rules of the host, when the target is a saved listing; else null.</summary>
    string? SavedRules => null;
}

/// <summary>A change in the language of a tool.</summary>
/// <param name="Tool">The program that reads it: <c>nft</c>, <c>iptables-restore</c>, <c>ip6tables-restore</c>, <c>ipset</c>.</param>
/// <param name="Text">What it reads.</param>
public sealed record ChangeScript(string Tool, string Text);
