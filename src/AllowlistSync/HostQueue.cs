using System.Collections.Immutable;
using AllowlistSync.Configuration;

namespace AllowlistSync;

/// <summary>Works on hosts side by side, and on the targets of one host one after the other.</summary>
internal static class HostQueue
{
    /// <summary>Does the work for every target; the results are in the order of the targets, whichever came first.</summary>
    /// <param name="targets">The targets.</param>
    /// <param name="parallelism">The most hosts at once.</param>
    /// <param name="work">What is done for one.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public static async Task<ImmutableArray<T>> RunAsync<T>(
        IReadOnlyList<TargetConfig> targets, int parallelism, Func<TargetConfig, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var results = new T[targets.Count];
        var hosts = targets.Index().GroupBy(target => target.Item.Target.Host, StringComparer.Ordinal);
        await Parallel.ForEachAsync(hosts, new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken }, async (host, stop) =>
        {
            foreach (var (index, target) in host)
            {
                results[index] = await work(target, stop);
            }
        });
        return [.. results];
    }
}
