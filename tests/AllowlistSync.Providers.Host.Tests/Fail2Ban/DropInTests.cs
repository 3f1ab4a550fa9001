using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Fail2Ban;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Fail2Ban;

public sealed class DropInTests
{
    private static readonly Target Web = Of("als-test", "web");

    [Fact]
    public void What_is_written_is_read_again_and_nothing_is_written_of_nothing()
    {
        var text = new DropIn([]).With(Web, Part(Web, "104.16.0.0/13", "2400:cb00::/32")).With(Of("a.b", "c"), Part(Of("a.b", "c"), "8.8.4.0/24") with { Jails = ["sshd"] }).Write();

        text.ShouldBe("""
            # Made by allowlist-sync: edits are lost. `allowlist-sync remove` takes the ranges of a target out.

            [DEFAULT]
            # allowlist-sync: a.b/c
            allowlist_sync.a.b@c =
                8.8.4.0/24
            # allowlist-sync: als-test/web
            allowlist_sync.als-test@web =
                104.16.0.0/13 2400:cb00::/32

            [nginx]
            ignoreip = %(allowlist_sync.als-test@web)s %(known/ignoreip)s

            [sshd]
            ignoreip = %(allowlist_sync.a.b@c)s %(allowlist_sync.als-test@web)s %(known/ignoreip)s

            """);
        DropIn.IsOurs(text!).ShouldBeTrue();
        DropIn.Read(text).Write().ShouldBe(text);
        DropIn.Read(text).Of(Web)!.Jails.ShouldBe(["nginx", "sshd"]);
        DropIn.Read(text).With(Web, null).With(Of("a.b", "c"), null).Write().ShouldBeNull();
        DropIn.IsOurs("[DEFAULT]\nbantime = 1\n").ShouldBeFalse();
    }

    // fail2ban 1.1.1 cannot take an address for a jail that has a list.
    [Fact]
    public void Addresses_stand_ahead_of_what_the_operator_lists_and_lists_behind_it()
    {
        var text = new DropIn([]).With(Web, Part(Web) with { List = "/etc/fail2ban/a.list", Jails = ["sshd"] }).With(Of("z", "z"), Part(Of("z", "z"), "8.8.4.0/24") with { Jails = ["sshd"] }).Write();

        text!.ShouldContain("ignoreip = %(allowlist_sync.z@z)s %(known/ignoreip)s %(allowlist_sync.als-test@web)s\n");
        DropIn.Read(text).Write().ShouldBe(text);
    }

    [Fact]
    public void A_list_of_a_jail_steps_aside_while_addresses_are_added_and_only_then()
    {
        var state = State("104.16.0.0/13");
        var withList = state with { Server = new Fail2BanServer("1.1.1", [new RunningJail("nginx", ["104.16.0.0/13", "file://etc/mine.list"], [])]), DropIn = new DropIn([Part(Web, "104.16.0.0/13")]) };

        Commands(Fail2BanWriter.Edit(withList, Web, PrefixSet.Of(IpPrefix.Parse("172.64.0.0/13")), []).Commands).ShouldBe(
            ["set nginx delignoreip file://etc/mine.list", "set nginx addignoreip 172.64.0.0/13 file://etc/mine.list", "set nginx delignoreip 104.16.0.0/13"]);
        var edit = Fail2BanWriter.Edit(withList with { ReadsLists = true }, Web, PrefixSet.Of(IpPrefix.Parse("104.16.0.0/13")), []);
        Commands(edit.Commands).ShouldBe(["set nginx addignoreip file:/etc/fail2ban/allowlist-sync.als-test.web.list", "set nginx delignoreip 104.16.0.0/13"]);
        Commands(edit.Undo).ShouldBe(
            ["set nginx delignoreip file://etc/mine.list", "set nginx delignoreip file:/etc/fail2ban/allowlist-sync.als-test.web.list", "set nginx addignoreip 104.16.0.0/13 file://etc/mine.list"]);
    }

    [Fact]
    public void Names_that_differ_in_their_capitals_or_where_the_dot_stands_have_different_variables()
    {
        string[] variables = [.. new[] { Of("als", "web"), Of("Als", "web"), Of("als", "wEb"), Of("a.b", "c"), Of("a", "b.c") }.Select(target => Part(target).Variable.ToLowerInvariant())];
        variables.ShouldBeUnique();
    }

    [Theory]
    [InlineData("127.0.0.1/8", "127.0.0.0/8")]
    [InlineData("104.16.0.1", "104.16.0.1/32")]
    [InlineData("file:/etc/x", "file://etc/x")]
    [InlineData("2400:cb00::1/32", "2400:cb00::/32")]
    public void Words_that_fail2ban_takes_for_the_same_are_the_same(string one, string other) => IgnoreWord.Of(one).ShouldBe(IgnoreWord.Of(other));

    [Theory]
    [InlineData("proxy.example.org", true)]
    [InlineData("104.16.0.0/44", true)]
    [InlineData("104.16.0.0/13", false)]
    [InlineData("file:/etc/x", false)]
    public void What_is_neither_an_address_nor_a_list_is_a_name(string word, bool isName) => IgnoreWord.Of(word).IsName.ShouldBe(isName);

    [Fact]
    public void What_the_operator_lists_too_is_not_taken_from_him_and_what_left_is_told_word_by_word()
    {
        var state = State("104.16.0.0/13", "131.0.72.0/22", "104.24.0.0/14") with { DropIn = new DropIn([Part(Web, "104.16.0.0/13", "131.0.72.0/22", "104.24.0.0/14")]) };
        var edit = Fail2BanWriter.Edit(state, Web, PrefixSet.Of(IpPrefix.Parse("172.64.0.0/13")), [new Ban(IpPrefix.Parse("172.64.0.1/32"), "jail nginx"), new Ban(IpPrefix.Parse("172.64.1.0/24"), "jail nginx")]);

        edit.Commands.Select(command => command.ToString()).ShouldBe(
        [
            "set nginx addignoreip 172.64.0.0/13",
            "set nginx delignoreip 104.16.0.0/13",
            "set nginx delignoreip 131.0.72.0/22",
            "set nginx unbanip 172.64.0.1 172.64.1.0/24",
        ]);
        edit.Undo.Select(command => command.ToString()).ShouldBe(["set nginx addignoreip 104.16.0.0/13 131.0.72.0/22", "set nginx delignoreip 172.64.0.0/13"]);
        edit.Between.DropIn!.ShouldContain("172.64.0.0/13 104.16.0.0/13 131.0.72.0/22");
        edit.After.DropIn!.ShouldNotContain("131.0.72.0/22");
    }

    private static IEnumerable<string> Commands(IEnumerable<Fail2BanCommand> commands) => commands.Select(command => command.ToString());

    private static Fail2BanState State(params string[] entries) => new()
    {
        Own = new OwnFiles(null, null),
        DropIn = new DropIn([]),
        Entries = [.. entries.Select(IpPrefix.Parse)],
        Jails = ["nginx"],
        NotInFiles = [],
        Enabled = System.Collections.Immutable.ImmutableSortedDictionary<string, System.Collections.Immutable.ImmutableArray<string>>.Empty.Add("nginx", ["104.24.0.0/14", .. entries]),
        Server = new Fail2BanServer("1.0.2", [new RunningJail("nginx", [.. entries], [])]),
        ReadsLists = false,
        Complaints = [],
    };

    private static DropInPart Part(Target target, params string[] entries) => new(DropInPart.MarkOf(target), [.. entries.Select(IpPrefix.Parse)], null, ["nginx", "sshd"]);

    private static Target Of(string owner, string name)
    {
        _ = Owner.TryCreate(owner, out var made);
        return new Target { Name = name, Provider = "fail2ban", Allow = [], Ports = PortSet.Any, Owner = made! };
    }
}
