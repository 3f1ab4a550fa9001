using System.Text.Json.Nodes;

namespace AllowlistSync.TestKit;

/// <summary>One of the three places where the ranges are published.</summary>
public enum CloudflareRoute
{
    /// <summary><c>/client/v4/ips</c>: JSON with both families.</summary>
    Api,

    /// <summary><c>/ips-v4</c>: one prefix per line, no newline at the end.</summary>
    TextIPv4,

    /// <summary><c>/ips-v6</c>: the same for IPv6.</summary>
    TextIPv6,
}

/// <summary>Writes a publication in the shape of a route.</summary>
internal static class CloudflareShape
{
    internal static string ContentType(CloudflareRoute route)
    {
        return route == CloudflareRoute.Api ? "application/json" : "text/plain; charset=utf-8";
    }

    internal static string Render(CloudflareRoute route, Publication publication, bool withJdCloud = false)
    {
        return route switch
        {
            CloudflareRoute.Api => Json(publication, withJdCloud),
            CloudflareRoute.TextIPv4 => string.Join('\n', publication.IPv4),
            _ => string.Join('\n', publication.IPv6),
        };
    }

    internal static string Failure(int code, string message)
    {
        return new JsonObject
        {
            ["result"] = null,
            ["success"] = false,
            ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }),
            ["messages"] = new JsonArray(),
        }.ToJsonString();
    }

    private static string Json(Publication publication, bool withJdCloud)
    {
        var result = new JsonObject { ["ipv4_cidrs"] = Array(publication.IPv4), ["ipv6_cidrs"] = Array(publication.IPv6) };
        if (withJdCloud)
        {
            result["jdcloud_cidrs"] = Array(Publication.JdCloud);
        }

        result["etag"] = publication.ETag;
        return new JsonObject
        {
            ["result"] = result,
            ["success"] = true,
            ["errors"] = new JsonArray(),
            ["messages"] = new JsonArray(),
        }.ToJsonString();
    }

    private static JsonArray Array(IEnumerable<string> prefixes)
    {
        return new JsonArray([.. prefixes.Select(prefix => (JsonNode)JsonValue.Create(prefix))]);
    }
}
