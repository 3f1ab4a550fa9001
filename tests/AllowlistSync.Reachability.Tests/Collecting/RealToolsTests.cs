using System.Text;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Collecting;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Collecting;

public sealed class RealToolsTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_look_at_a_host_without_rules_makes_no_table()
    {
        Needs.Sandbox("nft", "iptables-legacy-save", "iptables-nft-save", "ipset");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        var collection = await LiveRuleSet.CollectAsync(SandboxHost.Of(sandbox), LiveRuleSet.DefaultLimit, Ct);

        collection.Gaps.ShouldBeEmpty();
        (await ShellAsync(sandbox, "cat", "/proc/net/ip_tables_names", "/proc/net/ip6_tables_names")).ShouldBeEmpty();
        (await ShellAsync(sandbox, "nft", "list", "ruleset")).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_rules_of_every_backend_are_collected()
    {
        Needs.Sandbox("nft", "iptables-legacy-save", "iptables-nft-save", "ipset");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        await ShellAsync(sandbox, "ipset", "create", "bans", "hash:ip");
        await ShellAsync(sandbox, "iptables-legacy", "-A", "INPUT", "-m", "set", "--match-set", "bans", "src", "-j", "DROP");
        await ShellAsync(sandbox, "ip6tables-nft", "-A", "INPUT", "-p", "tcp", "--dport", "443", "-j", "ACCEPT");

        var collection = await LiveRuleSet.CollectAsync(SandboxHost.Of(sandbox), LiveRuleSet.DefaultLimit, Ct);

        collection.Gaps.ShouldBeEmpty();
        TextOf(collection, DumpKind.IptablesLegacy).ShouldContain("--match-set bans src -j DROP");
        TextOf(collection, DumpKind.Ip6tablesNft).ShouldContain("--dport 443 -j ACCEPT");
        TextOf(collection, DumpKind.NftJson).ShouldContain("\"dport\"");
        TextOf(collection, DumpKind.NftText).ShouldContain("# handle");
        TextOf(collection, DumpKind.Ipset).ShouldContain("create bans hash:ip");
        TextOf(collection, DumpKind.IpAddresses).ShouldContain("127.0.0.1");
    }

    [Fact]
    public async Task A_look_at_the_host_finds_its_listener()
    {
        Needs.Sandbox("tc", "ip");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        await using var client = await sandbox.ConnectClientAsync(Ct);
        await using var listener = await Listener.StartAsync(sandbox, 443);
        var host = SandboxHost.Of(sandbox);

        var seen = await HostLook.LookAsync(host, "v0", isDefault: true, [80, 443], Ct);

        seen.ShouldContain(new Assumption(Certainty.Fine, "something listens on port 443"));
        seen.ShouldContain(assumption => assumption.Certainty == Certainty.Warning && assumption.Text.StartsWith("nothing listens on port 80 ", StringComparison.Ordinal));
        seen.ShouldContain(new Assumption(Certainty.Fine, "no XDP program on v0"));
        seen.ShouldContain(new Assumption(Certainty.Fine, "no tc filter on what comes in through v0"));
    }

    private static string TextOf(Collection collection, DumpKind kind) => Encoding.UTF8.GetString(collection.Dumps.Single(dump => dump.Kind == kind).Content.Span);

    private static async Task<string> ShellAsync(Sandbox sandbox, params string[] argv) => (await sandbox.RunAsync(argv, ct: Ct)).EnsureSuccess().StdOut;

}
