using AllowlistSync.Benchmarks.Nftables;

namespace AllowlistSync.Benchmarks.Ufw;

/// <summary>
/// The published program against a loop of <c>ufw allow</c>: Cloudflare's 22 ranges on two ports, and the same again when nothing is to be done. <c>ufw --program FILE</c> runs it in a
/// sandbox; <c>--inside</c> is the part that runs there.
/// </summary>
public static class UfwBenchmark
{
    private const int Rounds = 3;

    // 2026-11-21.
    private static readonly string[] Ranges =
    [
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20",
        "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
        "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32",
    ];

    /// <summary>Runs the command; 0 done, 1 less than ten times faster, 2 it cannot run here, 64 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["--inside", var program, var folder]:
                return Inside(program, folder) ? 0 : 1;
            case ["--program", var program] when File.Exists(program):
                return await InSandbox.RunAsync("ufw", program, TimeSpan.FromMinutes(5));
            default:
                await Console.Error.WriteLineAsync("usage: ufw --program FILE (made by `dotnet publish src/AllowlistSync`)");
                return 64;
        }
    }

    private static bool Inside(string program, string folder)
    {
        var config = Path.Combine(folder, "ufw.yaml");
        var state = Path.Combine(folder, "state");
        File.WriteAllText(config, $$"""
            version: 1
            sources: [{ name: list, type: static, prefixes: [{{string.Join(", ", Ranges.Select(range => $"\"{range}\""))}}] }]
            state: {{state}}
            targets: [{ name: web, provider: ufw, allow: [list], ports: [80, 443] }]

            """);
        string[] apply = [program, "-c", config, "apply", "--yes"];
        string[] loop = ["sh", "-ec", string.Concat(Ranges.SelectMany(range => new[] { 80, 443 }.Select(port => $"ufw allow proto tcp from {range} to any port {port} comment cloudflare\n")))];
        Measured.Time(["sh", "-ec", "ufw allow 22/tcp; ufw --force enable; cp -a /etc/ufw /run/ufw.bare"]);
        var (ours, oursAgain, theirs, theirsAgain) = (new Measured(), new Measured(), new Measured(), new Measured());
        for (var round = 0; round < Rounds; round++)
        {
            Reset(state);
            ours.Run(apply);
            oursAgain.Run(apply);
            Reset(state);
            theirs.Run(loop);
            theirsAgain.Run(loop);
        }

        Console.WriteLine($"22 ranges on 2 ports, whole processes, minimum / median of {Rounds}, ms\n\n| what | apply | loop of 44 `ufw allow` | times faster |\n| --- | --- | --- | --- |");
        Console.WriteLine($"| from nothing | {ours} | {theirs} | {theirs.Over(ours)} |\n| nothing to do | {oursAgain} | {theirsAgain} | {theirsAgain.Over(oursAgain)} |");
        return theirs.Min > 10 * ours.Min && theirsAgain.Min > 10 * oursAgain.Min;
    }

    private static void Reset(string state)
    {
        Measured.Time(["sh", "-ec", "cp -a /run/ufw.bare/user.rules /run/ufw.bare/user6.rules /etc/ufw/; iptables-restore -n < /etc/ufw/user.rules; ip6tables-restore -n < /etc/ufw/user6.rules"]);
        if (Directory.Exists(state))
        {
            Directory.Delete(state, recursive: true);
        }
    }
}
