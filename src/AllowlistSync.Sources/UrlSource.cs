using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;
using AllowlistSync.Sources.Http;

namespace AllowlistSync.Sources;

/// <summary>A list that somebody publishes at an address, as text or JSON.</summary>
public sealed class UrlSource : IRangeSource
{
    private readonly UrlSourceOptions _options;
    private readonly ImmutableArray<JsonListPath> _paths;
    private readonly GuardedHttp _http;
    private readonly TimeProvider _time;

    /// <summary>Makes the source; opens nothing.</summary>
    /// <exception cref="ArgumentException">JSON without a path, or text with one.</exception>
    /// <exception cref="FormatException">A path that cannot be read.</exception>
    public UrlSource(UrlSourceOptions options, GuardedHttp http, TimeProvider time)
    {
        if (options.Paths.IsEmpty == (options.Format == ListFormat.Json))
        {
            throw new ArgumentException("A JSON list takes at least one path, a text list none.", nameof(options));
        }

        _options = options;
        _paths = [.. options.Paths.Select(JsonListPath.Parse)];
        _http = http;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => _options.Name;

    /// <inheritdoc/>
    public SourceKind Kind => SourceKind.Url;

    /// <inheritdoc/>
    public RangeSnapshot? Embedded => null;

    /// <inheritdoc/>
    /// <exception cref="SourceException">As <see cref="GuardedHttp.GetAsync"/>, and answered: <c>malformed-json</c>, <c>malformed-list</c>.</exception>
    public async ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken)
    {
        var json = _options.Format == ListFormat.Json;
        var question = new HttpQuestion(Name, _options.Url, json ? "application/json" : "text/plain") { MaxBytes = _options.MaxBytes };
        var answer = await _http.GetAsync(question, cancellationToken);
        var place = ShownText.Of(_options.Url);
        var prefixes = json ? ReadJson(place, answer.Body) : TextList.Read(Name, place, answer.Body.Span);
        return new RangeSnapshot
        {
            Source = Name,
            Kind = Kind,
            Published = prefixes,
            Ranges = PrefixSet.Of(prefixes.AsSpan()),
            ETag = answer.ETag,
            FetchedAt = _time.GetUtcNow(),
            Provenance = Provenance.Live,
        };
    }

    private ImmutableArray<IpPrefix> ReadJson(string place, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return [.. _paths.SelectMany(path => path.Select(document.RootElement).Select((text, index) => PrefixEntry.Read(Name, $"{place}: path {path.Text}, entry {index + 1}", text)))];
        }
        catch (JsonException broken)
        {
            throw ListRefusals.Json(Name, place, body.Length, broken);
        }
        catch (FormatException other)
        {
            throw ListRefusals.Malformed(Name, place, other.Message);
        }
    }
}
