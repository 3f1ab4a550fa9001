using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>Reads a saved listing in place of a host's rules.</summary>
public sealed class SavedRuleSetReader(string path) : IRuleSetReader
{
    /// <inheritdoc/>
    public async ValueTask<RuleSetReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return new RuleSetReading(new LiveRules(RuleSetReader.Read([new Dump(path, await File.ReadAllBytesAsync(path, cancellationToken))])), null);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or DumpException)
        {
            return new RuleSetReading(null, new Finding(ReachabilityCheck.NotProved, Severity.Info, $"whether the wanted traffic really gets in was not looked at: {unreadable.Message}", "save the listing again with `nft -j list ruleset`"));
        }
    }
}
