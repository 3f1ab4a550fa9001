using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Firewalld;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Firewalld;

public sealed class ToolTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Names and messages as firewalld 1.3.3 gave them on the bus; those of NAME_CONFLICT, ACCESS_DENIED and NotAuthorizedException are made after its source, by their codes.
    [Theory]
    [InlineData("Exception", "INVALID_ZONE: nope", FailureKind.Unavailable)]
    [InlineData("Exception", "INVALID_IPSET: nope", FailureKind.Conflict)]
    [InlineData("Exception", "INVALID_ENTRY: Entry '1.2.4.0/23' overlaps entry '1.2.4.0/24'", FailureKind.Conflict)]
    [InlineData("Exception", "NAME_CONFLICT: new_ipset(): 'x'", FailureKind.Conflict)]
    [InlineData("Exception", "COMMAND_FAILED: 'python-nftables' failed: internal:0:0-0: Error: Could not process rule: No such file or directory\n\n\nJSON blob:\n{}", FailureKind.Conflict)]
    [InlineData("Exception", "RUNNING_BUT_FAILED: Changing permanent configuration is not allowed while firewalld is in FAILED state. The permanent configuration must be fixed and then firewalld restarted. Try `firewall-offline-cmd --check-config`.", FailureKind.Unavailable)]
    [InlineData("Exception", "ACCESS_DENIED: lockdown is enabled", FailureKind.Permission)]
    [InlineData("NotAuthorizedException", "Not Authorized: org.fedoraproject.FirewallD1.config", FailureKind.Permission)]
    [InlineData("Exception", "INVALID_RULE: Source address family 'ipv4' conflicts with rule family 'ipv6'.", FailureKind.Protocol)]
    public async Task Each_error_of_firewalld_has_a_kind_and_a_remedy(string name, string message, FailureKind kind)
    {
        var tool = new FirewalldTool(new ScriptedBus(_ => throw new BusException("org.fedoraproject.FirewallD1." + name, message)));

        var failure = await Should.ThrowAsync<ProviderException>(() => tool.LookAsync("zone", "getRichRules", Ct, new BusText("nope")));

        failure.Kind.ShouldBe(kind);
        failure.Aftermath.ShouldBe(Aftermath.Untouched);
        failure.Message.ShouldContain(message.Split('\n')[0]);
        failure.Message.ShouldNotContain("JSON blob");
        failure.Remedy.Length.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(HostFailure.NotFound, FailureKind.Unavailable, Aftermath.Untouched)]
    [InlineData(HostFailure.Denied, FailureKind.Permission, Aftermath.Untouched)]
    [InlineData(HostFailure.TimedOut, FailureKind.Transient, Aftermath.Unknown)]
    public async Task A_change_that_does_not_reach_firewalld_or_whose_answer_is_lost_is_told_apart(HostFailure what, FailureKind kind, Aftermath aftermath)
    {
        var tool = new FirewalldTool(new ScriptedBus(_ => throw new HostException(what, "no")));

        var failure = await Should.ThrowAsync<ProviderException>(() => tool.DoAsync(new RuntimeEntries("als", ["10.0.0.0/8"]), Ct));

        (failure.Kind, failure.Aftermath).ShouldBe((kind, aftermath));
    }

    [Theory]
    [InlineData("ALREADY_ENABLED: 'rule' already in 'public'")]
    [InlineData("NOT_ENABLED: rule")]
    public async Task What_is_already_as_it_shall_be_is_no_failure(string said) =>
        await new FirewalldTool(new ScriptedBus(_ => throw new BusException("org.fedoraproject.FirewallD1.Exception", said))).DoAsync(new RuntimeRule(FirewalldPlace.Zone("public"), "rule", Adds: true), Ct);

    [Fact]
    public async Task No_step_ever_reloads_and_no_look_changes()
    {
        var bus = new ScriptedBus(call => call.Method.StartsWith("get", StringComparison.Ordinal) ? [new BusPath("/x")] : [.. call.Witnesses.Select(_ => new BusStruct([new BusVariant(new BusText("als"))]))]);
        var tool = new FirewalldTool(bus);
        foreach (var step in new FirewalldStep[] { new RuntimeEntries("als", []), new PermanentEntries("als", []), new RemoveSet("als"), new PermanentRule("als", "rule", Adds: true), new RemovePolicy("als") })
        {
            await tool.DoAsync(step, Ct);
        }

        bus.Calls.ShouldAllBe(call => !call.Method.Contains("eload") && call.OnlyLooks == call.Method.StartsWith("get", StringComparison.Ordinal));
    }
}
