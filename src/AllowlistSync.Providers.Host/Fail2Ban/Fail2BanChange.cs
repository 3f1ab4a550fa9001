using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Carries out an edit. What fails is taken back; an answer that was lost is not: the change may be made, and the next run sees.</summary>
internal sealed class Fail2BanChange(Fail2BanTool tool, Fail2BanObserver observer, Target target)
{
    /// <summary>Carries it out.</summary>
    public async ValueTask MakeAsync(Fail2BanEdit edit, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = edit.Before;
        var isTold = false;
        try
        {
            // From here on it is done or taken back, whoever has lost his patience.
            now = await WriteAsync(now, edit.Between);
            if (!edit.Commands.IsEmpty)
            {
                isTold = true;
                await tool.TellAsync(edit.Commands, CancellationToken.None);
            }

            await WriteAsync(now, edit.After);
        }
        catch (ProviderException lost) when (lost is { Kind: FailureKind.Transient, Aftermath: Aftermath.Unknown })
        {
            throw;
        }
        catch (ProviderException failed)
        {
            throw await TakeBackAsync(edit, failed, isTold);
        }
    }

    private async ValueTask<ProviderException> TakeBackAsync(Fail2BanEdit edit, ProviderException failed, bool isTold)
    {
        try
        {
            if (isTold && !edit.Undo.IsEmpty && failed.Aftermath != Aftermath.Untouched)
            {
                await tool.TellAsync(edit.Undo, CancellationToken.None);
            }

            var now = await observer.ReadOwnAsync(target, CancellationToken.None);
            var isWritten = now != edit.Before;
            await WriteAsync(now, edit.Before);
            return isWritten || isTold
                ? new ProviderException(failed.Kind, Aftermath.RolledBack, $"{failed.Message}; our files were put back as they were", failed.Remedy, failed)
                : failed;
        }
        catch (ProviderException stuck)
        {
            return new ProviderException(failed.Kind, Aftermath.Unknown, $"{failed.Message}; and what was changed before it could not be put back: {stuck.Message}", $"{stuck.Remedy}; then run again: the next run reads fail2ban's files and its server afresh", failed);
        }
    }

    // The drop-in names the list and adds to the fallback, so they are there first and go last.
    private async ValueTask<OwnFiles> WriteAsync(OwnFiles now, OwnFiles wanted)
    {
        if (wanted.List is not null)
        {
            await WriteAsync(Fail2BanPlaces.List(target), now.List, wanted.List);
        }

        if (wanted.Fallback is not null)
        {
            await WriteAsync(Fail2BanPlaces.Fallback, now.Fallback, wanted.Fallback);
        }

        await WriteAsync(Fail2BanPlaces.DropIn, now.DropIn, wanted.DropIn);
        if (wanted.Fallback is null)
        {
            await WriteAsync(Fail2BanPlaces.Fallback, now.Fallback, null);
        }

        if (wanted.List is null)
        {
            await WriteAsync(Fail2BanPlaces.List(target), now.List, null);
        }

        return wanted;
    }

    private ValueTask WriteAsync(string path, string? now, string? wanted) => now == wanted ? ValueTask.CompletedTask : tool.ReplaceAsync(path, wanted, CancellationToken.None);
}
