using System.Globalization;
using System.Text;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>Dumps that are broken, strange or huge: an error or unknown, never a crash, and never "accepted".</summary>
public sealed class MalformedTests : IDisposable
{
    private const string Json = """
        {"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}},
        {"table": {"family": "inet", "name": "filter", "handle": 1}},
        {"chain": {"family": "inet", "table": "filter", "name": "input", "handle": 1, "type": "filter", "hook": "input", "prio": 0, "policy": "accept"}},
        {"rule": {"family": "inet", "table": "filter", "chain": "input", "handle": 2, "expr": [{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": 443}}, {"accept": null}]}}]}
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("als-malformed-").FullName;

    public static TheoryData<string, string> NoDumps => new()
    {
        { "JSON that ends early", Json[..^30] },
        { "JSON of something else", """{"tables": []}""" },
        { "iptables-save that ends early", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -j ACCEPT\n" },
        { "iptables-save that ends within a line", "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m tc" },
        { "an empty file", "" },
        { "a binary file", "\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0>\0\u0001\0\0\0\0\u0001\ufffd\ufffd\n\0\0" },
        { "an HTML page", "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n" },
        { "nft text that ends early", "table inet filter {\n  chain input {\n    type filter hook input priority 0; policy accept;\n    tcp dport 443 acc" },
    };

    public static TheoryData<string, string, string> Strange => new()
    {
        { "an unknown statement", Json.Replace("{\"accept\": null}", "{\"teleport\": {\"to\": 5}}", StringComparison.Ordinal), "teleport" },
        { "an unknown match", Json.Replace("\"payload\"", "\"aura\"", StringComparison.Ordinal).Replace("{\"accept\": null}", "{\"drop\": null}", StringComparison.Ordinal), "aura" },
        { "a jump to a missing chain", Save("-A INPUT -j NOWHERE"), "NOWHERE" },
        { "chains that call each other", Save("-A INPUT -j A\n-A A -j B\n-A B -j A", ":A - [0:0]\n:B - [0:0]\n"), "the chains call each other in a circle" },
        { "a chain that calls itself", Save("-A INPUT -j A\n-A A -p tcp -j A", ":A - [0:0]\n"), "the chains call each other in a circle" },
        { "a target that nobody knows", Save("-A INPUT -p tcp -m tcp --dport 443 -j TELEPORT --to mars"), "TELEPORT" },
        { "a match that nobody knows", Save("-A INPUT -p tcp -m aura --colour blue -j DROP"), "aura" },
        { "a set that is not there", Save("-A INPUT -m set --match-set gone src -j DROP"), "set --match-set gone src: the set is not in any dump" },
    };

    [Theory]
    [MemberData(nameof(NoDumps))]
    public async Task What_is_no_dump_ends_with_2(string what, string content)
    {
        var file = await FileAsync(content);

        var outcome = (await Local.RunAsync("verify", "--ruleset", file, "--from", "104.16.0.0/13", "--port", "443")).Ended(2);

        outcome.StdOut.ShouldBeEmpty(what);
        outcome.Saying(file, "nothing was verified");
        ShouldNotBeACrash(outcome);
        outcome.StdErr.ShouldAllBe(letter => letter == '\n' || !char.IsControl(letter), "a terminal must not be told what to do by a file");
    }

    [Theory]
    [MemberData(nameof(Strange))]
    public async Task What_is_not_understood_is_unknown_and_named(string what, string content, string named)
    {
        what.ShouldNotBeEmpty();
        var file = await FileAsync(content);

        var outcome = (await Local.RunAsync("verify", "--ruleset", file, "--from", "104.16.0.0/13", "--port", "443", "--strict")).Ended(1);

        outcome.Saying("104.16.0.0/13 unknown", named, "0 of 1 accepted, 0 BLOCKED, 1 UNKNOWN");
        ShouldNotBeACrash(outcome);
    }

    [Fact]
    public async Task Unknown_keys_beside_known_ones_do_not_turn_a_drop_into_an_accept()
    {
        var file = await FileAsync(Json.Replace("{\"accept\": null}", "{\"drop\": null}", StringComparison.Ordinal).Replace("\"handle\": 2,", "\"handle\": 2, \"colour\": \"blue\",", StringComparison.Ordinal));

        var outcome = await Local.RunAsync("verify", "--ruleset", file, "--from", "104.16.0.0/13", "--port", "443", "--strict");

        outcome.Ended(1).Said.ShouldNotContain("all 1 accepted");
    }

    [Fact]
    public async Task A_file_of_200000_rules_is_judged_in_time()
    {
        var lines = new StringBuilder();
        for (var i = 0; i < 200_000; i++)
        {
            lines.Append(CultureInfo.InvariantCulture, $"-A INPUT -s 10.{(i >> 16) & 255}.{(i >> 8) & 255}.{i & 255}/32 -p tcp -m tcp --dport 443 -j DROP\n");
        }

        var file = await FileAsync(Save(lines + "-A INPUT -s 104.16.7.7/32 -j DROP"));

        (await Local.RunAsync("verify", "--ruleset", file, "--from", "104.16.0.0/13", "--port", "443")).Ended(1).Saying("port 443: 104.16.7.7/32", "rule 200001", "104.16.0.0/13 without 104.16.7.7/32");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string Save(string rules, string chains = "") =>
        $"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n{chains}{rules}\nCOMMIT\n";

    private static void ShouldNotBeACrash(Outcome outcome)
    {
        outcome.StdErr.ShouldNotContain("Unhandled");
        outcome.StdErr.ShouldNotContain("   at ");
        outcome.StdErr.ShouldNotContain("Exception");
    }

    private async Task<string> FileAsync(string content)
    {
        var path = Path.Combine(_directory, "dump");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        return path;
    }
}
