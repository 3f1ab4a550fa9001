namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>Reads what is there of ours in crowdsec, and what it decided.</summary>
internal sealed class CrowdSecObserver(CrowdSecTool tool)
{
    /// <summary>Reads all of it.</summary>
    public async ValueTask<CrowdSecState> ReadAsync(CrowdSecMark mark, CancellationToken cancellationToken)
    {
        var lists = await tool.ListAllowlistsAsync(cancellationToken);
        var file = CrowdSecReader.ReadFile(await tool.ReadAsync(mark.Path, cancellationToken), mark);
        var decisions = CrowdSecReader.ReadDecisions((await tool.ListDecisionsAsync(cancellationToken)).Span);
        return lists is { } json
            ? new CrowdSecState(HasAllowlists: true, file, WhitelistLoad.Loaded, CrowdSecReader.ReadAllowlists(json.Span, mark), decisions)
            : new CrowdSecState(HasAllowlists: false, file, await ReadLoadAsync(file, cancellationToken), null, decisions);
    }

    private async ValueTask<WhitelistLoad> ReadLoadAsync(WhitelistFile file, CancellationToken cancellationToken)
    {
        if (file.WrittenAt is not { } writtenAt)
        {
            return WhitelistLoad.Loaded;
        }

        return await tool.Daemon.ReadServiceAsync(cancellationToken) switch
        {
            CrowdSecService.Active => WhitelistLoad.Reloadable,
            CrowdSecService.Inactive => WhitelistLoad.NotRunning,
            _ => await tool.Daemon.ReadStartAsync(cancellationToken) switch
            {
                null => WhitelistLoad.NotRunning,
                { } start when start >= writtenAt => WhitelistLoad.Loaded,
                _ => WhitelistLoad.NotLoaded,
            },
        };
    }
}
