using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>
/// Carries out edits: files first, then the kernel, so that a kill between them leaves our mark in the files and the next run tells ours from others'; when nothing of
/// ours stays, the kernel first, for the same reason. What fails is taken back; an answer that was lost is not: the change may be made, and the next run sees.
/// </summary>
internal sealed class UfwChange(UfwTool tool, UfwBackend backend)
{
    /// <summary>Carries them out.</summary>
    public async ValueTask MakeAsync(ImmutableArray<UfwEdit> edits, bool leavesOurs, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var writes = edits.Where(edit => edit.Writes).Select(edit => new Step(edit, IsLoad: false));
        var loads = edits.Where(edit => edit.Loads).Select(edit => new Step(edit, IsLoad: true));
        var touched = new Stack<Step>();
        ProviderException? lost = null;
        foreach (var step in leavesOurs ? writes.Concat(loads) : loads.Concat(writes))
        {
            touched.Push(step);
            try
            {
                // From here on it is done or taken back, whoever has lost his patience.
                await DoAsync(step, step.Edit.After);
            }
            catch (ProviderException unanswered) when (unanswered.Aftermath == Aftermath.Unknown)
            {
                lost ??= unanswered;
            }
            catch (ProviderException failed)
            {
                throw await TakeBackAsync(touched, failed);
            }
        }

        if (lost is not null)
        {
            throw lost;
        }
    }

    // A restore that failed has changed nothing, and a file that could not be replaced is mostly as it was: only what is different is put back.
    private async ValueTask<ProviderException> TakeBackAsync(Stack<Step> touched, ProviderException failed)
    {
        var isFirst = true;
        var takenBack = false;
        try
        {
            foreach (var step in touched)
            {
                if (step.IsLoad ? !isFirst : await tool.ReadAsync(UfwPlaces.Rules(step.Edit.Family), CancellationToken.None) != step.Edit.Before)
                {
                    await DoAsync(step, step.Edit.Before);
                    takenBack = true;
                }

                isFirst = false;
            }
        }
        catch (ProviderException stuck)
        {
            return new ProviderException(
                failed.Kind,
                Aftermath.Unknown,
                $"{failed.Message}; and what was changed before it could not be put back: {stuck.Message}",
                $"{stuck.Remedy}; then run again: the next run reads ufw's files and the kernel afresh and makes them agree",
                failed);
        }

        return takenBack
            ? new ProviderException(failed.Kind, Aftermath.RolledBack, $"{failed.Message}; ufw's files and rules were put back as they were", failed.Remedy, failed)
            : failed;
    }

    private ValueTask DoAsync(Step step, string text) => step.IsLoad
        ? tool.LoadAsync(backend, step.Edit.Family, text, CancellationToken.None)
        : tool.ReplaceAsync(UfwPlaces.Rules(step.Edit.Family), text, CancellationToken.None);

    private sealed record Step(UfwEdit Edit, bool IsLoad);
}
