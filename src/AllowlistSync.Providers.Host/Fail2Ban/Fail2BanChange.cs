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

    // The drop-in names the list and adds to the fallback: what of them is wanted is there before it, and what is not goes after it.
    private async ValueTask<OwnFiles> WriteAsync(OwnFiles now, OwnFiles wanted)
    {
        (string Path, string? Now, string? Wanted) dropIn = (Fail2BanPlaces.DropIn, now.DropIn, wanted.DropIn);
        (string Path, string? Now, string? Wanted)[] needed = [(Fail2BanPlaces.List(target), now.List, wanted.List), (Fail2BanPlaces.Fallback, now.Fallback, wanted.Fallback)];
        foreach (var file in needed.Where(file => file.Wanted is not null).Append(dropIn).Concat(needed.Where(file => file.Wanted is null).Reverse()))
        {
            if (file.Now != file.Wanted)
            {
                await tool.ReplaceAsync(file.Path, file.Wanted, CancellationToken.None);
            }
        }

        return wanted;
    }
}
