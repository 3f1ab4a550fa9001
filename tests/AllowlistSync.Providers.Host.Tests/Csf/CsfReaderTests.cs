using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Csf;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Csf;

public sealed class CsfReaderTests
{
    [Fact]
    public void The_kernels_chain_is_read_with_what_is_of_our_shape()
    {
        var chain = CsfReader.ReadChain(CsfGolden.Save, IpFamily.IPv4, "iptables-save");

        chain.Rules.ShouldNotBeNull().Select(rule => rule.Subject).Order(StringComparer.Ordinal).ShouldBe(
        [
            "tcp|in|d=22|s=198.51.100.0/24", "tcp|in|d=80,443|s=104.16.0.0/13", "tcp|in|d=80,443|s=131.0.72.0/22", "tcp|in|d=80,443|s=192.0.2.7/32", "udp|in|d=8000_8010|s=131.0.72.0/22",
        ]);
        CsfReader.ReadChain(CsfGolden.Save6, IpFamily.IPv6, "x").Rules.ShouldNotBeNull().ShouldHaveSingleItem().Subject.ShouldBe("tcp|in|d=80,443|s=2400:cb00::/32");
        CsfReader.ReadChain("", IpFamily.IPv4, "x").Rules.ShouldBeNull("iptables-nft-save says nothing where there is no table");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(120)]
    [InlineData(900)]
    public void Half_a_listing_is_a_failure_and_never_an_empty_chain(int length) =>
        Should.Throw<ProviderException>(() => CsfReader.ReadChain(CsfGolden.Save[..length], IpFamily.IPv4, "iptables-save")).Kind.ShouldBe(FailureKind.Protocol);

    [Fact]
    public void The_configuration_is_read_as_csf_reads_it()
    {
        var configuration = CsfReader.ReadConfiguration("# IPV6 = \"0\"\n\n  IPV6=\"1\" # trailing\nTESTING = \"0\"\r\nFASTSTART = \"\"\nIPTABLES_SAVE = \"/opt/iptables-save\"\nnot a setting\n");

        configuration.HasIPv6.ShouldBeTrue();
        configuration.IsTesting.ShouldBeFalse();
        configuration.OneBadEntryFails.ShouldBeFalse();
        configuration.Tool(IpFamily.IPv4, "_SAVE").ShouldBe("/opt/iptables-save");
        configuration.Tool(IpFamily.IPv6, "_RESTORE").ShouldBe("ip6tables-restore");
    }

    [Theory]
    [InlineData("TESTING = 0\n", "line 1 has a value without quotes")]
    [InlineData("A = \"1\"\nA = \"2\"\n", "line 2 sets something for the second time")]
    public void What_csf_refuses_in_its_configuration_is_a_conflict_with_its_place(string text, string said)
    {
        var refused = Should.Throw<ProviderException>(() => CsfReader.ReadConfiguration(text));
        refused.Kind.ShouldBe(FailureKind.Conflict);
        refused.Message.ShouldContain(said);
    }

    [Theory]
    [InlineData("104.16.0.0/13", "104.16.0.0/13")]
    [InlineData("104.20.1.2/13", "104.16.0.0/13")]
    [InlineData("2400:CB00::1", "2400:cb00::1/128")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("127.0.0.1", null)]
    [InlineData("104.16.0.0/33", null)]
    [InlineData("104.16.0.0/", null)]
    [InlineData("example.org", null)]
    public void An_address_is_what_csf_takes_for_one(string text, string? prefix) => CsfEntry.ReadAddress(text)?.ToString().ShouldBe(prefix);

    [Theory]
    [InlineData("tcp|in|d=80,443|s=104.16.0.0/13", "-p tcp -s 104.16.0.0/13 -m multiport --dport 80,443")]
    [InlineData("tcp:in:d=80:s=104.16.0.1", "-p tcp -s 104.16.0.1 --dport 80")]
    [InlineData("d=2000_3000|s=104.16.0.1", "-p tcp -s 104.16.0.1 --dport 2000:3000")]
    [InlineData("UDP|OUT|s=53|d=8.8.8.8", "-p udp -d 8.8.8.8 --sport 53")]
    [InlineData("icmp|in|d=ping|s=8.8.8.8", "-p icmp -s 8.8.8.8 --icmp-type ping")]
    [InlineData("tcp|out|d=25||u=0", "-p tcp --dport 25 -m owner --uid-owner 0")]
    [InlineData("tcp|in|d=80|s=bogus", null)]
    [InlineData("tcp|in|s=8.8.8.8", null)]
    [InlineData("frobnicate", null)]
    public void An_advanced_entry_becomes_what_csf_makes_of_it(string subject, string? match)
    {
        var entry = new CsfEntry("/etc/csf/csf.allow", 1, subject + " # why");
        entry.Matches().FirstOrDefault()?.Match.ShouldBe(match);
        entry.IsSkipped.ShouldBe(match is null);
        entry.Comment.ShouldBe("why");
    }

    [Fact]
    public void Lines_end_where_csf_ends_them_and_lines_with_its_word_are_no_entries()
    {
        var list = new CsfList([new CsfFile("/etc/csf/csf.allow", "1.1.1.1 # a\r\n2.2.2.2\v3.3.3.3 # caf\u00c3\u00a9\f4.4.4.4 # \u00c3\u00855.5.5.5\n# no\n6.6.6.6 # not Included\nInclude  /etc/csf/x\n include /etc/csf/y\n")]);

        list.Entries.Select(entry => entry.Subject).ShouldBe(["1.1.1.1", "2.2.2.2", "3.3.3.3", "4.4.4.4", "5.5.5.5", "include"]);
        list.Files[0].Includes.ShouldBe(["/etc/csf/x"]);
        string.Concat(CsfText.Lines(list.Text)).ShouldBe(list.Text);
    }

    [Fact]
    public void Bans_are_read_with_reason_and_time_and_what_csf_does_not_lift_is_none()
    {
        var state = CsfGolden.State(
            null,
            null,
            "104.16.0.1 # lfd - why - Sat Nov 21 03:38:20 2026\n104.16.0.2 # do not delete\ntcp|in|d=80|s=104.16.0.3\n# 104.16.0.4\n",
            "1795232341|104.16.0.5|80|in|600|from lfd\n1795232341|2400:cb00::1||inout|3600|a|b\nnonsense\n");

        var bans = CsfBans.Of(state);

        bans.Select(ban => ban.Ban.ToString()).ShouldBe(
        [
            "104.16.0.1/32 by csf.deny (lfd - why - Sat Nov 21 03:38:20 2026)",
            "104.16.0.5/32 by csf.tempban port 80 in (since 2026-11-21 03:39:01Z, for 600 s: from lfd)",
            "2400:cb00::1/128 by csf.tempban all ports inout (since 2026-11-21 03:39:01Z, for 3600 s: a|b)",
        ]);
        CsfBans.Without(state.TemporaryBans, new HashSet<Ban> { bans[1].Ban }, isTemporary: true).ShouldBe("1795232341|2400:cb00::1||inout|3600|a|b\nnonsense\n");
        CsfBans.Without(state.Deny.Text, new HashSet<Ban> { bans[0].Ban }, isTemporary: false).ShouldStartWith("104.16.0.2");
        CsfBans.NotLifted(state, PrefixSet.Of(IpPrefix.Parse("104.16.0.0/13"))).Select(finding => finding.Message.Split(':')[0]).ShouldBe(["/etc/csf/csf.deny line 2", "/etc/csf/csf.deny line 3"]);
    }
}
