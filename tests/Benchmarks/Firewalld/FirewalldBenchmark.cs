using AllowlistSync.Benchmarks.Nftables;
using AllowlistSync.TestKit;

namespace AllowlistSync.Benchmarks.Firewalld;

/// <summary>
/// The published program against <c>firewall-cmd</c> as a script of an administrator calls it (a rich rule for each range and port, permanent, then <c>--reload</c>), in a sandbox with a
/// bus and a firewalld of its own. <c>firewalld --program FILE</c>; prints minimum / median in milliseconds.
/// </summary>
public static class FirewalldBenchmark
{
    private const int Rounds = 3;

    /// <summary>Runs the command; 0 done, 2 it cannot run here, 64 wrong usage.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["--inside", var program, var folder]:
                Inside(program, folder);
                return 0;
            case ["--program", var program] when File.Exists(program):
                return await InSandbox.RunAsync("firewalld", program, TimeSpan.FromMinutes(10), StartAsync);
            default:
                await Console.Error.WriteLineAsync("usage: firewalld --program FILE (made by `dotnet publish src/AllowlistSync`)");
                return 64;
        }
    }

    // It goes into the background and dies with the sandbox.
    private static async Task StartAsync(Sandbox sandbox)
    {
        (await sandbox.RunAsync(["dbus-daemon", "--system", "--fork", "--nopidfile"])).EnsureSuccess();
        (await sandbox.RunAsync(["firewalld", "--nopid"])).EnsureSuccess();
        while ((await sandbox.RunAsync(["firewall-cmd", "--state"])).ExitCode != 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static void Inside(string program, string folder)
    {
        var prefixes = DisjointPrefixes.Make(22);
        var config = Path.Combine(folder, "firewalld.yaml");
        File.WriteAllText(config, $$"""
            version: 1
            sources:
              - { name: list, type: static, prefixes: [{{string.Join(", ", prefixes.Select(prefix => $"\"{prefix}\""))}}] }
            state: {{folder}}/state
            targets:
              - { name: web, provider: firewalld, allow: [list], ports: [80, 443], settings: { zone: public } }

            """);
        string[] apply = [program, "-c", config, "apply", "--yes"], remove = [program, "-c", config, "remove", "--yes", "--target", "web"];
        var (first, again, bySet, script, scriptAgain) = (new Measured(), new Measured(), new Measured(), new Measured(), new Measured());
        for (var round = 0; round < Rounds; round++)
        {
            first.Run(apply);
            again.Run(apply);
            Measured.Time(["firewall-cmd", "--reload"]);
            Measured.Time(remove);
            bySet.Run(apply);
            Measured.Time(remove);
            Measured.Time(["firewall-cmd", "--reload"]);
            script.Run(Script("add"));
            scriptAgain.Run(Script("add"));
            Measured.Time(Script("remove"));
        }

        Console.WriteLine($"first apply, 22 ranges x 2 ports (by address): {first}; script: {script}; script over ours: {script.Over(first)}");
        Console.WriteLine($"apply when our sets are in force: {bySet}; script over ours: {script.Over(bySet)}");
        Console.WriteLine($"apply with nothing to do: {again}; script: {scriptAgain}; script over ours: {scriptAgain.Over(again)}");

        string[] Script(string verb) => ["sh", "-ec", string.Concat(prefixes.SelectMany(prefix => new[] { 80, 443 }.Select(port =>
            $"firewall-cmd --permanent --zone=public --{verb}-rich-rule='rule family=\"{(prefix.Family == Core.Addresses.IpFamily.IPv4 ? "ipv4" : "ipv6")}\" source address=\"{prefix}\" port port=\"{port}\" protocol=\"tcp\" accept'\n"))) + "firewall-cmd --reload\n"];
    }
}
