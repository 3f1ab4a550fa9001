using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Reporting;

/// <summary>One element of <c>sources</c>.</summary>
internal static class JsonSource
{
    public static void Write(Utf8JsonWriter json, SourceOutcome source)
    {
        var ranges = source.InForce;
        json.WriteStartObject();
        json.WriteString("name", source.Name);
        json.WriteBoolean("answered", source.Answered);
        json.WriteString("provenance", ranges is null ? null : JsonReport.Name(ranges.Basis.Provenance));
        json.WriteString("etag", ranges?.Basis.ETag);
        JsonReport.WriteTime(json, "fetchedAt", ranges?.Basis.FetchedAt);
        json.WriteStartObject("prefixes");
        json.WriteNumber("ipv4", ranges?.Ranges.PrefixCount(IpFamily.IPv4) ?? 0);
        json.WriteNumber("ipv6", ranges?.Ranges.PrefixCount(IpFamily.IPv6) ?? 0);
        json.WriteEndObject();
        JsonParts.WritePending(json, ranges?.Pending ?? []);
        JsonParts.WriteRefusals(json, source.Refusals);
        JsonParts.WriteFindings(json, source.Findings);
        json.WriteEndObject();
    }
}
