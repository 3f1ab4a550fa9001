using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class InitTests
{
    private const string Own = "/run/init/config.yaml";

    [Fact]
    public async Task What_init_writes_for_a_filter_is_valid_and_can_be_compared_at_once()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();

        var printed = (await origin.RunAsync("init", "--print", "--config", Own)).Ended(0).StdOut;
        printed.ShouldContain("table: inet filter");
        printed.ShouldContain("chain: input");
        (await origin.Sandbox.ExistsAsync(Own, TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await origin.RunAsync("init", "--config", Own)).Ended(0).Saying($"wrote {Own}");

        (await origin.ReadAsync(Own)).ShouldBe(printed);
        (await origin.RunAsync("config", "validate", "--config", Own)).Ended(0).Saying("valid; 1 sources, 1 targets");
        // There is no way out of the sandbox to the real Cloudflare: the built-in list stands in, and the exit code says so.
        (await origin.RunAsync("diff", "--config", Own)).Ended(2).Saying("Target web: differs", "+ 104.16.0.0/13", "built into this program");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_file_that_exists_is_not_overwritten()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.ReadAsync(Origin.ConfigPath);

        (await origin.RunAsync("init")).Ended(3).Saying($"{Origin.ConfigPath} exists and was left as it is");

        (await origin.ReadAsync(Origin.ConfigPath)).ShouldBe(before);
    }

    [Fact]
    public async Task Without_a_firewall_init_says_what_it_found_and_writes_no_file()
    {
        await using var origin = await Origin.StartAsync(ruleset: "");

        (await origin.RunAsync("init", "--config", Own)).Ended(2).Saying("no chain filters what comes in: nothing here blocks Cloudflare", "no file was written");
        (await origin.Sandbox.ExistsAsync(Own, TestContext.Current.CancellationToken)).ShouldBeFalse();

        (await origin.RunAsync("init", "--print", "--config", Own)).Ended(2).StdOut.ShouldContain("# A target looks like this:");
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_told()
    {
        await using var origin = await Origin.StartAsync();

        (await origin.RunAsync("init", "--config", "/proc/none/config.yaml")).Ended(2).Saying("/proc/none/config.yaml cannot be written").Said.ShouldNotContain("internal error");
    }

    [Fact]
    public async Task The_providers_of_this_machine_are_listed()
    {
        await using var origin = await Origin.StartAsync();

        (await origin.RunAsync("providers")).Ended(0).Saying("nftables:", "inet filter input (policy drop)", "setting table");
        var json = (await origin.RunAsync("providers", "--output", "json")).Ended(0).Json;
        json["schema"]!.GetValue<string>().ShouldBe("allowlist-sync/providers/v1");
        var nftables = json["providers"]!.AsArray().Single(provider => provider!["name"]!.GetValue<string>() == "nftables")!;
        nftables["found"]!.GetValue<bool>().ShouldBeTrue();
        nftables["atomicity"]!.GetValue<string>().ShouldBe("transaction");
    }
}
