using System.Collections.Immutable;
using AllowlistSync.Core.State;
using AllowlistSync.Postgres;

namespace AllowlistSync.Daemon;

/// <summary>Says to the other nodes that this one lives, looks at them, and hears of the runs of shared targets that others made. Says once when the state cannot be reached, and once when it can again.</summary>
internal sealed class NodeWatch(DaemonSetup setup, Standings standings, DateTimeOffset startedAt)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(5);

    // Numbers are given before they are seen: what was written a little earlier may come to light a little later.
    private const int Overlap = 200;

    private readonly NodeRegister _nodes = new(setup.Database!);
    private ImmutableArray<NodeStanding> _known = [];
    private long _newest;
    private bool _isAway;

    /// <summary>The nodes as they were heard of last.</summary>
    public ImmutableArray<NodeStanding> Known => _known;

    /// <summary>Says that this node is there, and looks once.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        _newest = await _nodes.NewestRunAsync(cancellationToken);
        await _nodes.ForgetAsync(cancellationToken);
        await LookAsync(cancellationToken);
    }

    /// <summary>Goes on until cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Pace, setup.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await LookAsync(cancellationToken);
                if (_isAway)
                {
                    _isAway = false;
                    setup.Log.StateBack(setup.State.Place);
                }
            }
            catch (StateException failure)
            {
                if (!_isAway)
                {
                    _isAway = true;
                    setup.Log.StateAway($"{failure.Message}; {failure.Remedy}");
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Whether all nodes that live have the configuration of this one, as it is now.</summary>
    public async Task<bool> AgreeAsync(CancellationToken cancellationToken) =>
        (await _nodes.ReadAsync(cancellationToken)).All(row => !row.IsLive || row.ConfigHash == setup.ConfigHash);

    /// <summary>Says that this node ends.</summary>
    public async Task LeaveAsync()
    {
        try
        {
            await _nodes.LeaveAsync(setup.Node, startedAt, CancellationToken.None);
        }
        catch (StateException)
        {
            // The others notice it by its silence.
            return;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        await _nodes.SayAsync(setup.Node, ProgramVersion.Text, setup.ConfigHash, startedAt, cancellationToken);
        var rows = await _nodes.ReadAsync(cancellationToken);
        var now = rows.Select(row => new NodeStanding(row.Name, row.Version, row.ConfigHash, row.LastSeen, row.IsLive, row.ConfigHash == setup.ConfigHash)).ToImmutableArray();
        var before = _known;
        _known = now;
        Tell(before, now);
        await HearAsync(cancellationToken);
    }

    private void Tell(ImmutableArray<NodeStanding> before, ImmutableArray<NodeStanding> now)
    {
        foreach (var node in now.Where(node => node.Name != setup.Node))
        {
            var old = before.FirstOrDefault(other => other.Name == node.Name);
            if (old is null ? node.IsLive : node.IsLive != old.IsLive)
            {
                setup.Log.NodeSeen(node.Name, node.IsLive ? "is there" : "was not heard of for a while; its runs are taken over", node.Version);
            }

            if (node is { IsLive: true, IsSame: false } && old is not { IsLive: true, IsSame: false })
            {
                setup.Log.NodeDiffers(node.Name, node.ConfigHash, setup.ConfigHash);
            }
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, run) in await _nodes.RunsSinceAsync(Math.Max(0, _newest - Overlap), cancellationToken))
        {
            _newest = Math.Max(_newest, id);
            if (run.Node != setup.Node && setup.Shared.Any(target => target.Target.Name == run.Target) && (standings[run.Target].Last is not { } last || last.At < run.At))
            {
                standings.Add(run);
            }
        }
    }
}

/// <summary>How another node stands, or this one.</summary>
/// <param name="Name">The node.</param>
/// <param name="Version">Its program.</param>
/// <param name="ConfigHash">The first digits of the digest of its configuration.</param>
/// <param name="LastSeen">When it was last heard of.</param>
/// <param name="IsLive">True when that was lately.</param>
/// <param name="IsSame">True when its configuration is that of this node.</param>
internal sealed record NodeStanding(string Name, string Version, string ConfigHash, DateTimeOffset LastSeen, bool IsLive, bool IsSame);
