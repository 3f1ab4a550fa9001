using AllowlistSync.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class ConfigWriterTests
{
    [Fact]
    public void The_effective_values_of_the_smallest_file_are_all_there() =>
        ConfigWriter.Write(ConfigLoaderTests.Good(BadConfigs.Top)).ShouldBe("""
            version: 1
            owner: allowlist-sync
            sources:
              - name: cf
                type: cloudflare
                apiUrl: https://api.cloudflare.com/client/v4/ips
                textUrls: [https://www.cloudflare.com/ips-v4, https://www.cloudflare.com/ips-v6]
                networks: []
            guard:
              minPrefixes: { ipv4: 8, ipv6: 4 }
              maxRemovedPercent: 20
              maxAddedPercent: 100
              widest: { ipv4: 8, ipv6: 20 }
              removalGrace: 3d
              maxAge: 7d
            parallelism: 8
            targets:
              - name: web
                provider: nftables
                host: local
                allow: [cf]
                ports: [80, 443]
                mode: apply
                policy: sync
                onBlocked: fail
                settings:
                  chain: input
                  table: inet filter
            schedule:
              cron: 0 0/15 * * * ?
              timeZone: HERE
              jitter: 1m
            state: /var/lib/allowlist-sync
            proposals: []
            notify: []
            listen: 127.0.0.1:9521

            """.Replace("cron: 0 0/15 * * * ?", "cron: \"0 0/15 * * * ?\"", StringComparison.Ordinal).Replace("HERE", TimeZoneInfo.Local.Id, StringComparison.Ordinal));

    [Fact]
    public void Secrets_are_masked_and_all_else_reads_back_the_same()
    {
        var written = ConfigWriter.Write(ConfigLoaderTests.Good(GoodConfigs.Everything));

        written.ShouldNotContain("hunter2");
        written.ShouldContain("token: \"***\"");
        var readable = written
            .Replace("token: \"***\"", "token: { env: TOKEN }", StringComparison.Ordinal)
            .Replace("secret: \"***\"", "secret: { env: TOKEN }", StringComparison.Ordinal)
            .Replace("password: \"***\"", "password: { env: TOKEN }", StringComparison.Ordinal)
            .Replace("url: \"***\"", "url: { env: HOOK }", StringComparison.Ordinal);
        ConfigWriter.Write(ConfigLoaderTests.Good(readable)).ShouldBe(written);
    }

    [Fact]
    public void Where_to_listen_is_written_and_read_again()
    {
        var listen = ConfigLoaderTests.Good(GoodConfigs.All["served to other machines by certificate"]).Listen;
        listen.Tls.ShouldBe(new ListenTls("c.pem", "k.pem") { ClientCa = "ca.pem" });

        foreach (var name in new[] { "nothing is served", "served to other machines by token", "served to other machines by certificate" })
        {
            var written = ConfigWriter.Write(ConfigLoaderTests.Good(GoodConfigs.All[name]));
            written.ShouldNotContain("hunter2");
            ConfigWriter.Write(ConfigLoaderTests.Good(written.Replace("token: \"***\"", "token: { env: LONG_TOKEN }", StringComparison.Ordinal))).ShouldBe(written);
        }
    }

    [Theory]
    [InlineData("[sshd, web]", "", "[sshd, web]", true)]
    [InlineData("all", ", liftBans: true", "[all]", true)]
    [InlineData("[\"a b\"]", ", liftBans: false", "[a b]", false)]
    public void Lists_of_a_provider_and_what_becomes_of_bans_are_read_written_and_read_again(string jails, string lift, string written, bool lifts)
    {
        var yaml = BadConfigs.Source + $"targets:\n  - {{ name: jails, provider: jailer, allow: [cf]{lift}, settings: {{ jails: {jails}, socket: run/j.sock }} }}\n";
        var target = Banning(yaml);
        target.Target.LiftBans.ShouldBe(lifts);
        target.Target.Place.ShouldBe($"jailer on local: socket=/etc/run/j.sock jails=[{string.Join(' ', target.Settings.List("jails"))}]");

        var again = ConfigWriter.Write(ConfigLoader.Load("/etc/c.yaml", yaml, TestProviders.Banning).Config!);
        again.ShouldContain($"jails: {written}\n");
        var second = Banning(again);
        second.Target.LiftBans.ShouldBe(lifts);
        second.Target.Place.ShouldBe(target.Target.Place);
    }

    [Theory]
    [InlineData("provider: jailer, settings: { jails: [] }", "the list is empty")]
    [InlineData("provider: jailer, settings: { jails: { a: b } }", "a mapping stands here")]
    [InlineData("provider: jailer, settings: { jails: [a, [b]] }", "a list stands here")]
    [InlineData("provider: jailer, liftBans: perhaps", "\"perhaps\" is not known here")]
    [InlineData("provider: ufw, liftBans: true", "liftBans")]
    [InlineData("provider: nftables, settings: { table: [inet filter], chain: input }", "a list stands here")]
    public void A_list_or_a_switch_in_the_wrong_place_is_told(string target, string said) =>
        ConfigLoader.Load("/etc/c.yaml", BadConfigs.Source + $"targets:\n  - {{ name: web, allow: [cf], {target} }}\n", TestProviders.Banning)
            .Problems.ShouldHaveSingleItem().ToString().ShouldContain(said);

    private static TargetConfig Banning(string yaml)
    {
        var result = ConfigLoader.Load("/etc/c.yaml", yaml, TestProviders.Banning);
        result.Problems.ShouldBeEmpty();
        return result.Config!.Targets[0];
    }

    [Theory]
    [InlineData("true", "\"true\"")]
    [InlineData("5", "\"5\"")]
    [InlineData("", "\"\"")]
    [InlineData("a: b", "\"a: b\"")]
    [InlineData("a #b", "\"a #b\"")]
    [InlineData("-x", "\"-x\"")]
    [InlineData("a\"\\\u0007", "\"a\\\"\\\\\\u0007\"")]
    [InlineData("inet filter", "inet filter")]
    public void A_text_stands_in_quotes_where_YAML_would_take_it_for_something_else(string text, string yaml) =>
        YamlText.Scalar(text).ShouldBe(yaml);

    [Fact]
    public void A_setting_that_sounds_like_a_secret_is_masked()
    {
        var config = ConfigLoaderTests.Good(BadConfigs.Top);
        var target = config.Targets[0] with { Settings = new() { Values = config.Targets[0].Settings.Values.Add("apiToken", "hunter2") } };

        ConfigWriter.Write(config with { Targets = [target] }).ShouldContain("apiToken: \"***\"");
    }
}
