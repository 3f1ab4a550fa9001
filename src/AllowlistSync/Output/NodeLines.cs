using System.Text.Json;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Postgres;

namespace AllowlistSync.Output;

/// <summary>The nodes of a <see cref="Status"/>.</summary>
internal static class NodeLines
{
    /// <summary>A line each, and one more when they have different configurations.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<NodeRow> nodes)
    {
        foreach (var node in nodes)
        {
            var seen = node.IsLive ? "live" : $"not heard of since {ReportWords.ToTheSecond(node.LastSeen)}";
            yield return $"node {node.Name}: {seen}, version {node.Version}, configuration {node.ConfigHash}";
        }

        if (Differ(nodes))
        {
            yield return "  the nodes have different configurations: a shared target is run by the one or by the other; give all of them the same file";
        }
    }

    /// <summary>As a member of an object.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<NodeRow> nodes)
    {
        json.WriteStartArray("nodes");
        foreach (var node in nodes)
        {
            json.WriteStartObject();
            json.WriteString("name", node.Name);
            json.WriteString("version", node.Version);
            json.WriteString("config", node.ConfigHash);
            JsonReport.WriteTime(json, "startedAt", node.StartedAt);
            JsonReport.WriteTime(json, "lastSeen", node.LastSeen);
            json.WriteBoolean("live", node.IsLive);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("sameConfig", !Differ(nodes));
    }

    private static bool Differ(IReadOnlyList<NodeRow> nodes) => nodes.Where(node => node.IsLive).Select(node => node.ConfigHash).Distinct(StringComparer.Ordinal).Count() > 1;
}
