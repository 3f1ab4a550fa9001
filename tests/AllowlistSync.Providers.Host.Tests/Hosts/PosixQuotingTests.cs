using System.Diagnostics;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Hosts;

public sealed class PosixQuotingTests
{
    // Everything that means something to a shell, often.
    private static readonly Gen<string> Words = Gen.Elements("", "a", " ", "'", "\"", "\\", "$", "`", "\n", "!", "*", "-", ";", "&", "~", "é", "\u0001", "#", "''", "$(id)", "\t")
        .ListOf().Select(parts => string.Concat(parts));

    [Fact]
    public void A_shell_reads_back_the_words_that_were_quoted() =>
        Prop.ForAll(Words.ListOf().Select(words => words.ToArray()).ToArbitrary(), words => ReadBack(words).SequenceEqual(words))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_word_that_cannot_be_an_argument_is_refused() => Should.Throw<ArgumentException>(() => PosixQuoting.Word("a\0b"));

    [Theory]
    [InlineData("ssh://root@a", "root", "a", null, "a")]
    [InlineData("ssh://b.example:2222", null, "b.example", 2222, "b.example:2222")]
    [InlineData("ssh://ops@[2001:db8::1]:22", "ops", "2001:db8::1", 22, "[2001:db8::1]:22")]
    [InlineData("ssh://ops@[2001:db8::1]", "ops", "2001:db8::1", null, "[2001:db8::1]")]
    public void An_address_is_read_and_written(string text, string? user, string host, int? port, string place)
    {
        var address = SshAddress.Parse(text);
        address.ShouldBe(new SshAddress(user, host, port));
        address.Place.ShouldBe(place);
        address.ToString().ShouldBe(text);
    }

    private static string[] ReadBack(string[] words)
    {
        var start = new ProcessStartInfo("sh", ["-c", PosixQuoting.Line(["printf", "%s\\0", "", .. words])]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var shell = Process.Start(start)!;
        var said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        return said.Split('\0')[1..^1];
    }
}
