using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Fail2Ban;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Fail2Ban;

public sealed class Fail2BanReaderTests
{
    private const int Commands = 9;

    [Theory]
    [InlineData("1.0.2", "192.0.2.1")]
    [InlineData("1.1.1", "file://etc/x.list,192.0.2.1")]
    public void The_answers_of_a_batch_are_told_apart(string version, string ignored)
    {
        var (client, answers) = Fail2BanReader.ReadAnswers(Text($"{version}.answers"), Commands, "fail2ban-client -i");

        client.ShouldBe(version);
        answers[0].ShouldBe(version);
        Fail2BanReader.ReadJails(answers[1], "status").ShouldBe(["two", "webtest"]);
        Fail2BanReader.ReadIgnored(answers[2]).ShouldBe(["127.0.0.0/8", "104.24.0.0/14", "::1"]);
        Fail2BanReader.ReadIgnored(answers[4]).ShouldBe(ignored.Split(','));
        Fail2BanReader.ReadBans("two", answers[5]).ShouldBeEmpty();
        Fail2BanReader.ReadIgnored(answers[6]).ShouldBeNull("a jail that is not there says so");
        new Fail2BanCommand("two", Fail2BanCommand.NoLongerIgnore, ["1.2.3.4"]).IsDone(answers[7]).ShouldBeFalse();
        new Fail2BanCommand("two", Fail2BanCommand.Unban, ["1.2.3.4"]).IsDone(answers[8]).ShouldBeTrue();
    }

    [Fact]
    public void Bans_are_read_with_their_times_and_names_are_no_addresses()
    {
        var (_, answers) = Fail2BanReader.ReadAnswers(Text("1.0.2.answers"), Commands, "fail2ban-client -i");

        Fail2BanReader.ReadBans("webtest", answers[3]).Select(ban => ban.ToString()).ShouldBe(
        [
            "104.16.0.1/32 by jail webtest (since 2026-11-28 10:06:14, for good)",
            "2400:cb00::1/128 by jail webtest (since 2026-11-28 10:06:14, for good)",
            "104.20.0.0/16 by jail webtest (since 2026-11-28 10:06:16, for good)",
        ]);
        Fail2BanReader.ReadBans("a", "9.9.9.9 \t2026-11-28 08:59:32 + 600 = 2026-11-28 09:09:32").ShouldHaveSingleItem().Note.ShouldBe("since 2026-11-28 08:59:32, until 2026-11-28 09:09:32");
    }

    [Theory]
    [InlineData("1.0.2")]
    [InlineData("1.1.1")]
    public void A_dump_says_what_each_enabled_jail_ignores(string version)
    {
        var enabled = Fail2BanReader.ReadDump(Text($"{version}.dump"), "fail2ban-client -d");

        enabled.Keys.ShouldBe(["two", "webtest"]);
        enabled["webtest"].ShouldBe(["127.0.0.1/8", "::1", "104.24.0.0/14"]);
        enabled["two"].ShouldBe(["192.0.2.1"]);
    }

    [Fact]
    public void Half_an_answer_is_none_wherever_it_is_cut()
    {
        var dump = Text("1.0.2.dump");
        var whole = Fail2BanReader.ReadDump(dump, "-d");
        for (var length = 0; length < dump.TrimEnd().Length; length++)
        {
            // Up to the first jail nothing tells a dump without jails from half of one but what it begins with.
            if (Read(dump[..length]) is { } read)
            {
                read.ShouldBeEmpty($"cut at {length}");
                dump[..length].ShouldNotContain("['add'");
            }
        }

        whole.ShouldNotBeEmpty();
        var answers = Text("1.0.2.answers");
        foreach (var length in new[] { 0, 50, answers.Length / 2, answers.Length - 12 })
        {
            Should.Throw<ProviderException>(() => Fail2BanReader.ReadAnswers(answers[..length], Commands, "-i")).Kind.ShouldBe(FailureKind.Protocol);
        }

        static IReadOnlyDictionary<string, System.Collections.Immutable.ImmutableArray<string>>? Read(string text)
        {
            try
            {
                return Fail2BanReader.ReadDump(text, "-d");
            }
            catch (ProviderException garbled)
            {
                garbled.Kind.ShouldBe(FailureKind.Protocol);
                return null;
            }
        }
    }

    [Theory]
    [InlineData("['add', 'ssh', 'auto']", "add|ssh|auto")]
    [InlineData("['set', 'x', 'addfailregex', \"it's\", 2, None]", "set|x|addfailregex|it's|2|None")]
    [InlineData(@"['a\'b', '\\d']", @"a'b|\d")]
    [InlineData("[]", "")]
    public void A_flat_list_of_python_is_read(string line, string items) => PythonList.Read(line).ShouldNotBeNull().ShouldBe(items.Length == 0 ? [] : items.Split('|'));

    [Theory]
    [InlineData("['a', ['b']]")]
    [InlineData("['a")]
    [InlineData("['a',]")]
    [InlineData("['a' 'b']")]
    [InlineData("['a', ]")]
    [InlineData("nothing")]
    public void Anything_else_is_none(string line) => PythonList.Read(line).ShouldBeNull();

    [Fact]
    public void Sections_are_jails_and_one_that_adds_to_what_is_known_is_told()
    {
        Fail2BanReader.ReadSections("""
            [INCLUDES]
            before = paths-debian.conf
            [DEFAULT]
            ignoreip = 127.0.0.1/8
            [sshd]
            port = ssh
            [web]
            ignoreip = 10.0.0.0/8
                       %(known/ignoreip)s
            logpath = /x
            [other]
            logpath = %(known/ignoreip)s
            [bad name]
            """).ShouldBe([("sshd", false), ("web", true), ("other", false)]);
    }

    internal static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "fail2ban", name));

    [Theory]
    [InlineData("[DEFAULT]\nbantime = 1\nignoreip = 192.0.2.1\n", true)]
    [InlineData("[INCLUDES]\nbefore = x\n[DEFAULT]\nIgnoreIP: 192.0.2.1", true)]
    [InlineData("[DEFAULT]\n#ignoreip = 127.0.0.1/8 ::1\nignoreself = true\n[sshd]\nignoreip = 192.0.2.1\n", false)]
    [InlineData("", false)]
    public void A_list_for_all_jails_is_found(string text, bool sets) => Fail2BanReader.SetsDefault(text).ShouldBe(sets);
}
