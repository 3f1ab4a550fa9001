using AllowlistSync.Core;
using AllowlistSync.Core.Planning;

namespace AllowlistSync.Commands;

/// <summary>Asks a person before a change, when there is one.</summary>
internal static class Question
{
    /// <summary>The question, or null when nobody is to be asked (--yes, or no terminal: a timer).</summary>
    public static AskPerson? Before(Session session, bool yes) =>
        yes || !session.Shell.CanAsk ? null : (plan, cancellationToken) => AskAsync(session, plan, cancellationToken);

    private static async ValueTask<bool> AskAsync(Session session, Plan plan, CancellationToken cancellationToken)
    {
        var shell = session.Shell;
        session.Progress.Clear();
        var changes = plan.Changes;
        foreach (var (sign, entries) in new[] { ('+', changes.Add.Entries()), ('-', changes.Remove.Entries()) })
        {
            foreach (var entry in entries)
            {
                await shell.Prompt.WriteLineAsync($"{sign} {entry.Prefix} {entry.Ports}");
            }
        }

        foreach (var repair in changes.Repairs)
        {
            await shell.Prompt.WriteLineAsync($"! {repair.Message}");
        }

        return await MayAsync(session, yes: false, $"{plan.Target.Name}: add {changes.Add.Entries().Length}, remove {changes.Remove.Entries().Length}, repair {changes.Repairs.Length}. Make this change?", cancellationToken);
    }

    /// <summary>One question, answered with yes or anything else; nobody there to answer means yes.</summary>
    public static async ValueTask<bool> MayAsync(Session session, bool yes, string question, CancellationToken cancellationToken)
    {
        if (yes || !session.Shell.CanAsk)
        {
            return true;
        }

        session.Progress.Clear();
        await session.Shell.Prompt.WriteAsync(question + " [y/N] ");
        var answer = await session.Shell.In.ReadLineAsync(cancellationToken);
        return answer?.Trim().ToUpperInvariant() is "Y" or "YES";
    }
}
