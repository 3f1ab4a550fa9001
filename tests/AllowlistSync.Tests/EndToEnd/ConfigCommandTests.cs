using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class ConfigCommandTests
{
    private const string Wrong = """
        version: 1
        sources:
          - name: cloudflare
            type: cloudflair
        guard: { removalGrace: soon }
        targets:
          - name: web
            provider: nftables
            allow: [cloudflare]
            ports: [80, 70000]
            colour: red
            settings: { table: inet filter }

        """;

    [Theory]
    [InlineData("diff")]
    [InlineData("apply --yes")]
    [InlineData("status")]
    [InlineData("config validate")]
    public async Task All_problems_of_a_configuration_are_told_at_once(string command)
    {
        await using var origin = await Origin.StartAsync();
        await origin.WriteAsync(Origin.ConfigPath, Wrong);

        var outcome = (await origin.RunAsync(command.Split(' '))).Ended(78);

        foreach (var (line, column, what) in new[] { (4, 11, "cloudflair"), (5, 24, "soon"), (10, 17, "70000"), (11, 5, "colour") })
        {
            outcome.Said.ShouldContain($"{Origin.ConfigPath}:{line}:{column}: ");
            outcome.Said.ShouldContain(what);
        }
    }

    [Fact]
    public async Task Without_a_configuration_a_change_ends_with_78_and_a_look_goes_on_with_the_defaults()
    {
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("rm", Origin.ConfigPath);

        foreach (var command in new[] { "apply", "remove", "confirm", "rollback", "status" })
        {
            (await origin.RunAsync(command)).Ended(78).Saying($"there is no configuration at {Origin.ConfigPath}", "`allowlist-sync init`");
        }

        (await origin.RunAsync("diff")).Ended(2).Saying("looking at this machine with the defaults", "Target web: differs", "+ 104.16.0.0/13");
        (await origin.RunAsync("diff", "--config", "/run/none.yaml")).Ended(78).Saying("/run/none.yaml", "does not exist");
    }

    [Fact]
    public async Task The_effective_values_are_shown_and_are_valid_themselves()
    {
        await using var origin = await Origin.StartAsync();

        var shown = (await origin.RunAsync("config", "show")).Ended(0).StdOut;

        shown.ShouldContain("owner: allowlist-sync");
        shown.ShouldContain("removalGrace: 3d");
        await origin.WriteAsync("/run/shown.yaml", shown);
        (await origin.RunAsync("config", "validate", "--config", "/run/shown.yaml")).Ended(0).Saying("valid; 1 sources, 1 targets");
        (await origin.RunAsync("config", "show", "--config", "/run/shown.yaml")).Ended(0).StdOut.ShouldBe(shown);
    }

    [Fact]
    public async Task The_effective_values_have_a_form_for_programs()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { More = "ports: [80, 443/udp]" });

        var shown = (await origin.RunAsync("config", "show", "--output", "json")).Ended(0).Json;

        ((string)shown["schema"]!).ShouldBe("allowlist-sync/config-show/v1");
        shown["config"]!["guard"]!["minPrefixes"]!["ipv4"]!.GetValue<int>().ShouldBe(8);
        var target = shown["config"]!["targets"]![0]!;
        target["ports"]!.ToJsonString().ShouldBe("[80,\"443/udp\"]");
        await origin.WriteAsync("/run/shown.yaml", shown["config"]!.ToJsonString());
        (await origin.RunAsync("config", "show", "--output", "json", "--config", "/run/shown.yaml")).Ended(0).Json["config"]!.ToJsonString().ShouldBe(shown["config"]!.ToJsonString());
    }

    [Fact]
    public async Task Validation_has_a_form_for_programs()
    {
        await using var origin = await Origin.StartAsync();

        (await origin.RunAsync("config", "validate", "--output", "json")).Ended(0).Json["valid"]!.GetValue<bool>().ShouldBeTrue();
        await origin.WriteAsync(Origin.ConfigPath, Wrong);
        var json = (await origin.RunAsync("config", "validate", "--output", "json")).Ended(78).Json;

        json["valid"]!.GetValue<bool>().ShouldBeFalse();
        json["problems"]!.AsArray().Count.ShouldBeGreaterThanOrEqualTo(4);
    }
}
