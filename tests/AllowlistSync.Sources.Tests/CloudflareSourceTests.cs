using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

public sealed class CloudflareSourceTests : CloudflareTest
{
    private static PrefixSet Set(params string[] prefixes) => PrefixSet.Of(prefixes.Select(IpPrefix.Parse));

    [Fact]
    public async Task The_list_is_cross_checked_and_kept_in_the_publishers_order()
    {
        var before = TimeProvider.System.GetUtcNow();

        var snapshot = await FetchAsync();

        snapshot.Published.Select(prefix => prefix.ToString()).ShouldBe(Publication.Real.All);
        snapshot.Ranges.ShouldBe(Set([.. Publication.Real.All]));
        snapshot.Provenance.ShouldBe(Provenance.CrossChecked);
        snapshot.Disagreement.ShouldBeNull();
        snapshot.ETag.ShouldBe(Publication.Real.ETag);
        snapshot.Kind.ShouldBe(SourceKind.Cloudflare);
        snapshot.FetchedAt.ShouldBeInRange(before, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Text_files_without_a_final_newline_are_read_apart_and_never_glued()
    {
        using var plain = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        (await plain.GetStringAsync(Server.TextIPv4Url, Ct)).ShouldEndWith("131.0.72.0/22");

        var snapshot = await FetchAsync();

        snapshot.Ranges.Covers(IpPrefix.Parse("131.0.72.0/22")).ShouldBeTrue();
        snapshot.Ranges.Covers(IpPrefix.Parse("2400:cb00::/32")).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_text_addresses_only_the_api_is_asked()
    {
        var snapshot = await Source(crossCheck: false).FetchAsync(known: null, Ct);

        snapshot.Provenance.ShouldBe(Provenance.Live);
        snapshot.Published.Length.ShouldBe(22);
        Server.Requests.Select(request => request.Path).ShouldBe(["/client/v4/ips"]);
    }

    [Fact]
    public async Task A_request_says_who_asks_and_asks_for_nothing_packed()
    {
        await FetchAsync();

        foreach (var request in Server.Requests)
        {
            request.Headers["User-Agent"].ShouldMatch(@"^allowlist-sync/\d+\.\d+\.\d+$");
            request.Headers["Accept-Encoding"].ShouldBe("identity");
            request.Headers.Keys.ShouldNotContain("If-None-Match");
            request.Headers.Keys.ShouldNotContain("traceparent");
        }
    }

    [Fact]
    public async Task A_known_list_is_asked_for_by_etag_and_304_confirms_it_now()
    {
        var known = (await FetchAsync()) with { FetchedAt = DateTimeOffset.UnixEpoch, Provenance = Provenance.LastKnownGood };

        var confirmed = await FetchAsync(known);

        Server.Requests.Last(request => request.Path == "/client/v4/ips").Headers["If-None-Match"].ShouldBe($"\"{Publication.Real.ETag}\"");
        Server.Requests.Where(request => request.Path != "/client/v4/ips").ShouldAllBe(request => !request.Headers.ContainsKey("If-None-Match"));
        confirmed.Published.ShouldBe(known.Published);
        confirmed.Ranges.ShouldBe(known.Ranges);
        confirmed.Provenance.ShouldBe(Provenance.CrossChecked);
        confirmed.FetchedAt.ShouldBeGreaterThan(known.FetchedAt);
        confirmed.ETag.ShouldBe(known.ETag);
    }

    [Fact]
    public async Task A_changed_list_comes_whole_in_spite_of_the_etag()
    {
        var known = await FetchAsync();
        Server.AnswerAll(Answers.Added("203.0.113.0/24"));

        var changed = await FetchAsync(known);

        changed.Ranges.Except(known.Ranges).ShouldBe(Set("203.0.113.0/24"));
        changed.ETag.ShouldNotBe(known.ETag);
        changed.Provenance.ShouldBe(Provenance.CrossChecked);
    }

    [Fact]
    public async Task A_304_that_nobody_asked_for_is_no_answer()
    {
        Server.Api = question =>
        {
            question.Http.Response.StatusCode = 304;
            return Task.CompletedTask;
        };

        var refused = await Should.ThrowAsync<SourceException>(FetchAsync());

        refused.Refusal.RuleId.ShouldBe("http-status");
        refused.Answered.ShouldBeFalse();
    }

    [Fact]
    public async Task A_304_with_changed_text_lists_is_a_disagreement()
    {
        var known = await FetchAsync();
        Server.TextIPv4 = Answers.Removed("131.0.72.0/22");

        var snapshot = await FetchAsync(known);

        snapshot.Disagreement.ShouldNotBeNull().OnlyInFirst.ShouldBe(Set("131.0.72.0/22"));
    }

    [Fact]
    public async Task What_only_the_api_lists_is_a_disagreement()
    {
        Server.Api = Answers.Added("203.0.113.0/24");

        var snapshot = await FetchAsync();

        snapshot.Provenance.ShouldBe(Provenance.Live);
        var disagreement = snapshot.Disagreement.ShouldNotBeNull();
        (disagreement.First, disagreement.Second).ShouldBe(("the API", "the text lists"));
        disagreement.OnlyInFirst.ShouldBe(Set("203.0.113.0/24"));
        disagreement.OnlyInSecond.IsEmpty.ShouldBeTrue();
        snapshot.Ranges.Covers(IpPrefix.Parse("203.0.113.0/24")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_only_the_text_lists_hold_is_a_disagreement()
    {
        Server.TextIPv6 = Answers.Added("2001:678::/32");

        var snapshot = await FetchAsync();

        var disagreement = snapshot.Disagreement.ShouldNotBeNull();
        disagreement.OnlyInFirst.IsEmpty.ShouldBeTrue();
        disagreement.OnlyInSecond.ShouldBe(Set("2001:678::/32"));
        snapshot.Ranges.ShouldBe(Set([.. Publication.Real.All]));
    }

    [Fact]
    public async Task Another_spelling_of_the_same_addresses_is_no_disagreement()
    {
        Server.TextIPv4 = Answers.Of(Publication.Real.Without("104.24.0.0/14").Plus("104.24.0.0/15", "104.26.0.0/15"));

        var snapshot = await FetchAsync();

        snapshot.Disagreement.ShouldBeNull();
        snapshot.Provenance.ShouldBe(Provenance.CrossChecked);
    }

    [Fact]
    public async Task Duplicates_stay_in_what_was_published_so_that_the_guard_sees_them()
    {
        Server.AnswerAll(Answers.Duplicates());

        var snapshot = await FetchAsync();

        snapshot.Published.Length.ShouldBe(44);
        snapshot.Ranges.ShouldBe(Set([.. Publication.Real.All]));
    }

    [Fact]
    public async Task The_china_network_is_merged_after_the_cross_check()
    {
        var snapshot = await Source(networks: "jdcloud").FetchAsync(known: null, Ct);

        Server.Requests.Single(request => request.Path == "/client/v4/ips").Query.ShouldBe("?networks=jdcloud");
        snapshot.Provenance.ShouldBe(Provenance.CrossChecked);
        snapshot.Ranges.ShouldBe(Set([.. Publication.Real.All, .. Publication.JdCloud]));
        snapshot.Published.Length.ShouldBe(22 + Publication.JdCloud.Count);
    }

    [Fact]
    public async Task A_list_with_the_china_network_never_confirms_one_without_nor_the_other_way_round()
    {
        var with = await Source(networks: "jdcloud").FetchAsync(known: null, Ct);
        var without = await FetchAsync(with);
        var again = await Source(networks: "jdcloud").FetchAsync(without, Ct);

        without.Ranges.ShouldBe(Set([.. Publication.Real.All]));
        again.Ranges.ShouldBe(with.Ranges);
        Server.Requests.ShouldAllBe(request => !request.Headers.ContainsKey("If-None-Match"));
    }

    [Fact]
    public async Task A_china_network_that_was_asked_for_and_did_not_come_is_refused()
    {
        Server.Api = question => question.Http.Request.Query.ContainsKey("networks")
            ? Bodies.Json("""{"result":{"ipv4_cidrs":[],"ipv6_cidrs":[],"etag":"x"},"success":true,"errors":[]}""")(question)
            : Answers.Normal()(question);

        var refused = await Should.ThrowAsync<SourceException>(Source(networks: "jdcloud").FetchAsync(known: null, Ct).AsTask());

        refused.Refusal.RuleId.ShouldBe("api-error");
        refused.Message.ShouldContain("jdcloud_cidrs");
    }

    [Fact]
    public void The_built_in_list_is_the_one_of_november_2026()
    {
        var embedded = Source().Embedded.ShouldNotBeNull();

        embedded.Published.Select(prefix => prefix.ToString()).ShouldBe(Publication.Real.All);
        embedded.ETag.ShouldBe("38f79d050aa027e3be3865e495dcc9bc");
        embedded.Provenance.ShouldBe(Provenance.Embedded);
        embedded.FetchedAt.ShouldBe(new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero));
        embedded.Ranges.PrefixCount(IpFamily.IPv4).ShouldBe(15);
        embedded.Ranges.PrefixCount(IpFamily.IPv6).ShouldBe(7);
        Server.RequestCount.ShouldBe(0, "building a source asks nobody");
    }

    [Fact]
    public async Task Without_network_and_memory_the_built_in_list_is_for_a_look_only()
    {
        Server.AnswerAll(Answers.ServerError());
        var stage = new SourceStage(GuardPolicy.Default, TimeProvider.System);

        var look = await stage.CollectAsync(Source(), memory: null, mayUseEmbedded: true, Ct);
        var write = await stage.CollectAsync(Source(), memory: null, mayUseEmbedded: false, Ct);

        look.InForce.ShouldNotBeNull().Ranges.ShouldBe(Set([.. Publication.Real.All]));
        write.InForce.ShouldBeNull();
    }

    [Fact]
    public async Task Cancelling_ends_all_three_requests_and_is_no_failure_of_the_source()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var arrived = new CountdownEvent(3);
        Server.AnswerAll(question =>
        {
            arrived.Signal();
            return Answers.Slow(TimeSpan.FromMinutes(1))(question);
        });

        var fetching = Source().FetchAsync(known: null, cancel.Token).AsTask();
        arrived.Wait(TimeSpan.FromSeconds(10), Ct).ShouldBeTrue("the three requests go out side by side");
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(fetching.WaitAsync(TimeSpan.FromSeconds(5), Ct));
        Server.RequestCount.ShouldBe(3);
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused_when_the_source_is_made()
    {
        Should.Throw<ArgumentException>(() => Source(networks: "moon")).Message.ShouldContain("\"moon\"");
        Should.Throw<ArgumentException>(() => new CloudflareSource(new CloudflareSourceOptions { TextUrls = [Server.TextIPv4Url] }, new(TimeProvider.System), TimeProvider.System))
            .Message.ShouldContain("1 addresses");
    }
}
