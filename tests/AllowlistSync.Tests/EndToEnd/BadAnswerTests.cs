using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>A host to which a good list was applied. The tests of a class share it: a bad answer must not change what the next one meets.</summary>
public sealed class AppliedOnce : IAsyncLifetime
{
    private Origin? _origin;
    private string _applied = "";

    public async ValueTask InitializeAsync()
    {
        _origin = await Origin.StartAsync();
        (await _origin.RunAsync("apply", "--yes")).Ended(0);
        _applied = await _origin.RulesetAsync();
    }

    internal async Task CheckAsync(BadAnswer bad)
    {
        var origin = _origin!;
        await origin.NftAsync($"delete element inet filter {Origin.Mark}/web/v4 {{ 103.21.244.0/22 }}");
        origin.Cloudflare.AnswerAll(Answers.Normal());
        bad.Make(origin.Cloudflare);

        var outcome = await origin.RunAsync("apply", "--yes");

        outcome.Ended(bad.ExitCode).Saying(
            $"{(bad.ExitCode == 3 ? "refused" : "not fetched")}: {bad.Rule}:",
            "in force: 15 IPv4 and 7 IPv6 prefixes; last known good list, kept from an earlier run",
            "Target web: applied",
            "+ 103.21.244.0/22");
        (await origin.RulesetAsync()).ShouldBe(_applied, "drift is repaired from the last known good list, and nothing else changes");
    }

    public ValueTask DisposeAsync() => _origin?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed class BadTransportTests(AppliedOnce host) : IClassFixture<AppliedOnce>
{
    public static TheoryData<string> Names => [.. BadAnswers.Transport.Select(bad => bad.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_bad_answer_changes_nothing_and_drift_is_still_repaired(string name) => host.CheckAsync(BadAnswers.All.Single(bad => bad.Name == name));
}

public sealed class BadListTests(AppliedOnce host) : IClassFixture<AppliedOnce>
{
    public static TheoryData<string> Names => [.. BadAnswers.Lists.Select(bad => bad.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_bad_list_changes_nothing_and_drift_is_still_repaired(string name) => host.CheckAsync(BadAnswers.All.Single(bad => bad.Name == name));
}
