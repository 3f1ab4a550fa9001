using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Firewalld;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Firewalld;

public sealed class OwnRichRuleTests
{
    private static readonly FirewalldMark Mark = FirewalldMark.Of(MarkTests.Target());

    [Theory]
    [InlineData("rule family=\"ipv4\" source ipset=\"allowlist-sync-web-65a4c7-v4\" port port=\"443\" protocol=\"tcp\" accept")]
    [InlineData("rule family=\"ipv6\" source ipset=\"allowlist-sync-web-65a4c7-v6b\" port port=\"8000-8010\" protocol=\"udp\" accept")]
    [InlineData("rule priority=\"PRIORITY\" family=\"ipv4\" source address=\"104.24.0.5/32\" port port=\"443\" protocol=\"tcp\" accept")]
    [InlineData("rule priority=\"PRIORITY\" family=\"ipv6\" source address=\"2400:cb00::/32\" port port=\"8000-8010\" protocol=\"udp\" accept")]
    public void A_rule_of_ours_is_read_as_firewalld_gives_it_back_and_written_the_same(string template)
    {
        // The form in which firewalld 1.3.3 gives back what it was given (getRichRules).
        var text = template.Replace("PRIORITY", $"{Mark.Priority}", StringComparison.Ordinal);

        OwnRichRule.Read(text, Mark).ShouldNotBeNull().Text(Mark).ShouldBe(text);
    }

    [Theory]
    [InlineData("rule family=\"ipv6\" source ipset=\"allowlist-sync-web-65a4c7-v4\" port port=\"443\" protocol=\"tcp\" accept")]
    [InlineData("rule family=\"ipv4\" source ipset=\"allowlist-sync-web-65a4c7-v4\" port port=\"443\" protocol=\"tcp\" drop")]
    [InlineData("rule family=\"ipv4\" source ipset=\"allowlist-sync-web-65a4c7-v4\" service name=\"ssh\" accept")]
    [InlineData("rule family=\"ipv4\" source ipset=\"bans\" port port=\"443\" protocol=\"tcp\" accept")]
    [InlineData("rule family=\"ipv4\" source address=\"104.16.0.0/13\" port port=\"443\" protocol=\"tcp\" accept")]
    [InlineData("rule priority=\"100\" family=\"ipv4\" source address=\"104.16.0.0/13\" port port=\"443\" protocol=\"tcp\" accept")]
    [InlineData("")]
    public void Every_other_rule_is_somebody_elses(string text) => OwnRichRule.Read(text, Mark).ShouldBeNull();

    [Fact]
    public void A_rule_that_borrows_a_set_of_ours_is_noticed()
    {
        OwnRichRule.Mentions("rule family=\"ipv4\" source ipset=\"allowlist-sync-web-65a4c7-v4\" service name=\"ssh\" accept", Mark).ShouldBeTrue();
        OwnRichRule.Mentions("rule family=\"ipv4\" source ipset=\"allowlist-sync-web-65a4c7-v44\" drop", Mark).ShouldBeFalse();
    }

    [Fact]
    public void The_family_of_a_rule_is_that_of_its_set() =>
        OwnRichRule.Of(Mark, IpFamily.IPv6, isSpare: false, PortRange.Tcp(80)).Text(Mark).ShouldStartWith("rule family=\"ipv6\" source ipset=\"allowlist-sync-web-65a4c7-v6\"");
}
