using AllowlistSync.Core;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using AllowlistSync.Sources.Http;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

/// <summary>A server of Cloudflare's lists on loopback, a source that asks it, and what was remembered before the answer went bad.</summary>
public abstract class CloudflareTest : IAsyncLifetime
{
    protected static HttpLimits Quick { get; } = new() { RetryDelay = TimeSpan.FromMilliseconds(1) };

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected CloudflareServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await CloudflareServer.StartAsync(Ct);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected CloudflareSource Source(HttpLimits? limits = null, bool crossCheck = true, params string[] networks) => new(
        new CloudflareSourceOptions
        {
            ApiUrl = Server.ApiUrl,
            TextUrls = crossCheck ? [Server.TextIPv4Url, Server.TextIPv6Url] : [],
            Networks = [.. networks],
        },
        new GuardedHttp(TimeProvider.System, limits ?? Quick),
        TimeProvider.System);

    protected async Task<RangeSnapshot> FetchAsync(RangeSnapshot? known = null) => await Source().FetchAsync(known, Ct);

    protected async Task<SourceMemory> RememberAsync()
    {
        var good = await FetchAsync();
        return new SourceMemory(good, good.Ranges, []);
    }

    /// <summary>The server goes bad after a good fetch: what is in force stays the last good list, and the outcome says why.</summary>
    protected async Task<SourceOutcome> StaysAsync(Action<CloudflareServer> goBad, string rule, bool answered, HttpLimits? limits = null)
    {
        var memory = await RememberAsync();
        goBad(Server);
        var outcome = await new SourceStage(GuardPolicy.Default, TimeProvider.System).CollectAsync(Source(limits), memory, mayUseEmbedded: true, Ct);
        outcome.Refusals.ShouldNotBeEmpty();
        outcome.Refusals[0].RuleId.ShouldBe(rule, outcome.Refusals[0].Message);
        outcome.Answered.ShouldBe(answered);
        outcome.InForce.ShouldNotBeNull();
        outcome.InForce.Ranges.ShouldBe(memory.InForce);
        outcome.InForce.Basis.Provenance.ShouldBe(Provenance.LastKnownGood);
        outcome.InForce.Basis.FetchedAt.ShouldBe(memory.LastGood.FetchedAt, "a failed fetch must not make the list look fresh");
        outcome.Refusals[0].WayOut.ShouldNotBeEmpty();
        return outcome;
    }

    protected int RequestsFor(string path) => Server.Requests.Count(request => request.Path == path);
}
