using System.Text.Json;

namespace AllowlistSync.Daemon.Web;

/// <summary>A node as JSON. Pure.</summary>
internal static class NodeJson
{
    /// <summary>The members of its object.</summary>
    public static void Members(Utf8JsonWriter json, NodeStanding node)
    {
        json.WriteString("name", node.Name);
        json.WriteString("version", node.Version);
        json.WriteString("config", node.ConfigHash);
        json.WriteBoolean("sameConfig", node.IsSame);
        json.WriteString("lastSeen", node.LastSeen);
        json.WriteBoolean("live", node.IsLive);
    }
}
