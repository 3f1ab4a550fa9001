using System.Net;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class ReachabilityTests
{
    private static readonly TimeSpan DropBudget = TimeSpan.FromMilliseconds(400);

    // Whoever gets in is waited for until he is in, which takes no longer than it takes.
    private static readonly TimeSpan AcceptBudget = TimeSpan.FromSeconds(10);
    private static readonly IPAddress[] Strangers = [IPAddress.Parse("203.0.113.7"), IPAddress.Parse("2001:db8:77::7")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task After_an_apply_cloudflare_gets_in_and_nobody_else() => LetsInAsync(Firewalls.Drop, new ConfigText());

    [Fact]
    public Task The_sets_of_the_operator_let_cloudflare_in_and_nobody_else() => LetsInAsync(Firewalls.Sets, new ConfigText { Settings = ConfigText.SetWay });

    [Fact]
    public async Task A_drop_in_front_does_not_keep_cloudflare_out()
    {
        await using var origin = await Origin.StartAsync("""
            table inet filter {
              chain input {
                type filter hook input priority filter; policy accept;
                ct state established,related accept
                meta l4proto ipv6-icmp accept
                tcp dport { 80, 443 } drop
              }
            }
            """);
        await using var client = await origin.Sandbox.ConnectClientAsync(Ct);
        await using var listener = await Listener.StartAsync(origin.Sandbox, 443);
        var (inside, beside) = ProbePlan.ForList(Publication.Real.All);

        (await origin.RunAsync("apply", "--yes")).Ended(0);

        await ProbeAsync(client, inside, Verdict.Accepted, 443);
        await ProbeAsync(client, beside, Verdict.Dropped, 443);
    }

    private static async Task LetsInAsync(string ruleset, ConfigText config)
    {
        await using var origin = await Origin.StartAsync(ruleset, config);
        await using var client = await origin.Sandbox.ConnectClientAsync(Ct);
        await using var listener = await Listener.StartAsync(origin.Sandbox, 22, 80, 443);
        var (inside, beside) = ProbePlan.ForList(Publication.Real.All);
        var before = await origin.RulesetAsync();
        var foreign = await origin.ForeignAsync();
        await ProbeAsync(client, inside, Verdict.Dropped, 80, 443);
        await ProbeAsync(client, Strangers, Verdict.Accepted, 22);

        (await origin.RunAsync("diff")).Ended(1).Saying("+ 104.16.0.0/13", "+ 2400:cb00::/32");
        (await origin.RulesetAsync()).ShouldBe(before, "a look changes nothing");
        await ApplyUnderLoadAsync(origin, client);
        await ProbeAsync(client, inside, Verdict.Accepted, 80, 443);
        await ProbeAsync(client, [.. beside, .. Strangers], Verdict.Dropped, 80, 443);
        await ProbeAsync(client, Strangers, Verdict.Accepted, 22);
        if (config.Settings == ConfigText.RuleWay)
        {
            (await origin.ForeignAsync()).ShouldBe(foreign);
        }

        (await origin.RunAsync("diff")).Ended(0).Saying("Target web: in sync");
        var applied = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("Target web: in sync");
        (await origin.RulesetAsync()).ShouldBe(applied);

        (await origin.RunAsync("remove", "--yes")).Ended(0);
        (await origin.RulesetAsync()).ShouldBe(before, "what we made is gone and all else is as it was");
        await ProbeAsync(client, inside, Verdict.Dropped, 80, 443);
        await ProbeAsync(client, Strangers, Verdict.Accepted, 22);
    }

    // A busy machine loses a connection now and then; a gap of the change would lose some in every round.
    private static async Task ApplyUnderLoadAsync(Origin origin, PacketClient client)
    {
        const int mostRounds = 3;
        for (var round = 1; ; round++)
        {
            await using var ssh = await LoadProbe.StartAsync(client, Strangers[0], 22, Ct);
            (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("Target web: applied");
            var report = await ssh.StopAsync();
            if (report.Lost == 0 || round == mostRounds)
            {
                report.Lost.ShouldBe(0, $"ssh is reachable while the change is made, in one of {mostRounds} rounds");
                return;
            }

            (await origin.RunAsync("remove", "--yes")).Ended(0);
        }
    }

    private static async Task ProbeAsync(PacketClient client, IReadOnlyList<IPAddress> sources, Verdict verdict, params int[] ports)
    {
        var results = await client.ProbeAsync(ProbePlan.Probes(sources, ports), verdict == Verdict.Accepted ? AcceptBudget : DropBudget, Ct);
        results.Where(result => result.Verdict != verdict).Select(result => result.ToString()).ShouldBeEmpty($"all should be {verdict}");
    }
}
