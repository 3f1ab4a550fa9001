using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AllowlistSync.Tests.Notifying;

/// <summary>What each vendor refuses, by its published rules; null for what it takes.</summary>
internal static partial class VendorRules
{
    private const int TeamsBytes = 28 * 1024;
    private static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    public static string? Slack(Received received)
    {
        if (Parse(received) is not { } json || json["text"]?.GetValue<string>() is not { Length: > 0 and <= 40_000 } text || json["blocks"] is not JsonArray { Count: > 0 and <= 50 } blocks)
        {
            return "invalid_payload";
        }

        // What is in angle brackets is obeyed: <!channel>, <@U1>, <https://...>.
        return SlackMarkup().IsMatch(text) ? "it would be obeyed" : blocks.Select(block => SlackBlock(block!)).FirstOrDefault(wrong => wrong is not null);
    }

    public static string? Discord(Received received)
    {
        if (Parse(received) is not { } json || json["embeds"] is not JsonArray { Count: > 0 and <= 10 } embeds || json["content"]?.GetValue<string>() is not { Length: > 0 and <= 2000 })
        {
            return "Cannot send an empty message";
        }

        if (json["allowed_mentions"]?["parse"] is not JsonArray { Count: 0 })
        {
            return "somebody would be mentioned";
        }

        var embed = embeds[0]!;
        var (title, description, footer) = (Text(embed, "title"), Text(embed, "description"), embed["footer"]?["text"]?.GetValue<string>() ?? "");
        return title.Length is 0 or > 256 || description.Length > 4096 || footer.Length > 2048 || title.Length + description.Length + footer.Length > 6000 || embed["color"]!.GetValue<int>() is < 0 or > 0xFFFFFF
            ? "Invalid Form Body" : null;
    }

    public static string? Teams(Received received)
    {
        if (received.Body.Length > TeamsBytes)
        {
            return "request entity too large";
        }

        var card = Parse(received) is { } json && Text(json, "type") == "message" && json["attachments"] is JsonArray { Count: 1 } attachments && Text(attachments[0]!, "contentType") == "application/vnd.microsoft.card.adaptive" ? attachments[0]!["content"] : null;
        if (card is null || Text(card, "type") != "AdaptiveCard" || Text(card, "version").Length == 0 || card["body"] is not JsonArray { Count: > 0 } body)
        {
            return "Summary or Text is required";
        }

        var texts = body.SelectMany(block => block!["inlines"]!.AsArray()).Select(run => Text(run!, "text")).ToList();
        return texts.Any(text => text.Length == 0) ? "an empty run" : texts.Any(text => text.Contains("{{", StringComparison.Ordinal)) ? "a function would be evaluated" : null;
    }

    /// <summary>A receiver of our own form that knows the key and the time.</summary>
    public static Func<Received, string?> Signed(string key, TimeProvider time) => received =>
    {
        if (!received.Headers.TryGetValue("X-AllowlistSync-Timestamp", out var timestamp) || !received.Headers.TryGetValue("X-AllowlistSync-Signature", out var signature))
        {
            return "not signed";
        }

        byte[] signed = [.. Encoding.ASCII.GetBytes(timestamp + "."), .. received.Body];
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed));
        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(long.Parse(timestamp, CultureInfo.InvariantCulture));
        return signature != expected ? "wrong signature" : age.Duration() > s_window ? "too old" : null;
    };

    private static string? SlackBlock(JsonNode block)
    {
        var texts = block["elements"] is JsonArray elements ? elements.Select(element => element!).ToList() : [block["text"]!];
        var longest = Text(block, "type") switch { "header" => 150, "section" or "context" => 3000, _ => 0 };
        return texts.All(text => Text(text, "type") == "plain_text" && Text(text, "text").Length is > 0 && Text(text, "text").Length <= longest) ? null : "invalid_blocks";
    }

    private static string Text(JsonNode node, string key) => node[key]?.GetValue<string>() ?? "";

    private static JsonNode? Parse(Received received)
    {
        try
        {
            return JsonNode.Parse(received.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("<[^>]*>|&(?!amp;|lt;|gt;)", RegexOptions.None, 1000)]
    private static partial Regex SlackMarkup();
}
