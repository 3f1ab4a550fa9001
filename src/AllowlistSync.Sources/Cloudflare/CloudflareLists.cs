using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources.Cloudflare;

/// <summary>What the API lists, read and checked entry by entry.</summary>
/// <param name="Main">The prefixes that the text lists must hold too, in the order of the document.</param>
/// <param name="JdCloud">The prefixes of the China network; empty unless asked for.</param>
/// <param name="ETag">The digest.</param>
internal sealed record CloudflareLists(ImmutableArray<IpPrefix> Main, ImmutableArray<IpPrefix> JdCloud, string? ETag)
{
    /// <summary>Reads a document. Empty arrays pass: a guard refuses them with the numbers. Pure.</summary>
    /// <exception cref="SourceException"><c>api-error</c>, <c>malformed-list</c> or <c>wrong-family</c>.</exception>
    internal static CloudflareLists Read(string source, string place, CloudflareIpsDocument document, bool jdCloud)
    {
        if (document.Success != true || document.Errors is { IsDefaultOrEmpty: false })
        {
            throw ListRefusals.Api(source, place, $"success is {Word(document.Success)}, errors: {Words(document.Errors)}");
        }

        var result = document.Result ?? throw ListRefusals.Api(source, place, "there is no \"result\"");
        var ipv4 = Entries(source, place, "ipv4_cidrs", result.IPv4);
        var ipv6 = Entries(source, place, "ipv6_cidrs", result.IPv6);
        TextList.RequireFamily(source, $"{place}: result.ipv4_cidrs", ipv4, IpFamily.IPv4);
        TextList.RequireFamily(source, $"{place}: result.ipv6_cidrs", ipv6, IpFamily.IPv6);
        var china = jdCloud ? Entries(source, place, "jdcloud_cidrs", result.JdCloud) : [];
        return new CloudflareLists([.. ipv4, .. ipv6], china, result.ETag);
    }

    private static ImmutableArray<IpPrefix> Entries(string source, string place, string name, ImmutableArray<string?>? texts)
    {
        if (texts is not { IsDefault: false } entries)
        {
            throw ListRefusals.Api(source, place, $"there is no \"result.{name}\"");
        }

        return [.. entries.Select((text, index) => PrefixEntry.Read(source, $"{place}: result.{name}[{index}]", text))];
    }

    private static string Word(bool? success) => success switch { true => "true", false => "false", null => "missing" };

    private static string Words(ImmutableArray<JsonElement>? errors) =>
        errors is { IsDefaultOrEmpty: false } some ? string.Join("; ", some.Take(3).Select(Describe)) : "none given";

    private static string Describe(JsonElement error)
    {
        if (error.ValueKind != JsonValueKind.Object)
        {
            return ShownText.Of(error.ToString());
        }

        var code = error.TryGetProperty("code", out var number) ? number.ToString() : "no code";
        var message = error.TryGetProperty("message", out var text) ? text.ToString() : "no message";
        return ShownText.Of($"{code} {message}");
    }
}
