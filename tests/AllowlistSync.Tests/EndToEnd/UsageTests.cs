using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class UsageTests
{
    public static TheoryData<string> Commands =>
        ["", "init", "diff", "apply", "confirm", "rollback", "verify", "notify", "notify test", "status", "ranges", "providers", "remove", "config", "config validate", "config show", "config schema", "completion"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task The_help_of_each_command_is_as_it_was_agreed(string command)
    {
        var help = (await Local.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Ended(0);

        help.StdErr.ShouldBeEmpty();
        await Golden.MatchAsync($"help/{(command.Length == 0 ? "allowlist-sync" : command.Replace(' ', '-'))}.txt", help.StdOut);
    }

    [Theory]
    [InlineData("dif", "dif")]
    [InlineData("dif", "write one of: init, diff, apply, ")]
    [InlineData("config", "write one of: validate, show, schema")]
    [InlineData("diff --nonsense", "--nonsense")]
    [InlineData("diff --output yaml", "yaml")]
    [InlineData("apply --confirm-within soon", "`soon` is not a time up to 1d; write for example 60s")]
    [InlineData("apply --confirm-within 0s", "--confirm-within")]
    [InlineData("apply --accept 123", "`123` is not a fingerprint")]
    [InlineData("ranges --diff one.txt", "--diff")]
    [InlineData("verify --port 0", "`0` is not a port; write for example 443, 8000-8010 or 443/udp")]
    [InlineData("verify --from 104.16.0.1/13", "--from: `104.16.0.1/13`")]
    [InlineData("verify --local 192.0.2.0/24", "name one address")]
    [InlineData("verify --explain 2606:4700::1:443", "[2606:4700::1]:443")]
    [InlineData("verify --explain 104.16.0.1", "is not a source and a port")]
    [InlineData("verify --explain 104.16.0.1:443 --packets list.txt", "two questions")]
    [InlineData("verify --explain 104.16.0.1:443 --port 80", "leave out --from and --port")]
    [InlineData("verify --ruleset - --packets -", "only one of --ruleset and --packets can be standard input")]
    [InlineData("completion tcsh", "tcsh")]
    [InlineData("apply --accept", "argument missing for option: '--accept'")]
    [InlineData("apply --confirm-within", "argument missing for option: '--confirm-within'")]
    [InlineData("verify --ruleset", "argument missing for option: '--ruleset'")]
    [InlineData("verify --port", "argument missing for option: '--port'")]
    [InlineData("verify --from", "argument missing for option: '--from'")]
    [InlineData("verify --local", "argument missing for option: '--local'")]
    [InlineData("verify --packets", "argument missing for option: '--packets'")]
    [InlineData("verify --explain", "argument missing for option: '--explain'")]
    public async Task Wrong_usage_ends_with_64_and_a_hint(string arguments, string hint)
    {
        var outcome = await Local.RunAsync(arguments.Split(' '));

        outcome.Ended(64).StdOut.ShouldBeEmpty();
        outcome.Saying(hint, "nothing was done; `allowlist-sync --help` lists commands and options");
    }

    // Options that every command has, where they would mean nothing.
    [Theory]
    [InlineData("init --print --output json", "init writes a configuration")]
    [InlineData("notify test --target web", "a test message is of no target")]
    public async Task An_option_that_would_mean_nothing_is_refused(string arguments, string hint)
    {
        (await Local.RunAsync(arguments.Split(' '))).Ended(64).Saying(hint).StdOut.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_call_without_a_command_shows_the_help_and_ends_with_64()
    {
        (await Local.RunAsync()).Ended(64).StdOut.ShouldContain("Commands:");
    }

    [Fact]
    public async Task The_version_is_one_line_of_numbers()
    {
        (await Local.RunAsync("--version")).Ended(0).StdOut.ShouldMatch("^[0-9]+\\.[0-9]+\\.[0-9]+[^\\n]*\\n$");
    }

    [Fact]
    public async Task The_schema_is_json()
    {
        (await Local.RunAsync("config", "schema")).Ended(0).Json["properties"]!["targets"].ShouldNotBeNull();
    }

    [Fact]
    public async Task The_script_for_bash_is_sound_and_completes_what_is_typed()
    {
        var script = (await Local.RunAsync("completion", "bash")).Ended(0).StdOut;
        (await Local.ShellAsync("bash", "-n", "/dev/stdin", script)).Ended(0);

        var typed = $"PATH={Path.GetDirectoryName(Origin.Program)}:$PATH\n{script}\nCOMP_LINE='allowlist-sync a'; COMP_POINT=16; COMP_WORDS=(allowlist-sync a); COMP_CWORD=1; _allowlist_sync; echo \"${{COMPREPLY[@]}}\"\n";
        (await Local.ShellAsync("bash", "-s", null, typed)).Ended(0).StdOut.Trim().ShouldBe("apply");
        var suggested = (await Local.RunAsync("[suggest:16]", "allowlist-sync a")).Ended(0);
        suggested.StdOut.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldContain("apply");
        var options = (await Local.RunAsync("[suggest:23]", "allowlist-sync apply --")).Ended(0);
        options.StdOut.Split('\n').ShouldContain("--confirm-within");
    }

    [Theory]
    [InlineData("zsh", "compdef")]
    [InlineData("fish", "complete -f -c allowlist-sync")]
    public async Task There_is_a_script_for_other_shells(string shell, string holds)
    {
        (await Local.RunAsync("completion", shell)).Ended(0).StdOut.ShouldContain(holds);
    }
}
