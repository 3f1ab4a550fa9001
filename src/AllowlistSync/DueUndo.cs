using AllowlistSync.Configuration;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>
/// Carries out an undo whose time has come. Every command that reads a configuration looks for one when it starts, so a change that
/// nobody confirmed does not outlive a killed guard. What keeps it from being done is a problem of the command.
/// </summary>
internal static class DueUndo
{
    /// <summary>The id of the finding that an undo is due and was not made.</summary>
    public const string Overdue = "undo-overdue";

    /// <summary>The id of the finding that an undo was made and could not be written down.</summary>
    public const string BooksOpen = "undo-books-open";

    /// <summary>The id of the finding that it cannot be known whether an undo is due.</summary>
    public const string Unreadable = "state-unreadable";

    // The guard is at the same undo in these moments, and not long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Looks at every target of the configuration and tells on standard error; the problems by the names of the targets.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, Finding>> CarryOutAllAsync(Session session, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, Finding>(StringComparer.Ordinal);
        foreach (var target in session.Config.Targets)
        {
            if (await CarryOutAsync(session, target, cancellationToken) is not { } finding)
            {
                continue;
            }

            await session.Shell.Error.WriteLineAsync($"{target.Target.Name}: {finding.Message}{(finding.Remedy.Length > 0 ? "; " : "")}{finding.Remedy}");
            if (finding.Severity == Severity.Problem)
            {
                problems.Add(target.Target.Name, finding);
            }
        }

        return problems;
    }

    /// <summary>The problem that a target had when the session began, if it has it still; null when somebody has settled it since.</summary>
    public static async ValueTask<Finding?> StillAsync(Session session, TargetConfig target, CancellationToken cancellationToken)
    {
        if (!session.UndoProblems.TryGetValue(target.Target.Name, out var problem))
        {
            return null;
        }

        try
        {
            var receipt = await session.State.Target(target.Target.Name).LoadReceiptAsync(cancellationToken);
            return IsDue(receipt, session.Time) ? problem : null;
        }
        catch (StateException unreadable)
        {
            return new Finding(Unreadable, Severity.Problem, unreadable.Message, unreadable.Remedy);
        }
    }

    /// <summary>True when the time to confirm is over.</summary>
    public static bool IsDue(Receipt? receipt, TimeProvider time) => receipt is { AwaitsConfirmation: true } && receipt.ConfirmBy <= time.GetUtcNow();

    // What is said of one target; null when there was nothing to do.
    private static async ValueTask<Finding?> CarryOutAsync(Session session, TargetConfig target, CancellationToken cancellationToken)
    {
        var books = session.State.Target(target.Target.Name);
        Receipt? receipt;
        try
        {
            receipt = await books.LoadReceiptAsync(cancellationToken);
        }
        catch (StateException denied) when (denied.InnerException is UnauthorizedAccessException && !Environment.IsPrivilegedProcess)
        {
            // A user who may not read the state may still look at a firewall; whoever may write will carry out the undo.
            return null;
        }
        catch (StateException unreadable)
        {
            return new Finding(Unreadable, Severity.Problem, $"whether an undo is due cannot be known: {unreadable.Message}", unreadable.Remedy);
        }

        return IsDue(receipt, session.Time) ? await CarryOutAsync(session, target, books, receipt!, cancellationToken) : null;
    }

    private static async ValueTask<Finding?> CarryOutAsync(Session session, TargetConfig target, ITargetState books, Receipt receipt, CancellationToken cancellationToken)
    {
        var change = $"the apply of {receipt.StartedAt:u} was not confirmed by {receipt.ConfirmBy:u}";
        Finding Late(string why, string remedy) => new(Overdue, Severity.Problem, $"{change} and is not undone yet: {why}", remedy);
        try
        {
            await using var hold = await LockPatience.TakeAsync(token => books.LockAsync("undo", token), Patience, session.Time, cancellationToken);
            var result = await new Undo(session.Time).UndoIfDueAsync(await session.ProviderOfAsync(target, cancellationToken), target.Target, books, cancellationToken);
            return result == UndoResult.Undone ? new Finding("undone", Severity.Info, $"{change} and was undone", "") : null;
        }
        catch (TargetLockedException locked)
        {
            return Late(locked.Message, "wait for that run to end, then run `allowlist-sync status`");
        }
        catch (ProviderException failure)
        {
            return Late(failure.Message, failure.Remedy);
        }
        catch (StateException failure)
        {
            return Late(failure.Message, "make the state readable and writable, then run any command again");
        }
        catch (OpenBooksException open)
        {
            return new Finding(BooksOpen, Severity.Problem, $"{change}. {open.Message}", open.Remedy);
        }
    }
}
