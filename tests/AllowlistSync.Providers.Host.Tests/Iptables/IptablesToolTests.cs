using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Iptables;

public sealed class IptablesToolTests
{
    /// <summary>An engine, a line that it refuses, what it says, and what it means.</summary>
    public static TheoryData<string, string, string, FailureKind> Refused => new()
    {
        { "nft", "-D INPUT -j nope", "Chain 'nope' does not exist", FailureKind.Conflict },
        { "nft", "-D INPUT -p tcp -j DROP", "does a matching rule exist in that chain", FailureKind.Conflict },
        { "nft", "-X ours", "Device or resource busy", FailureKind.Conflict },
        { "nft", "-A INPUT -m set --match-set nix src -j ACCEPT", "Set nix doesn't exist.", FailureKind.Conflict },
        { "nft", "-I INPUT 9 -j ACCEPT", "Index of insertion too big", FailureKind.Conflict },
        { "nft", "-A nochain -j ACCEPT", "No chain/target/match by that name", FailureKind.Conflict },
        { "nft", "-N ours", "Chain already exists", FailureKind.Conflict },
        { "legacy", "-D INPUT -p tcp -j DROP", "line 2 failed", FailureKind.Conflict },
        { "legacy", "-X ours", "line 2 failed", FailureKind.Conflict },
        { "legacy", "-N ours", "line 2 failed", FailureKind.Conflict },
        { "legacy", "-A INPUT -m set --match-set nix src -j ACCEPT", "Set nix doesn't exist.", FailureKind.Conflict },
        { "legacy", "--bogus", "unknown option", FailureKind.Protocol },
    };

    /// <summary>A line that ipset refuses, what it says, and what it means.</summary>
    public static TheoryData<string, string, FailureKind> RefusedSets => new()
    {
        { "create full hash:net", "set with the same name already exists", FailureKind.Conflict },
        { "swap nope full", "The set with the given name does not exist", FailureKind.Conflict },
        { "destroy full", "it is in use by a kernel component", FailureKind.Conflict },
        { "swap other full", "their type does not match", FailureKind.Conflict },
        { "add full 3.0.0.0/8", "Hash is full", FailureKind.Conflict },
        { "bogus", "No command specified", FailureKind.Protocol },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_of_iptables_restore_has_its_meaning_and_changes_nothing()
    {
        Needs.Sandbox("iptables-nft", "iptables-legacy", "ipset");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var tool = new IptablesTool(SandboxHost.Of(sandbox));
        foreach (var engine in new[] { "iptables-nft", "iptables-legacy" })
        {
            await tool.RestoreAsync(engine, "*filter\n:ours - [0:0]\n-A INPUT -j ours\n-A ours -p udp -j ACCEPT\nCOMMIT\n", Ct);
        }

        foreach (var (engine, line, said, kind) in Refused.Select(row => row.Data))
        {
            var failure = await Should.ThrowAsync<ProviderException>(async () => await tool.RestoreAsync($"iptables-{engine}", $"*filter\n{line}\nCOMMIT\n", Ct));

            failure.Message.ShouldContain(said);
            failure.Kind.ShouldBe(kind, line);
            failure.Aftermath.ShouldBe(Aftermath.Untouched);
            failure.Remedy.ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_refusal_of_ipset_has_its_meaning_and_names_its_line()
    {
        Needs.Sandbox("iptables-nft", "ipset");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var tool = new IptablesTool(SandboxHost.Of(sandbox));
        (await tool.TryChangeSetsAsync("create full hash:net maxelem 2\nadd full 1.0.0.0/8\nadd full 2.0.0.0/8\ncreate other hash:ip\n", Ct)).ShouldBeNull();
        await tool.RestoreAsync("iptables-nft", "*filter\n-A INPUT -m set --match-set full src -j ACCEPT\nCOMMIT\n", Ct);
        foreach (var (line, said, kind) in RefusedSets.Select(row => row.Data))
        {
            var (failure, number) = (await tool.TryChangeSetsAsync($"create x hash:ip\ndestroy x\n{line}\n", Ct)).ShouldNotBeNull();

            failure.Message.ShouldContain(said);
            failure.Kind.ShouldBe(kind, line);
            number.ShouldBe(line == "bogus" ? null : 3);
        }
    }

    [Theory]
    [InlineData(4, "iptables-nft-save v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n", FailureKind.Permission, Aftermath.Untouched)]
    [InlineData(1, "Failed to list table names in /proc/net/ip_tables_names: Permission denied\n", FailureKind.Permission, Aftermath.Untouched)]
    [InlineData(4, "Can't lock /run/xtables.lock: Resource temporarily unavailable\nAnother app is currently holding the xtables lock. Stopped waiting after 5s.\n", FailureKind.Transient, Aftermath.Untouched)]
    [InlineData(4, "Fatal: can't open lock file /run/xtables.lock: Read-only file system\n", FailureKind.Unavailable, Aftermath.Untouched)]
    [InlineData(137, "", FailureKind.Transient, Aftermath.Unknown)]
    [InlineData(1, "Fehler: nie gehört\n", FailureKind.Protocol, Aftermath.Untouched)]
    public async Task What_is_said_about_the_aftermath_is_no_more_than_is_known(int exitCode, string error, FailureKind kind, Aftermath aftermath)
    {
        var tool = new IptablesTool(new Answering(_ => new CommandResult(exitCode, ReadOnlyMemory<byte>.Empty, error)));

        var failure = await Should.ThrowAsync<ProviderException>(async () => await tool.RestoreAsync("iptables-nft", "x", Ct));

        failure.Kind.ShouldBe(kind);
        failure.Aftermath.ShouldBe(aftermath);
    }

    [Theory]
    [InlineData("iptables v1.8.9 (nf_tables)\n", IptablesEngine.Nft)]
    [InlineData("iptables v1.8.9 (legacy)\n", IptablesEngine.Legacy)]
    [InlineData("iptables v1.4.21\n", IptablesEngine.Legacy)]
    public async Task The_plain_tool_says_its_engine(string version, IptablesEngine engine) =>
        (await new IptablesTool(new Answering(_ => new CommandResult(0, Encoding.UTF8.GetBytes(version), ""))).PlainEngineAsync(IpFamily.IPv4, Ct)).ShouldBe(engine);

    [Fact]
    public async Task Where_the_tools_of_the_engines_have_no_names_of_their_own_the_plain_ones_are_used()
    {
        var tool = new IptablesTool(new Answering(command => command.Program switch
        {
            "iptables" => new CommandResult(0, "iptables v1.4.21\n"u8.ToArray(), ""),
            "iptables-save" => new CommandResult(0, "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"u8.ToArray(), ""),
            _ => throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed"),
        }));

        (await tool.ReadAsync(new IptablesPlace(IptablesEngine.Legacy, IpFamily.IPv4), isFresh: false, Ct))!.Programs.ShouldBe("iptables");
        (await tool.ReadAsync(new IptablesPlace(IptablesEngine.Nft, IpFamily.IPv4), isFresh: false, Ct)).ShouldBeNull();
        (await tool.ReadSetsAsync(isFresh: false, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_restore_always_limits_how_long_it_waits_for_the_lock()
    {
        var asked = new List<HostCommand>();
        var tool = new IptablesTool(new Answering(command =>
        {
            asked.Add(command);
            return new CommandResult(0, ReadOnlyMemory<byte>.Empty, "");
        }));
        await tool.RestoreAsync("iptables-legacy", "x", Ct);
        await tool.TestAsync("iptables-legacy", "x", flushes: false, Ct);

        asked.ShouldAllBe(command => command.Arguments.Contains("-w") && command.Arguments.Contains("--noflush") && !command.OnlyLooks);
    }

    private sealed class Answering(Func<HostCommand, CommandResult> answer) : IHost
    {
        public string Name => "scripted";

        public IHostFiles Files => throw new NotSupportedException("this host has no files");

        public ISystemBus Bus => throw new NotSupportedException("this host has no bus");

        public ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken) => ValueTask.FromResult(answer(command));
    }
}
