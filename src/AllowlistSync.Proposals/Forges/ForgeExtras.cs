using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Forges;

/// <summary>What is asked for besides a pull request: it is there already when one of these fails, so that is told and ends nothing.</summary>
internal sealed class ForgeExtras
{
    /// <summary>The name of our status of a commit.</summary>
    public const string StatusContext = "allowlist-sync";

    /// <summary>What failed, a sentence each.</summary>
    public ImmutableArray<string> Failed { get; private set; } = [];

    /// <summary>Tells what the forge does not have.</summary>
    public void Tell(string sentence) => Failed = Failed.Add(sentence);

    /// <summary>Tries it.</summary>
    public async ValueTask TryAsync(ValueTask work)
    {
        try
        {
            await work;
        }
        catch (ForgeException failure)
        {
            Tell($"{failure.Message}; {failure.Remedy}");
        }
    }
}
