using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>Asks sources side by side, each with what is remembered of it; the one way of fetching and judging of all commands.</summary>
internal static class SourceCollection
{
    /// <summary>Asks the sources; a look may fall back on what was built in, and goes on without a state that it may not read.</summary>
    public static async Task<ImmutableArray<SourceOutcome>> CollectAsync(
        Session session, IEnumerable<SourceConfig> sources, bool isLook, CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(sources.Select(source => CollectAsync(session, source, isLook, cancellationToken)))];

    private static async Task<SourceOutcome> CollectAsync(Session session, SourceConfig source, bool isLook, CancellationToken cancellationToken)
    {
        var stage = new SourceStage(session.Config.Guard, session.Time);
        var (memory, finding) = await RecallAsync(session, source, isLook, cancellationToken);
        var outcome = await stage.CollectAsync(session.SourceOf(source), memory, isLook, cancellationToken);
        return finding is null ? outcome : outcome with { Findings = outcome.Findings.Add(finding) };
    }

    // A look by a user who may not read the state goes on without it, and says so.
    private static async ValueTask<(SourceMemory? Memory, Finding? Finding)> RecallAsync(Session session, SourceConfig source, bool isLook, CancellationToken cancellationToken)
    {
        try
        {
            return (await session.State.LoadSourceAsync(source.Name, cancellationToken), null);
        }
        catch (StateException unreadable) when (isLook)
        {
            return (null, new Finding("state-unreadable", Severity.Warning, $"source {source.Name}: {unreadable.Message}; what was believed before is not known to this look", unreadable.Remedy));
        }
    }
}
