using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>Reads the rules of a host for the pipeline. A host whose rules cannot be read is told, and nothing is proved.</summary>
public sealed class HostRuleSetReader(IHost host) : IRuleSetReader
{
    /// <inheritdoc/>
    public async ValueTask<RuleSetReading> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var collection = await LiveRuleSet.CollectAsync(host, LiveRuleSet.DefaultLimit, cancellationToken);
            var ruleSet = RuleSetReader.Read(collection.Dumps);
            return new RuleSetReading(new LiveRules(ruleSet with { Gaps = [.. ruleSet.Gaps, .. collection.Gaps] }), null);
        }
        catch (CollectionException refused)
        {
            return NotRead(refused.Message, refused.Remedy);
        }
        catch (DumpException strange)
        {
            return NotRead(strange.Message, strange.Remedy);
        }
    }

    private static RuleSetReading NotRead(string message, string remedy) =>
        new(null, new Finding("not-proved", Severity.Info, $"whether the wanted traffic really gets in was not looked at: {message}", remedy));
}
