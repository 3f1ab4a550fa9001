using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Nftables;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class ToolTests
{
    /// <summary>A script that the kernel refuses on the golden rule set, what nft 1.0.6 says, and what it means.</summary>
    public static TheoryData<string, string, FailureKind> Refused => new()
    {
        { "delete element inet filter plain { 1.2.3.4 }", "Error: element does not exist", FailureKind.Conflict },
        { "delete element inet filter merged { 104.16.0.0/13 }", "Error: element does not exist", FailureKind.Conflict },
        { "add element inet filter plain { 104.16.0.0/12 }", "Error: interval overlaps with an existing one", FailureKind.Conflict },
        { "add element inet filter plain { 1.0.0.0/8, 1.2.0.0/16 }", "Error: conflicting intervals specified", FailureKind.Conflict },
        { "add element inet filter none { 1.0.0.0/8 }", "Error: No such file or directory", FailureKind.Conflict },
        { "delete set inet filter plain", "Error: Could not process rule: Device or resource busy", FailureKind.Conflict },
        { "delete chain inet filter drops", "Error: Could not process rule: Device or resource busy", FailureKind.Conflict },
        { "create set inet filter plain { type ipv4_addr; flags interval; }", "Error: Could not process rule: File exists", FailureKind.Conflict },
        { "delete rule inet filter input handle 9999", "Error: Could not process rule: No such file or directory", FailureKind.Conflict },
        { "insert rule inet filter input position 9999 accept", "Error: Could not process rule: No such file or directory", FailureKind.Conflict },
        { "add set inet filter small { type ipv4_addr; flags interval; size 1; elements = { 1.0.0.0/8, 3.0.0.0/8, 5.0.0.0/8 }; }", "Error: Could not process rule: Too many open files in system", FailureKind.Unsupported },
        { "bogus", "Error: syntax error, unexpected newline, expecting string", FailureKind.Protocol },
    };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_refusal_of_the_kernel_has_its_meaning(string script, string said, FailureKind kind)
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await sandbox.RunAsync(["nft", "-f", "-"], await File.ReadAllTextAsync(Golden.Path("ruleset.nft"), Ct), ct: Ct)).EnsureSuccess();
        var live = await sandbox.RunAsync(["nft", "-f", "-"], script + "\n", ct: Ct);
        live.ExitCode.ShouldBe(1);
        live.StdErr.ShouldContain(said);

        var failure = await FailAsync(live.ExitCode, live.StdErr);

        failure.Kind.ShouldBe(kind);
        failure.Aftermath.ShouldBe(Aftermath.Untouched);
        failure.Message.ShouldContain(said);
        failure.Remedy.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(1, "Operation not permitted (you must be root)\nnetlink: Error: cache initialization failed: Operation not permitted\n", FailureKind.Permission, Aftermath.Untouched)]
    [InlineData(1, "netlink: Error: Could not process rule: Cannot allocate memory\n", FailureKind.Transient, Aftermath.Unknown)]
    [InlineData(1, "netlink: Error: No buffer space available\n", FailureKind.Transient, Aftermath.Unknown)]
    [InlineData(137, "", FailureKind.Transient, Aftermath.Unknown)]
    [InlineData(143, "", FailureKind.Transient, Aftermath.Unknown)]
    [InlineData(1, "Fehler: nie gehört\n", FailureKind.Protocol, Aftermath.Untouched)]
    public async Task What_is_said_about_the_aftermath_is_no_more_than_is_known(int exitCode, string error, FailureKind kind, Aftermath aftermath)
    {
        var failure = await FailAsync(exitCode, error);

        failure.Kind.ShouldBe(kind);
        failure.Aftermath.ShouldBe(aftermath);
    }

    [Fact]
    public async Task A_check_never_changes_anything_however_it_ends()
    {
        var killed = new ScriptedHost(_ => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""));
        var slow = new ScriptedHost(_ => throw new HostException(HostFailure.TimedOut, "too slow"));

        (await Should.ThrowAsync<ProviderException>(async () => await new NftTool(killed).CheckAsync("x", Ct))).Aftermath.ShouldBe(Aftermath.Untouched);
        (await Should.ThrowAsync<ProviderException>(async () => await new NftTool(slow).CheckAsync("x", Ct))).Aftermath.ShouldBe(Aftermath.Untouched);
        (await Should.ThrowAsync<ProviderException>(async () => await new NftTool(slow).ApplyAsync("x", Ct))).Aftermath.ShouldBe(Aftermath.Unknown);
    }

    [Fact]
    public async Task A_program_that_was_not_started_changed_nothing()
    {
        var full = new ScriptedHost(_ => throw new HostException(HostFailure.CannotStart, "could not be written below /tmp/; the program was not started"));

        var failure = await Should.ThrowAsync<ProviderException>(async () => await new NftTool(full).ApplyAsync("x", Ct));

        failure.Kind.ShouldBe(FailureKind.Unavailable);
        failure.Aftermath.ShouldBe(Aftermath.Untouched);
        failure.Message.ShouldContain("/tmp/");
        failure.Remedy.ShouldContain("TMPDIR");
    }

    [Fact]
    public async Task A_script_is_given_whole_or_not_at_all()
    {
        var host = new ScriptedHost(_ => new CommandResult(0, ReadOnlyMemory<byte>.Empty, ""));
        await new NftTool(host).ApplyAsync("add table inet x\n", Ct);

        var command = host.Commands.ShouldHaveSingleItem();
        command.Program.ShouldBe("nft");
        command.Arguments.ShouldBe(["-f", "-"]);
        command.InputIsIndivisible.ShouldBeTrue();
    }

    [Fact]
    public async Task Only_a_set_that_merges_is_said_to_merge()
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await sandbox.RunAsync(["nft", "-f", "-"], await File.ReadAllTextAsync(Golden.Path("ruleset.nft"), Ct), ct: Ct)).EnsureSuccess();
        var tool = new NftTool(SandboxHost.Of(sandbox));

        (await tool.MergesAsync(Golden.Set("merged"), Ct)).ShouldBeTrue();
        (await tool.MergesAsync(Golden.Set("plain"), Ct)).ShouldBeFalse();
    }

    private static async Task<ProviderException> FailAsync(int exitCode, string error) => await Should.ThrowAsync<ProviderException>(async () =>
        await new NftTool(new ScriptedHost(_ => new CommandResult(exitCode, ReadOnlyMemory<byte>.Empty, error))).ApplyAsync("x", Ct));

    private sealed class ScriptedHost(Func<HostCommand, CommandResult> answer) : IHost
    {
        public ImmutableArray<HostCommand> Commands { get; private set; } = [];

        public string Name => "scripted";

        public IHostFiles Files => throw new NotSupportedException("this host has no files");

        public ISystemBus Bus => throw new NotSupportedException("this host has no bus");

        public ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
        {
            Commands = Commands.Add(command);
            return ValueTask.FromResult(answer(command));
        }
    }
}
