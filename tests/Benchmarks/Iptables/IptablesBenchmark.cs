using System.Globalization;
using System.Net;
using System.Text;
using AllowlistSync.Benchmarks.Nftables;
using AllowlistSync.Core.Addresses;
using AllowlistSync.TestKit;

namespace AllowlistSync.Benchmarks.Iptables;

/// <summary>
/// The published program against bare <c>ipset restore</c> of the same sets, as whole processes, alternating in one run, in a sandbox; both engines.
/// <c>iptables --program FILE</c> runs all; <c>--inside</c> is the part that runs in the sandbox, so that no <c>nsenter</c> is measured.
/// </summary>
public static class IptablesBenchmark
{
    private const int Rounds = 5;
    private const int Rewrites = 200;
    private static readonly int[] Sizes = [22, 1_000, 10_000, 100_000];
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    /// <summary>Runs the command; 0 done, 1 connections were lost, 2 it cannot run here, 64 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["--inside", var program, var folder]:
                Inside(new IptablesWorkshop(program, folder));
                return 0;
            case ["--program", var program] when File.Exists(program):
                return await InSandbox.RunAsync("iptables", program, Limit, afterwards: async (sandbox, folder) => await LostAsync(sandbox, new IptablesWorkshop(Path.GetFullPath(program), folder)) == 0 ? 0 : 1);
            default:
                await Console.Error.WriteLineAsync("usage: iptables --program FILE (made by `dotnet publish src/AllowlistSync`)");
                return 64;
        }
    }

    private static void Inside(IptablesWorkshop shop)
    {
        Console.WriteLine($"whole processes, minimum / median of {Rounds}, ms; ratio: of minima / of medians\n");
        Console.WriteLine("| engine | prefixes | first apply | bare `ipset restore` | ratio | apply of a list that changed | no-op apply |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (engine, size) in from engine in new[] { "nft", "legacy" } from size in Sizes select (engine, size))
        {
            var prefixes = DisjointPrefixes.Make(size);
            var bareScript = shop.WriteBare(prefixes);
            var (ours, bare, changed, again) = (new Measured(), new Measured(), new Measured(), new Measured());
            for (var round = 0; round < Rounds; round++)
            {
                shop.WriteList(prefixes);
                shop.Reset(engine);
                ours.Run(shop.Apply);
                again.Run(shop.Apply);
                shop.WriteList([.. prefixes.Skip(1), IpPrefix.Parse("198.18.0.0/24")]);
                changed.Run(shop.Apply);
                shop.Reset(engine);
                bare.Run(["sh", "-c", $"ipset restore < {bareScript}"]);
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {engine} | {size} | {ours} | {bare} | {ours.Over(bare)} | {changed} | {again} |"));
        }

        shop.Reset("legacy");
        shop.Reset("nft");
    }

    private static async Task<int> LostAsync(Sandbox sandbox, IptablesWorkshop shop)
    {
        var others = DisjointPrefixes.Make(22);
        List<IpPrefix>[] lists = [[IpPrefix.Parse("173.245.48.0/20"), .. others], [IpPrefix.Parse("173.245.48.0/21"), .. others.Skip(11), IpPrefix.Parse("198.18.0.0/24")]];
        shop.WriteList(lists[0]);
        (await sandbox.RunAsync(["sh", "-c", IptablesWorkshop.ResetScript("nft")])).EnsureSuccess();
        shop.Forget();
        await using var listener = await Listener.StartAsync(sandbox, 443);
        await using var client = await sandbox.ConnectClientAsync();
        (await sandbox.RunAsync(shop.Apply)).EnsureSuccess();
        await using var load = await LoadProbe.StartAsync(client, IPAddress.Parse("173.245.48.1"), 443, CancellationToken.None);
        for (var i = 1; i <= Rewrites; i++)
        {
            shop.WriteList(lists[i % 2]);
            var result = (await sandbox.RunAsync(shop.Apply)).EnsureSuccess();
            if (!result.StdOut.Contains("done:", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"An apply that should have changed the sets did not:\n{result.StdOut}");
            }
        }

        var report = await load.StopAsync();
        Console.WriteLine($"\nconnections lost in {Rewrites} applies under load: {report.Lost} of {report.Attempts}, in {report.Elapsed.TotalSeconds:F0} s");
        return report.Lost;
    }

    /// <summary>The files of a run.</summary>
    private sealed record IptablesWorkshop(string Program, string Folder)
    {
        private string List => Path.Combine(Folder, "list.txt");

        private string State => Path.Combine(Folder, "state");

        public string[] Apply => [Program, "-c", Config(), "apply", "--yes"];

        /// <summary>An operator's rules in one engine, none in the other, and no set.</summary>
        public static string ResetScript(string engine)
        {
            var other = engine == "nft" ? "legacy" : "nft";
            return $$"""
                set -e
                for t in iptables ip6tables; do
                  $t-{{other}}-save 2>/dev/null | grep -q . && { $t-{{other}} -P INPUT ACCEPT; $t-{{other}} -F; $t-{{other}} -X; } || true
                  printf '*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n' | $t-{{engine}}-restore
                done
                for s in $(ipset list -n); do ipset destroy $s; done
                """;
        }

        public void Reset(string engine)
        {
            Measured.Time(["sh", "-c", ResetScript(engine)]);
            Forget();
        }

        public void Forget()
        {
            if (Directory.Exists(State))
            {
                Directory.Delete(State, recursive: true);
            }
        }

        public void WriteList(IEnumerable<IpPrefix> prefixes) => File.WriteAllLines(List, prefixes.Select(prefix => prefix.ToString()));

        /// <summary>The same sets for the bare tool, made as large as a person would make them.</summary>
        public string WriteBare(IReadOnlyCollection<IpPrefix> prefixes)
        {
            var script = new StringBuilder();
            foreach (var (name, family, option) in new[] { ("bare4", IpFamily.IPv4, "inet"), ("bare6", IpFamily.IPv6, "inet6") })
            {
                script.Append(CultureInfo.InvariantCulture, $"create {name} hash:net family {option} maxelem 262144\n");
                script.AppendJoin("", prefixes.Where(prefix => prefix.Family == family).Select(prefix => $"add {name} {prefix}\n"));
            }

            var path = Path.Combine(Folder, "bare.ipset");
            File.WriteAllText(path, script.ToString());
            return path;
        }

        private string Config()
        {
            var path = Path.Combine(Folder, "config.yaml");
            File.WriteAllText(path, $$"""
                version: 1
                sources:
                  - { name: list, type: file, path: {{List}} }
                guard: { maxRemovedPercent: 100, maxAddedPercent: 1000, removalGrace: 0s }
                state: {{State}}
                targets:
                  - name: web
                    provider: iptables
                    allow: [list]
                    ports: [80, 443]

                """);
            return path;
        }
    }
}
