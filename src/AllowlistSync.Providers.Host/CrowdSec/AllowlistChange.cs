using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>
/// Makes our allowlist hold what it shall: first what is new, then what goes, each in one program (one transaction of its database). It is in force at once, and crowdsec itself ends decisions that it spares.
/// </summary>
internal sealed class AllowlistChange(CrowdSecTool tool, CrowdSecMark mark)
{
    /// <summary>Makes it so; one line for each thing done.</summary>
    public async ValueTask<ImmutableArray<string>> MakeAsync(CrowdSecState now, PrefixSet sources, CancellationToken cancellationToken)
    {
        var done = ImmutableArray.CreateBuilder<string>();
        foreach (var (what, work) in Steps(now, sources))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await work(cancellationToken);
                done.Add(what);
            }
            catch (ProviderException failed) when (done.Count > 0)
            {
                throw new ProviderException(failed.Kind, Aftermath.Unknown, $"{done[^1]}, and then: {failed.Message}", failed.Remedy, failed);
            }
        }

        return done.ToImmutable();
    }

    private IEnumerable<(string What, Func<CancellationToken, ValueTask> Work)> Steps(CrowdSecState now, PrefixSet sources)
    {
        var (add, remove) = CrowdSecWriter.Difference(now.Allowlist, sources);
        if (now.Allowlist is null && !add.IsEmpty)
        {
            yield return ($"allowlist {mark.Name} was made", cancellationToken => tool.CreateAsync(mark, cancellationToken));
        }

        foreach (var command in CrowdSecTool.Adding(mark, add))
        {
            yield return ($"{add.Length} entries were added to allowlist {mark.Name}", cancellationToken => tool.ChangeAsync(command, cancellationToken));
        }

        if (sources.IsEmpty && now.Allowlist is { Foreign.IsEmpty: true })
        {
            yield return ($"allowlist {mark.Name} was taken away", cancellationToken => tool.DeleteListAsync(mark, cancellationToken));
        }
        else
        {
            foreach (var command in CrowdSecTool.Removing(mark, remove))
            {
                yield return ($"{remove.Length} entries were taken out of allowlist {mark.Name}", cancellationToken => tool.ChangeAsync(command, cancellationToken));
            }
        }

        if (now.File.Text is not null)
        {
            yield return ($"{mark.Path} was taken away", cancellationToken => tool.PutAsync(mark.Path, null, cancellationToken));
        }
    }
}
