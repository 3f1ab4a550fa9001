using AllowlistSync.Configuration;
using AllowlistSync.Configuration.Rules;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Configuration;

public sealed class ConfigLoaderTests
{
    public static TheoryData<string> BadNames => [.. BadConfigs.All.Select(bad => bad.Name)];

    public static TheoryData<string> GoodNames => [.. GoodConfigs.All.Keys];

    [Theory]
    [MemberData(nameof(BadNames))]
    public void A_bad_file_is_refused_with_all_of_its_problems(string name)
    {
        var bad = BadConfigs.All.Single(candidate => candidate.Name == name);

        var result = Load(bad.Yaml);

        result.Problems.Select(problem => problem.ToString()["c.yaml:".Length..]).ShouldBe(bad.Problems, ignoreOrder: false);
        bad.Problems.ShouldNotBeEmpty();
        result.Config.ShouldBeNull();
        string.Concat(result.Problems).ShouldNotContain("hunter2");
    }

    [Theory]
    [MemberData(nameof(GoodNames))]
    public void A_good_file_is_accepted(string name) => Load(GoodConfigs.All[name]).Problems.ShouldBeEmpty();

    [Fact]
    public void What_is_not_written_has_the_documented_defaults()
    {
        var config = Good(BadConfigs.Top);

        config.Owner.ShouldBe(Owner.Default);
        config.Guard.ShouldBe(new GuardPolicy
        {
            MinPrefixes = new(8, 4),
            MaxRemovedPercent = 20,
            MaxAddedPercent = 100,
            Widest = new(8, 20),
            RemovalGrace = TimeSpan.FromHours(72),
            MaxAge = TimeSpan.FromDays(7),
        });
        var source = config.Sources.Single().ShouldBeOfType<CloudflareSourceConfig>();
        source.ApiUrl.OriginalString.ShouldBe("https://api.cloudflare.com/client/v4/ips");
        source.TextUrls.Select(url => url.OriginalString).ShouldBe(["https://www.cloudflare.com/ips-v4", "https://www.cloudflare.com/ips-v6"]);
        source.Networks.ShouldBeEmpty();
        var target = config.Targets.Single().Target;
        (target.Host, target.Mode, target.Policy, target.Ports.ToString()).ShouldBe(("local", TargetMode.Apply, TargetPolicy.Sync, "80,443"));
        config.Schedule.ShouldBe(new ScheduleConfig { Cron = "0 0/15 * * * ?", Jitter = TimeSpan.FromSeconds(60) });
        config.State.ShouldBe(new StateInFiles("/var/lib/allowlist-sync"));
        config.Listen.ShouldBe(ListenConfig.Default);
        config.Proposals.ShouldBeEmpty();
        config.Notify.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_written_arrives()
    {
        var config = Good(GoodConfigs.Everything);

        config.Sources.Select(source => $"{source.Name} {source.Type}").ShouldBe(["cloudflare cloudflare", "json url", "list url", "local file", "office static"]);
        config.Sources[1].ShouldBeOfType<UrlSourceConfig>().Paths.ShouldBe(["prefixes[].ip", "extra"]);
        config.Sources[4].ShouldBeOfType<StaticSourceConfig>().Prefixes.Select(prefix => prefix.ToString()).ShouldBe(["198.51.100.0/24", "2001:db8::/32", "::1/128", "192.0.2.1/32"]);
        config.Guard.Widest.ShouldBe(new PerFamily(9, 20));
        config.Guard.MaxAge.ShouldBe(TimeSpan.FromMinutes(90));
        var web = config.Targets[0];
        web.Target.Owner.Name.ShouldBe("web-1");
        web.Target.Ports.ToString().ShouldBe("80,443,8000-8010,443/udp");
        web.Settings["sets.ipv6"].ShouldBe("inet filter cf6");
        config.State.ShouldBe(new StateInDatabase("Host=/run/postgresql;Database=allow"));
        config.Proposals[0].Forge.Token!.Reveal().ShouldBe("hunter2");
        config.Proposals[0].Branch.ShouldBe("allowlist-sync/cloudflare");
        config.Notify[0].ShouldBeOfType<WebhookNotifyConfig>().Url.Reveal().ShouldBe("https://hooks.example.com/hunter2");
        config.Notify[0].On.ShouldBe(["failed"]);
        config.Listen.Address!.ToString().ShouldBe("[::1]:9600");
    }

    [Fact]
    public void Relative_paths_start_at_the_directory_of_the_file()
    {
        var yaml = BadConfigs.Top.Replace("type: cloudflare", "type: file, path: lists/a.txt", StringComparison.Ordinal) + "state: state\n";

        var config = ConfigLoader.Load("/etc/allowlist-sync/config.yaml", yaml, TestProviders.All).Config.ShouldNotBeNull();

        config.Sources[0].ShouldBeOfType<FileSourceConfig>().Path.ShouldBe("/etc/allowlist-sync/lists/a.txt");
        config.State.ShouldBe(new StateInFiles("/etc/allowlist-sync/state"));
    }

    [Fact]
    public void The_cheap_conditions_and_the_rules_agree_on_every_file()
    {
        var rules = new ConfigRules();
        var seen = 0;
        foreach (var bad in BadConfigs.All.Where(bad => bad.Schema != BySchema.NotAsked))
        {
            if (Lenient.Build(bad.Yaml) is { } config)
            {
                rules.Validate(config).IsValid.ShouldBe(Sane.IsSane(config), bad.Name);
                seen++;
            }
        }

        seen.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Values_nested_without_end_are_refused_at_a_depth_and_not_read_on()
    {
        var result = Load("version: " + new string('[', 500_000));

        result.Problems.Single().ToString().ShouldBe("c.yaml:1:42: values are nested more than 32 deep; no setting needs more than 6 levels; look for a bracket too many");
    }

    // The parser ends these with an exception of another kind, or with no further event at all.
    [Theory]
    [InlineData("files: [{ path{: a, key: b }]\n")]
    [InlineData("a: { b{: c")]
    [InlineData("a: [ b: [ c")]
    public void A_text_that_the_parser_gives_up_on_is_no_YAML(string yaml) =>
        Load(yaml).Problems.ShouldNotBeEmpty();

    [Fact]
    public void More_than_a_hundred_problems_are_counted()
    {
        var result = Load(BadConfigs.Top + string.Concat(Enumerable.Range(0, 150).Select(i => $"wrong{i}: 1\n")));

        result.Problems.Length.ShouldBe(100);
        result.TotalProblems.ShouldBe(150);
    }

    [Fact]
    public void No_damage_to_a_file_makes_the_loader_throw()
    {
        var random = new Random(20261121);
        const string Bits = "{}[]:,-#&*!|>'\"%@`\t\n ~?<\\0aé\u001b";
        for (var round = 0; round < 1500; round++)
        {
            var text = GoodConfigs.Everything.ToCharArray().ToList();
            for (var hits = random.Next(1, 4); hits > 0; hits--)
            {
                var at = random.Next(text.Count);
                var bit = Bits[random.Next(Bits.Length)];
                if (random.Next(3) == 0)
                {
                    text.RemoveRange(at, Math.Min(random.Next(40), text.Count - at));
                }
                else
                {
                    text.Insert(at, bit);
                }
            }

            var yaml = new string([.. text]);
            var result = Should.NotThrow(() => Load(yaml), yaml);
            result.IsValid.ShouldBe(result.Problems.IsEmpty);
            result.Problems.ShouldAllBe(problem => problem.Line >= 1 && problem.Column >= 1 && problem.Fix.Length > 0 && !problem.Problem.Any(char.IsControl));
        }
    }

    internal static ConfigResult Load(string yaml) => ConfigLoader.Load("c.yaml", yaml, TestProviders.All, new TestSecrets());

    internal static AllowlistConfig Good(string yaml)
    {
        var result = Load(yaml);
        result.Problems.ShouldBeEmpty();
        return result.Config!;
    }
}
