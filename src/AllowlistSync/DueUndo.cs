using AllowlistSync.Configuration;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>Carries out an undo whose time has come. Every command that reads a configuration looks for one when it starts, so a change that nobody confirmed does not outlive a killed guard.</summary>
internal static class DueUndo
{
    /// <summary>Looks at every target of the configuration.</summary>
    public static async ValueTask CarryOutAllAsync(Session session, CancellationToken cancellationToken)
    {
        foreach (var target in session.Config.Targets)
        {
            if (await CarryOutAsync(session, target, cancellationToken) is { } message)
            {
                await session.Shell.Error.WriteLineAsync($"{target.Target.Name}: {message}");
            }
        }
    }

    /// <summary>Looks at one target; what it returns is for people, null when there was nothing to do.</summary>
    public static async ValueTask<string?> CarryOutAsync(Session session, TargetConfig target, CancellationToken cancellationToken)
    {
        var books = session.State.Target(target.Target.Name);
        try
        {
            if (await books.LoadReceiptAsync(cancellationToken) is not { AwaitsConfirmation: true } receipt || receipt.ConfirmBy > session.Time.GetUtcNow())
            {
                return null;
            }

            await using var hold = await books.LockAsync("undo", cancellationToken);
            var result = await new Undo(session.Time).UndoIfDueAsync(Session.ProviderOf(target), target.Target, books, cancellationToken);
            return result == UndoResult.Undone ? $"the apply of {receipt.StartedAt:u} was not confirmed by {receipt.ConfirmBy:u} and was undone" : null;
        }
        catch (TargetLockedException locked)
        {
            return $"an undo is due and waits: {locked.Message}";
        }
        catch (ProviderException failure)
        {
            return $"an undo is due and could not be carried out: {failure.Message}; {failure.Remedy}";
        }
        catch (StateException)
        {
            // A user who may not read the state may still look at a firewall; whoever may write will carry out the undo.
            return null;
        }
    }
}
