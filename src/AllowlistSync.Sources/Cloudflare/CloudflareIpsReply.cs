using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllowlistSync.Sources.Cloudflare;

/// <summary>What the API answers to the call for ranges.</summary>
/// <param name="Document">The document; null when the known list still holds (304).</param>
public sealed record CloudflareIpsReply(CloudflareIpsDocument? Document);

/// <summary>The envelope that all answers of the API share. Nothing in it is checked yet.</summary>
public sealed record CloudflareIpsDocument
{
    /// <summary>The ranges; null when the call failed.</summary>
    public CloudflareIps? Result { get; init; }

    /// <summary>Whether the call worked; null when the answer does not say.</summary>
    public bool? Success { get; init; }

    /// <summary>Objects with <c>code</c> and <c>message</c>; kept as they are, because answers with plain strings are known too.</summary>
    public ImmutableArray<JsonElement>? Errors { get; init; }
}

/// <summary>The ranges, as they are written in the document.</summary>
public sealed record CloudflareIps
{
    /// <summary>IPv4 prefixes.</summary>
    [JsonPropertyName("ipv4_cidrs")]
    public ImmutableArray<string?>? IPv4 { get; init; }

    /// <summary>IPv6 prefixes.</summary>
    [JsonPropertyName("ipv6_cidrs")]
    public ImmutableArray<string?>? IPv6 { get; init; }

    /// <summary>Prefixes of both families, of the data centres of JD Cloud in China; only there when asked for.</summary>
    [JsonPropertyName("jdcloud_cidrs")]
    public ImmutableArray<string?>? JdCloud { get; init; }

    /// <summary>"A digest of the IP data": 32 hexadecimal digits.</summary>
    [JsonPropertyName("etag")]
    public string? ETag { get; init; }
}

/// <summary>The JSON of Cloudflare's API.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CloudflareIpsDocument))]
internal sealed partial class CloudflareJson : JsonSerializerContext;
