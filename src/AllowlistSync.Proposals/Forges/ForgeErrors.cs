using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AllowlistSync.Proposals.Forges;

/// <summary>What the answers of a forge mean. Pure; what all forges have in common, with the words of one.</summary>
/// <param name="forge">For messages.</param>
/// <param name="tokenNeeds">The rights that its token needs, in its own words.</param>
public sealed class ForgeErrors(string forge, string tokenNeeds)
{
    /// <summary>Longer than this nobody waits within a run.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the same request may end better later.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isLook">True when it changes nothing; then a failure of the forge is no reason to fear that it was done.</param>
    public static bool MayPass(ForgeAnswer answer, bool isLook) => IsLimited(answer) || answer.Status == 503 || (isLook && answer.Status >= 500);

    /// <summary>How long it wants us to wait: <c>Retry-After</c> (RFC 9110), or until the reset of a limit that is used up, in seconds of Unix time.</summary>
    public static TimeSpan Wait(ForgeAnswer answer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Number(answer, "retry-after") is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        var reset = IsLimited(answer) ? Number(answer, "x-ratelimit-reset") ?? Number(answer, "ratelimit-reset") : null;
        return reset is { } at && DateTimeOffset.FromUnixTimeSeconds(at) - now is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;
    }

    /// <summary>An answer that is no success.</summary>
    public ForgeException Of(ForgeCall call, ForgeAnswer answer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(answer);
        var said = Said(answer);
        return answer.Status switch
        {
            _ when IsLimited(answer) => Limited(call, answer, now),
            401 => new(ForgeFailure.SignIn, $"{call.Doing}: {forge} does not take this token ({said})", "make a new one, and put it where `forge.token` points to"),
            403 => new(ForgeFailure.Scope, $"{call.Doing}: the token may not do that ({said})", $"give it {Missing(answer) ?? call.Needs ?? tokenNeeds}"),
            404 => new(ForgeFailure.NotFound, $"{call.Doing}: {forge} has no such repository, or does not show it to this token ({said})", $"correct `forge.repository`; the token needs {Missing(answer) ?? call.Needs ?? tokenNeeds}"),
            409 or 422 or 400 when said.Contains("already exists", StringComparison.OrdinalIgnoreCase) => new(ForgeFailure.Exists, $"{call.Doing}: {forge} has one already ({said})", "run it again"),
            >= 300 and < 400 => new(ForgeFailure.NotFound, $"{call.Doing}: {forge} sends us to another address", "the repository was moved or renamed: correct `repository` and `forge.repository`"),
            >= 500 => new(ForgeFailure.Unavailable, $"{call.Doing}: {forge} has a failure of its own (status {answer.Status}: {said})", "run it again later"),
            _ => new(ForgeFailure.Invalid, $"{call.Doing}: {forge} says {answer.Status}: {said}", "see what it says"),
        };
    }

    private ForgeException Limited(ForgeCall call, ForgeAnswer answer, DateTimeOffset now)
    {
        var wait = Wait(answer, now);
        var until = wait > TimeSpan.Zero ? $"until {now + wait:u}" : "for a while";
        return new(ForgeFailure.Limited, $"{call.Doing}: {forge} takes no more requests of this token {until} ({Said(answer)})", "run it again then, and less often");
    }

    // GitHub says 403 for both of its limits (primary: nothing remains; secondary: with Retry-After, or by its words).
    private static bool IsLimited(ForgeAnswer answer) => answer.Status == 429
        || (answer.Status == 403 && (answer.Headers.ContainsKey("retry-after")
            || answer.Headers.GetValueOrDefault("x-ratelimit-remaining") == "0"
            || Said(answer).Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase)));

    // GitHub names the permission in a header; GitLab and Gitea name the scope in the text, which is shown.
    private static string? Missing(ForgeAnswer answer) =>
        answer.Headers.GetValueOrDefault("x-accepted-github-permissions") is { Length: > 0 } permissions ? $"the permission {permissions.Replace('=', ':')}"
        : answer.Headers.GetValueOrDefault("x-accepted-oauth-scopes") is { Length: > 0 } scopes ? $"one of the scopes {scopes}" : null;

    private static long? Number(ForgeAnswer answer, string header) =>
        long.TryParse(answer.Headers.GetValueOrDefault(header), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Every forge has a message, and GitHub and GitLab put details beside it; all texts of the answer say it.
    private static string Said(ForgeAnswer answer)
    {
        var texts = new List<string>();
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            Collect(json.RootElement, texts);
        }
        catch (JsonException)
        {
            texts.Add(Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, 200)]).ReplaceLineEndings(" ").Trim());
        }

        var said = string.Concat(string.Join("; ", texts.Where(text => text.Length > 0)).Select(c => char.IsControl(c) ? '?' : c));
        return said.Length > 300 ? said[..300] + "..." : said.Length > 0 ? said : $"status {answer.Status}";
    }

    private static void Collect(JsonElement element, List<string> texts)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when !element.GetString()!.StartsWith("http", StringComparison.Ordinal):
                texts.Add(element.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, texts);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject().Where(member => member.Name is not ("status" or "documentation_url" or "url")))
                {
                    Collect(member.Value, texts);
                }

                break;
        }
    }
}
