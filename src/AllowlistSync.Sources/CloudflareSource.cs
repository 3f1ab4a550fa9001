using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;
using AllowlistSync.Sources.Cloudflare;
using AllowlistSync.Sources.Http;

namespace AllowlistSync.Sources;

/// <summary>
/// Cloudflare's ranges: the API's list, compared with the two text lists that Cloudflare publishes beside it. All three are asked side by
/// side; one that fails, fails the fetch.
/// </summary>
public sealed class CloudflareSource : IRangeSource
{
    private readonly CloudflareSourceOptions _options;
    private readonly ICloudflareApi _api;
    private readonly GuardedHttp _http;
    private readonly TimeProvider _time;

    /// <summary>Makes the source; opens nothing.</summary>
    /// <exception cref="ArgumentException">The text addresses are neither none nor two, or a network is not known.</exception>
    public CloudflareSource(CloudflareSourceOptions options, GuardedHttp http, TimeProvider time)
    {
        if (options.TextUrls.Length is not (0 or 2))
        {
            throw new ArgumentException($"textUrls holds {options.TextUrls.Length} addresses; it takes two (IPv4, then IPv6) or none.", nameof(options));
        }

        if (options.Networks.FirstOrDefault(network => network != CloudflareSourceOptions.JdCloud) is { } unknown)
        {
            throw new ArgumentException($"networks holds \"{unknown}\"; only \"{CloudflareSourceOptions.JdCloud}\" is known.", nameof(options));
        }

        _options = options;
        _api = new CloudflareApi(options.Name, options.ApiUrl, http);
        _http = http;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public SourceKind Kind => SourceKind.Cloudflare;

    /// <inheritdoc/>
    public RangeSnapshot? Embedded => CloudflareEmbedded.Snapshot(Name);

    private bool WantsJdCloud => !_options.Networks.IsEmpty;

    /// <inheritdoc/>
    /// <exception cref="SourceException">
    /// As <see cref="GuardedHttp.GetAsync"/>, and answered: <c>malformed-json</c>, <c>api-error</c>, <c>malformed-list</c>, <c>wrong-family</c>,
    /// <c>empty-list</c>. Of several failures an answer that is refused is told before one that did not come; else the API's first.
    /// </exception>
    public async ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken)
    {
        var asked = AskedAsync(AskApiAsync(known, cancellationToken));
        var texts = _options.TextUrls.Select((url, index) => AskedAsync(AskTextAsync(url, index == 0 ? IpFamily.IPv4 : IpFamily.IPv6, cancellationToken))).ToArray();
        await Task.WhenAll([asked, .. texts]);
        var api = await asked;
        var lists = await Task.WhenAll(texts);
        ThrowFirst([api.Failure, .. lists.Select(list => list.Failure)]);
        return Snapshot(api.Value!, [.. lists.Select(list => list.Value!)]);
    }

    private async Task<CloudflareLists> AskApiAsync(RangeSnapshot? known, CancellationToken cancellationToken)
    {
        var confirmable = Confirmable(known);
        var reply = await _api.GetIpsAsync(WantsJdCloud ? CloudflareSourceOptions.JdCloud : null, confirmable?.ETag, cancellationToken);
        return reply.Document is { } document
            ? CloudflareLists.Read(Name, ShownText.Of(_options.ApiUrl), document, WantsJdCloud)
            : new CloudflareLists(confirmable!.Published, [], confirmable.ETag);
    }

    // A list with the China network is always fetched whole: whether the etag covers it is not documented, and the parts could not be told apart.
    private RangeSnapshot? Confirmable(RangeSnapshot? known) =>
        !WantsJdCloud && known is { Kind: SourceKind.Cloudflare, ETag: { Length: > 0 } etag } && etag.All(char.IsAsciiLetterOrDigit) ? known : null;

    private async Task<PrefixList> AskTextAsync(Uri url, IpFamily family, CancellationToken cancellationToken)
    {
        var question = new HttpQuestion(Name, url, "text/plain") { Scope = RedirectScope.Cloudflare };
        var answer = await _http.GetAsync(question, cancellationToken);
        return new PrefixList(TextList.Read(Name, ShownText.Of(url), answer.Body.Span, family));
    }

    private RangeSnapshot Snapshot(CloudflareLists api, ImmutableArray<PrefixList> texts)
    {
        ImmutableArray<IpPrefix> all = [.. api.Main, .. api.JdCloud];
        var disagreement = texts.IsEmpty ? null : Compare(PrefixSet.Of(api.Main.AsSpan()), PrefixSet.Of(texts.SelectMany(text => text.Prefixes)));
        return new RangeSnapshot
        {
            Source = Name,
            Kind = Kind,
            Published = all,
            Ranges = PrefixSet.Of(all.AsSpan()),
            ETag = WantsJdCloud && api.ETag is not null ? $"{api.ETag}+{CloudflareSourceOptions.JdCloud}" : api.ETag,
            FetchedAt = _time.GetUtcNow(),
            Provenance = texts.IsEmpty || disagreement is not null ? Provenance.Live : Provenance.CrossChecked,
            Disagreement = disagreement,
        };
    }

    private static PublicationDisagreement? Compare(PrefixSet api, PrefixSet texts) => api.Equals(texts)
        ? null
        : new PublicationDisagreement("the API", api.Except(texts), "the text lists", texts.Except(api));

    // One that fails must not hide what the others say: a refused answer tells more than a missing one.
    private static async Task<Asked<T>> AskedAsync<T>(Task<T> asking)
        where T : class
    {
        try
        {
            return new Asked<T>(await asking, Failure: null);
        }
        catch (SourceException failure)
        {
            return new Asked<T>(Value: null, failure);
        }
    }

    private static void ThrowFirst(ImmutableArray<SourceException?> failures)
    {
        var first = failures.FirstOrDefault(failure => failure is { Answered: true }) ?? failures.FirstOrDefault(failure => failure is not null);
        if (first is not null)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }

    private sealed record Asked<T>(T? Value, SourceException? Failure)
        where T : class;

    private sealed record PrefixList(ImmutableArray<IpPrefix> Prefixes);
}
