using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>
/// Makes our file hold what it shall, and crowdsec read it: written, tested, loaded, marked as loaded. A kill between two of them leaves the mark that it may not be loaded, and the next run loads it. What
/// crowdsec refuses is taken back.
/// </summary>
internal sealed class WhitelistChange(CrowdSecTool tool, CrowdSecMark mark, TimeProvider time)
{
    /// <summary>Makes it so; one line for each thing done.</summary>
    /// <param name="planned">The file as it was when the change was planned; null when that does not matter.</param>
    /// <param name="sources">What it shall list.</param>
    /// <param name="cancellationToken">Heard until the first change.</param>
    public async ValueTask<ImmutableArray<string>> MakeAsync(WhitelistFile? planned, PrefixSet sources, CancellationToken cancellationToken)
    {
        var now = CrowdSecReader.ReadFile(await tool.ReadAsync(mark.Path, cancellationToken), mark);
        var isRight = sources.IsEmpty ? now.Text is null : now is { Text: not null, IsWhole: true } && now.Sources.Equals(sources);
        if (isRight && now.WrittenAt is null)
        {
            return [];
        }

        if (!isRight && planned is not null && (planned.IsWhole, planned.Text is null) is var before && (before != (now.IsWhole, now.Text is null) || !planned.Sources.Equals(now.Sources)))
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"{mark.Path} was changed by somebody else since it was read; nothing was changed", "run again: the plan is made afresh");
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (!isRight)
        {
            return await WriteAsync(now.Text, sources);
        }

        // Whoever wrote it may have been killed before he tested it.
        await tool.Daemon.TestAsync(cancellationToken);
        return await LoadAsync("was there", sources);
    }

    private async ValueTask<ImmutableArray<string>> WriteAsync(string? before, PrefixSet sources)
    {
        var fresh = sources.IsEmpty ? null : CrowdSecWriter.File(mark, sources, time.GetUtcNow());
        try
        {
            await tool.PutAsync(mark.Path, fresh, CancellationToken.None);
        }
        catch (ProviderException failed)
        {
            throw await JudgeAsync(before, failed);
        }

        try
        {
            await tool.Daemon.TestAsync(CancellationToken.None);
        }
        catch (ProviderException refused)
        {
            throw await TakeBackAsync(before, refused);
        }

        try
        {
            return await LoadAsync(fresh is null ? "was taken away" : $"was written with {sources.Prefixes().Count()} prefixes", sources);
        }
        catch (ProviderException failed)
        {
            throw new ProviderException(failed.Kind, Aftermath.Unknown, $"{mark.Path} is changed, and then: {failed.Message}", failed.Remedy, failed);
        }
    }

    private async ValueTask<ImmutableArray<string>> LoadAsync(string what, PrefixSet sources)
    {
        if (await tool.Daemon.ReadServiceAsync(CancellationToken.None) != CrowdSecService.Active)
        {
            return [$"{mark.Path} {what}; crowdsec reads it at its next start"];
        }

        await tool.Daemon.ReloadAsync(CancellationToken.None);
        if (!sources.IsEmpty)
        {
            await tool.PutAsync(mark.Path, CrowdSecWriter.Loaded(mark, sources), CancellationToken.None);
        }

        return [$"{mark.Path} {what}; crowdsec was told to load it"];
    }

    // A file that could not be replaced is mostly as it was.
    private async ValueTask<ProviderException> JudgeAsync(string? before, ProviderException failed)
    {
        try
        {
            return await tool.ReadAsync(mark.Path, CancellationToken.None) == before
                ? new ProviderException(failed.Kind, Aftermath.Untouched, failed.Message, failed.Remedy, failed)
                : failed;
        }
        catch (ProviderException)
        {
            return failed;
        }
    }

    private async ValueTask<ProviderException> TakeBackAsync(string? before, ProviderException refused)
    {
        try
        {
            await tool.PutAsync(mark.Path, before, CancellationToken.None);
            return new ProviderException(refused.Kind, Aftermath.RolledBack, $"{refused.Message}; {mark.Path} was put back as it was, and crowdsec goes on as before", refused.Remedy, refused);
        }
        catch (ProviderException stuck)
        {
            return new ProviderException(refused.Kind, Aftermath.Unknown, $"{refused.Message}; and {mark.Path} could not be put back: {stuck.Message}", $"{refused.Remedy}; take the file away if the message is about it", refused);
        }
    }
}
