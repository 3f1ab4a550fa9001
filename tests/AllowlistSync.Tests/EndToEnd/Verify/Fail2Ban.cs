namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>fail2ban with one jail in a scene.</summary>
internal static class Fail2Ban
{
    public const string Socket = "/run/fail2ban/f.sock";

    public static async Task BanAsync(Scene scene, string action, string address)
    {
        // Debian's jail for sshd has no log to read in a sandbox, and without one the server does not start.
        await scene.ShellAsync("rm", "-f", "/etc/fail2ban/jail.d/defaults-debian.conf");
        await scene.WriteAsync("/etc/fail2ban/filter.d/webtest.conf", "[Definition]\nfailregex = ^ denied <HOST>$\n");
        await scene.WriteAsync("/etc/fail2ban/jail.d/webtest.local", $"[webtest]\nenabled = true\nfilter = webtest\nlogpath = /var/log/web.log\nbackend = polling\nport = http,https\nbanaction = {action}\nusedns = no\nignoreself = false\n");
        await scene.WriteAsync("/var/log/web.log", "");
        await scene.ShellAsync("mkdir", "-p", "/run/fail2ban");
        await scene.ShellAsync("fail2ban-server", "-b", "-s", Socket, "-p", "/run/fail2ban/f.pid", "--logtarget", "/var/log/fail2ban.log", "start");
        await Scene.UntilAsync(async () => (await scene.TryAsync("fail2ban-client", "-s", Socket, "ping")).ExitCode == 0, "fail2ban runs");
        await scene.ShellAsync("fail2ban-client", "-s", Socket, "set", "webtest", "banip", address);

        // The client answers before the action has run.
        await Scene.UntilAsync(async () => (await scene.TryAsync("nft", "list", "ruleset")).StdOut.Contains(address, StringComparison.Ordinal)
            || (await scene.TryAsync("ipset", "save")).StdOut.Contains(address, StringComparison.Ordinal), $"{address} is banned");
    }
}
