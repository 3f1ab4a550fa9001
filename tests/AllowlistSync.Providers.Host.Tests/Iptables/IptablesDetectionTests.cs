using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Iptables;

public sealed class IptablesDetectionTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_there_is_told_and_proposed_unless_another_program_made_it()
    {
        Needs.Sandbox("iptables-nft", "iptables-legacy", "ipset");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);

        var nothing = await DetectAsync(sandbox, "");
        nothing.Found.ShouldBeFalse();
        nothing.Proposals.ShouldBeEmpty();
        (await sandbox.RunAsync(["cat", "/proc/net/ip_tables_names"], ct: Ct)).StdOut.ShouldBeEmpty("looking makes no table");

        var ufw = await DetectAsync(sandbox, "iptables-nft -N ufw-before-input; iptables-nft -A INPUT -j ufw-before-input");
        ufw.Found.ShouldBeFalse();
        ufw.Summary.ShouldContain("made by ufw");
        ufw.Proposals.ShouldBeEmpty();

        var both = await DetectAsync(sandbox, "iptables-nft -F; iptables-nft -X; iptables-nft -P INPUT DROP; ip6tables-legacy -A INPUT -p tcp -j DROP; iptables-nft -N DOCKER-USER; iptables-nft -A DOCKER-USER -j DROP");
        both.Found.ShouldBeTrue();
        both.Summary.ShouldContain("iptables-nft (policy DROP, 0 rules), ip6tables-legacy (policy ACCEPT, 1 rules)");
        both.Proposals.Select(proposal => (proposal.Name, proposal.Settings["chain"])).ShouldBe([("web", "INPUT"), ("containers", "DOCKER-USER")]);
        both.Proposals.ShouldAllBe(proposal => IptablesOptions.Check(proposal.Settings).IsEmpty);
    }

    [Fact]
    public void All_problems_of_the_settings_are_told_at_once()
    {
        var settings = new ProviderSettings { Values = ProviderSettings.None.Values.Add("chain", "-j DROP").Add("backend", "bsd").Add("ipset", "perhaps") };

        IptablesOptions.Check(settings).Select(problem => problem.Key).ShouldBe(["chain", "backend", "ipset"]);
        IptablesOptions.Check(new ProviderSettings { Values = ProviderSettings.None.Values.Add("chain", new string('x', 29)) }).ShouldHaveSingleItem();
        IptablesOptions.From(ProviderSettings.None).ShouldBe(new IptablesOptions());
        Should.Throw<ArgumentException>(() => IptablesOptions.From(settings));
    }

    private static async Task<Detection> DetectAsync(Sandbox sandbox, string script)
    {
        (await sandbox.RunAsync(["bash", "-ec", script], ct: Ct)).EnsureSuccess();
        return await IptablesRegistration.Line.Detect(SandboxHost.Of(sandbox), Ct);
    }
}
