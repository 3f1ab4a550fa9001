using System.Text.Json;
using AllowlistSync.Sources.Http;

namespace AllowlistSync.Sources.Cloudflare;

/// <summary>Cloudflare's API over <see cref="GuardedHttp"/>.</summary>
/// <param name="source">The source that asks, for messages.</param>
/// <param name="url">The address of the list.</param>
/// <param name="http">The way out.</param>
public sealed class CloudflareApi(string source, Uri url, GuardedHttp http) : ICloudflareApi
{
    /// <inheritdoc/>
    public async Task<CloudflareIpsReply> GetIpsAsync(string? networks, string? ifNoneMatch, CancellationToken cancellationToken)
    {
        var question = new HttpQuestion(source, WithNetworks(networks), "application/json") { Scope = RedirectScope.Cloudflare, IfNoneMatch = ifNoneMatch };
        var answer = await http.GetAsync(question, cancellationToken);
        return new CloudflareIpsReply(answer.NotModified ? null : Read(answer.Body.Span));
    }

    private CloudflareIpsDocument Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, CloudflareJson.Default.CloudflareIpsDocument)
                ?? throw ListRefusals.Api(source, ShownText.Of(url), "the answer is null");
        }
        catch (JsonException broken)
        {
            throw ListRefusals.Json(source, ShownText.Of(url), body.Length, broken);
        }
    }

    private Uri WithNetworks(string? networks)
    {
        if (networks is null)
        {
            return url;
        }

        var parameter = $"networks={Uri.EscapeDataString(networks)}";
        return new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query}&{parameter}" : parameter }.Uri;
    }
}
