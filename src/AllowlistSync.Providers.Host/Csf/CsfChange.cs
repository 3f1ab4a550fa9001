using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>
/// Carries out a plan: files, then the restart that reads them, then bans one by one, then the files that say that all is in force. A restart counts when the kernel holds what
/// was planned, whatever csf said. What fails before that is taken back, with another restart if there was one.
/// </summary>
internal sealed class CsfChange(CsfTool tool, CsfObserver observer, CsfView before)
{
    private readonly Stack<CsfEdit> _written = new();
    private CsfRestart _restarted;

    /// <summary>Carries it out.</summary>
    public async ValueTask MakeAsync(CsfPlan plan, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // From here on it is done or taken back, whoever has lost his patience.
            await WriteAsync(plan.First);
            await RestartAsync(plan.Restart, plan);
        }
        catch (ProviderException failed)
        {
            throw await TakeBackAsync(failed);
        }

        await FinishAsync(plan);
    }

    private async ValueTask WriteAsync(IEnumerable<CsfEdit> edits)
    {
        foreach (var edit in edits)
        {
            // CSF and lfd add bans to these files at any time.
            if (await tool.ReadAsync(edit.Path, CancellationToken.None) is var now && now != edit.Before && !(string.IsNullOrEmpty(now) && string.IsNullOrEmpty(edit.Before)))
            {
                throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"{edit.Path} was changed by somebody else in this moment", "run again: the plan is made afresh");
            }

            _written.Push(edit);
            await tool.WriteAsync(edit.Path, edit.After, CancellationToken.None);
        }
    }

    private async ValueTask RestartAsync(CsfRestart restart, CsfPlan plan)
    {
        if (restart == CsfRestart.None)
        {
            return;
        }

        _restarted = restart;
        await tool.RestartAsync(restart, CancellationToken.None);
        Require(restart, CsfView.Of(await observer.ReadAsync(before.Mark, CancellationToken.None), before.Mark), plan.Wanted, before.State.Lfd);
    }

    private static void Require(CsfRestart restart, CsfView now, IReadOnlySet<CsfRule> wanted, string? lfd)
    {
        if (restart.HasFlag(CsfRestart.Firewall) && CsfObservation.NotRunning(now.State) is { } not)
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Unknown, not.Message, not.Remedy);
        }

        if (restart.HasFlag(CsfRestart.Firewall) && !now.InForce.SetEquals(wanted))
        {
            throw new ProviderException(FailureKind.Protocol, Aftermath.Unknown, $"csf was restarted, and of our {wanted.Count} rules {wanted.Except(now.InForce).Count()} are not in the kernel", "look at what `csf -r` says");
        }

        if (restart.HasFlag(CsfRestart.Lfd) && (now.State.Lfd is null || now.State.Lfd == lfd))
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Unknown, now.State.Lfd is null ? "lfd was told to restart, and does not run now" : "lfd was told to restart, and is the same process as before", "look at what `csf --lfd restart` says");
        }
    }

    // The change stands. What is left is bans, and files that only say so.
    private async ValueTask FinishAsync(CsfPlan plan)
    {
        try
        {
            foreach (var ban in plan.Lift.DistinctBy(ban => (ban.Address.ToUpperInvariant(), ban.IsTemporary)))
            {
                await tool.LiftAsync(ban, CancellationToken.None);
            }

            await WriteAsync(plan.Last);
        }
        catch (ProviderException failed)
        {
            throw new ProviderException(failed.Kind, Aftermath.Unknown, $"the entries are in force, but not all of the rest could be done: {failed.Message}", $"{failed.Remedy}; then run again, which does the rest", failed);
        }
    }

    private async ValueTask<ProviderException> TakeBackAsync(ProviderException failed)
    {
        var isChanged = false;
        try
        {
            // Asked while our files still tell ours from others' in the kernel.
            var isRestarted = _restarted != CsfRestart.None && !await IsAsBeforeAsync();
            foreach (var edit in _written)
            {
                isChanged |= await PutBackAsync(edit);
            }

            if (isRestarted)
            {
                await RestartBackAsync();
                isChanged = true;
            }
        }
        catch (ProviderException stuck)
        {
            return new ProviderException(
                failed.Kind,
                Aftermath.Unknown,
                $"{failed.Message}; and what was changed before it could not be put back: {stuck.Message}",
                $"{stuck.Remedy}; look at `csf -r`: while csf.error is there, the host is open",
                failed);
        }

        return isChanged
            ? new ProviderException(failed.Kind, Aftermath.RolledBack, $"{failed.Message}; CSF's files and rules were put back as they were", failed.Remedy, failed)
            : new ProviderException(failed.Kind, Aftermath.Untouched, failed.Message, failed.Remedy, failed);
    }

    // A csf that refused at once, or was never started, has not read our files: another restart would cost connections for nothing.
    private async ValueTask<bool> IsAsBeforeAsync()
    {
        try
        {
            var now = CsfView.Of(await observer.ReadAsync(before.Mark, CancellationToken.None), before.Mark);
            return (!_restarted.HasFlag(CsfRestart.Firewall) || (CsfObservation.NotRunning(now.State) is null && now.InForce.SetEquals(before.InForce)))
                && (!_restarted.HasFlag(CsfRestart.Lfd) || now.State.Lfd == before.State.Lfd);
        }
        catch (ProviderException)
        {
            // Not known is not as before.
            return false;
        }
    }

    // A file that could not be replaced is mostly as it was: only what is different is put back, and what others added meanwhile stays.
    private async ValueTask<bool> PutBackAsync(CsfEdit edit)
    {
        var now = await tool.ReadAsync(edit.Path, CancellationToken.None);
        if (now == edit.Before)
        {
            return false;
        }

        var added = edit.After is { Length: > 0 } && now is not null && now.StartsWith(edit.After, StringComparison.Ordinal) ? now[edit.After.Length..] : "";
        await tool.WriteAsync(edit.Path, edit.Before is null ? null : edit.Before + added, CancellationToken.None);
        return true;
    }

    private async ValueTask RestartBackAsync()
    {
        var lfd = await tool.ReadLfdAsync(CancellationToken.None);
        foreach (var part in ((CsfRestart[])[CsfRestart.Firewall, CsfRestart.Lfd]).Where(part => _restarted.HasFlag(part)))
        {
            // Not in one: after a start that failed, csf refuses all but another start.
            await tool.RestartAsync(part, CancellationToken.None);
        }

        Require(_restarted, CsfView.Of(await observer.ReadAsync(before.Mark, CancellationToken.None), before.Mark), before.InForce, lfd);
    }
}
