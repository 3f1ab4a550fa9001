using System.Net;
using AllowlistSync.Core.Addresses;
using AllowlistSync.TestKit;

namespace AllowlistSync.Benchmarks.Nftables;

/// <summary>Rewrites what the sets hold under a load of connections, and counts the lost ones. The element that lets the load in is itself replaced each time.</summary>
internal static class LossBenchmark
{
    private const int Rewrites = 200;
    private static readonly IPAddress Source = IPAddress.Parse("173.245.48.1");

    /// <returns>The number of lost connections.</returns>
    internal static async Task<int> RunAsync(Sandbox sandbox, NftWorkshop shop)
    {
        var config = shop.WriteConfig("loss");
        var others = DisjointPrefixes.Make(22);
        List<IpPrefix>[] lists =
        [
            [IpPrefix.Parse("173.245.48.0/20"), .. others],
            [IpPrefix.Parse("173.245.48.0/21"), .. others.Skip(11), IpPrefix.Parse("198.18.0.0/24")],
        ];
        await sandbox.RunAsync(["nft", "-f", shop.WriteBase()]);
        await using var listener = await Listener.StartAsync(sandbox, 443);
        await using var client = await sandbox.ConnectClientAsync();
        await ApplyAsync(sandbox, shop, config, lists[0]);
        await using var load = await LoadProbe.StartAsync(client, Source, 443, CancellationToken.None);
        for (var i = 1; i <= Rewrites; i++)
        {
            await ApplyAsync(sandbox, shop, config, lists[i % 2]);
        }

        var report = await load.StopAsync();
        Console.WriteLine($"\nconnections lost in {Rewrites} applies under load: {report.Lost} of {report.Attempts}, in {report.Elapsed.TotalSeconds:F0} s");
        return report.Lost;
    }

    private static async Task ApplyAsync(Sandbox sandbox, NftWorkshop shop, string config, List<IpPrefix> list)
    {
        shop.WriteList("loss", list);
        var result = (await sandbox.RunAsync([shop.Program, "-c", config, "apply", "--yes"])).EnsureSuccess();
        if (!result.StdOut.Contains("done:", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"An apply that should have changed the sets did not:\n{result.StdOut}");
        }
    }
}
