using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.CrowdSec;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.CrowdSec;

public sealed class CrowdSecReaderTests
{
    private static readonly CrowdSecMark Mark = new("als-test", "web");

    private static readonly PrefixSet Sources = PrefixSet.Of([IpPrefix.Parse("104.16.0.0/13"), IpPrefix.Parse("131.0.72.7/32"), IpPrefix.Parse("2400:cb00::/32")]);

    private static readonly DateTimeOffset Noon = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Decisions_are_bans_told_by_who_decided_why()
    {
        var decisions = CrowdSecReader.ReadDecisions(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "crowdsec", "decisions.json")));

        decisions.Bans.Select(ban => $"{ban.Prefix} by {ban.By}").ShouldBe(
            [
                "104.0.0.0/8 by scenario manual 'ban' from 'testbox' (cscli, ban)",
                "9.9.9.9/32 by scenario manual 'ban' from 'testbox' (cscli, ban)",
                "2400:cb00::1/128 by scenario manual 'captcha' from 'testbox' (cscli, captcha)",
                "104.17.0.1/32 by scenario manual 'ban' from 'testbox' (cscli, ban)",
                "104.16.0.0/24 by scenario test (cscli, ban)",
            ],
            ignoreOrder: true);
        decisions.Bans.Single(ban => ban.Prefix == IpPrefix.Parse("104.17.0.1/32")).Note.ShouldMatch(@"^decision \d+, 1h59m[\d.]+s left$");
        decisions.Others.ShouldBe(["AS 13335", "Country US"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""[{"decisions": [], "id": 2}, {"decisions": null}]""")]
    [InlineData("""[{"decisions": [{"id": 1, "duration": "-3s", "scope": "Ip", "value": "9.9.9.9"}, {"id": 2, "duration": "3s", "scope": "Ip", "value": "9.9.9.9", "simulated": true}]}]""")]
    public void No_decision_in_force_is_no_ban(string json)
    {
        var decisions = CrowdSecReader.ReadDecisions(Encoding.UTF8.GetBytes(json));
        decisions.Bans.ShouldBeEmpty();
        decisions.Others.ShouldBeEmpty();
    }

    [Fact]
    public void Decisions_that_differ_in_their_number_only_are_one_ban()
    {
        var json = """[{"decisions": [{"id": 7, "duration": "3h", "origin": "CAPI", "scenario": "s", "scope": "ip", "type": "ban", "value": "9.9.9.9"}, {"id": 9, "duration": "4h", "origin": "CAPI", "scenario": "s", "scope": "Ip", "type": "ban", "value": "9.9.9.9"}]}]"""u8;
        CrowdSecReader.ReadDecisions(json).Bans.ShouldHaveSingleItem().ToString().ShouldBe("9.9.9.9/32 by scenario s (CAPI, ban) (decision 7, 9, 3h left)");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nul")]
    [InlineData("[{\"decisions\": [")]
    [InlineData("table inet filter {}")]
    public void What_is_no_list_of_decisions_is_not_an_empty_one(string text)
    {
        var failure = Should.Throw<ProviderException>(() => CrowdSecReader.ReadDecisions(Encoding.UTF8.GetBytes(text)));
        failure.Kind.ShouldBe(FailureKind.Protocol);
        Should.Throw<ProviderException>(() => CrowdSecReader.ReadAllowlists(Encoding.UTF8.GetBytes(text), Mark)).Kind.ShouldBe(FailureKind.Protocol);
    }

    [Fact]
    public void Entries_with_our_comment_and_no_end_are_ours()
    {
        var list = Allowlists(Mark.Description);

        list!.Own.Select(entry => entry.Value).ShouldBe(["104.16.0.0/13", "1.2.3.4"]);
        list.Foreign.Select(entry => entry.Value).ShouldBe(["9.9.9.9", "8.8.8.8"]);
        CrowdSecReader.ReadAllowlists("[]"u8, Mark).ShouldBeNull();
        CrowdSecReader.ReadAllowlists("""[{"name": "mine", "items": []}]"""u8, Mark).ShouldBeNull();
    }

    [Fact]
    public void A_list_of_our_name_without_our_description_is_a_strangers() =>
        Should.Throw<ProviderException>(() => Allowlists("mine")).Kind.ShouldBe(FailureKind.Conflict);

    [Fact]
    public void A_file_that_was_written_is_read_as_it_was_meant()
    {
        foreach (var writtenAt in new DateTimeOffset?[] { null, Noon })
        {
            var file = CrowdSecReader.ReadFile(CrowdSecWriter.File(Mark, Sources, writtenAt), Mark);
            file.Sources.ShouldBe(Sources);
            file.IsWhole.ShouldBeTrue();
            file.WrittenAt.ShouldBe(writtenAt);
        }

        CrowdSecReader.ReadFile(null, Mark).ShouldBe(WhitelistFile.None);
    }

    [Theory]
    [InlineData("    - \"9.9.9.9/32\"\n  expression:\n    - \"true\"\n")]
    [InlineData("# hello\n")]
    [InlineData("    - \"104.16.0.0/13\"\n")]
    public void A_file_with_more_in_it_was_edited(string more) =>
        CrowdSecReader.ReadFile(CrowdSecWriter.Loaded(Mark, Sources) + more, Mark).IsWhole.ShouldBeFalse();

    [Fact]
    public void A_file_without_our_first_line_is_a_strangers()
    {
        var text = CrowdSecWriter.File(new CrowdSecMark("als-other", "web"), Sources, null);
        Should.Throw<ProviderException>(() => CrowdSecReader.ReadFile(text, Mark)).Kind.ShouldBe(FailureKind.Conflict);
    }

    [Fact]
    public void What_is_added_and_taken_out_goes_by_the_values_that_crowdsec_holds()
    {
        var (add, remove) = CrowdSecWriter.Difference(Allowlists(Mark.Description), Sources);
        add.ShouldBe(["131.0.72.7/32", "2400:cb00::/32"], ignoreOrder: true);
        remove.ShouldBe(["1.2.3.4"]);
    }

    [Fact]
    public void No_two_targets_share_a_name() =>
        new CrowdSecMark("a-b", "c").Name.ShouldNotBe(new CrowdSecMark("a", "b-c").Name);

    private static AllowlistContent? Allowlists(string description) => CrowdSecReader.ReadAllowlists(
        Encoding.UTF8.GetBytes($$"""
            [{"name": "mine", "items": [{"value": "7.7.7.7"}]},
             {"allowlist_id": "", "created_at": "2026-11-28T09:00:00.000Z", "description": "{{description}}", "name": "allowlist-sync+als-test+web", "updated_at": "2026-11-28T09:00:00.000Z", "items": [
              {"created_at": "2026-11-28T09:00:00.000Z", "description": "als-test/web", "expiration": "0001-01-01T00:00:00.000Z", "value": "104.16.0.0/13"},
              {"description": "als-test/web", "value": "1.2.3.4"},
              {"expiration": "0001-01-01T00:00:00.000Z", "value": "9.9.9.9"},
              {"description": "als-test/web", "expiration": "2030-01-01T00:00:00.000Z", "value": "8.8.8.8"}]}]
            """),
        Mark);
}
