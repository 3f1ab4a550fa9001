using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges;

/// <summary>What the answers of a forge mean. Pure; what all forges have in common, with the words of one.</summary>
/// <param name="forge">For messages.</param>
/// <param name="tokenNeeds">The rights that its token needs, in its own words.</param>
/// <param name="signIn">What helps when the token is not taken.</param>
public sealed partial class ForgeErrors(string forge, string tokenNeeds, string signIn = "make a new one, and put it where `forge.token` points to")
{
    // A year: what a server writes there may be any number.
    private const long MostSeconds = 365 * 24 * 3600;

    /// <summary>Longer than this nobody waits for one request, all its tries together.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the same request may end better later.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="isLook">True when it changes nothing; then a failure of the forge is no reason to fear that it was done.</param>
    public static bool MayPass(ForgeAnswer answer, bool isLook)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return IsLimited(answer) || (answer.Status >= 500 && (isLook || IsLater(answer)));
    }

    /// <summary>How long it wants us to wait: <c>Retry-After</c> (RFC 9110: seconds or a date), or until the reset of a limit that is used up, in seconds of Unix time.</summary>
    public static TimeSpan Wait(ForgeAnswer answer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (Number(answer, "retry-after") is { } seconds)
        {
            return TimeSpan.FromSeconds(Math.Min(seconds, MostSeconds));
        }

        if (DateTimeOffset.TryParseExact(answer.Headers.GetValueOrDefault("retry-after"), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return date > now ? date - now : TimeSpan.Zero;
        }

        var reset = IsLimited(answer) ? Number(answer, "x-ratelimit-reset") ?? Number(answer, "ratelimit-reset") : null;
        return reset is { } at ? TimeSpan.FromSeconds(Math.Clamp(at - now.ToUnixTimeSeconds(), 0, MostSeconds)) : TimeSpan.Zero;
    }

    /// <summary>A text without the token, however a server wrote it.</summary>
    public static string Masked(string text, Secret? token)
    {
        ArgumentNullException.ThrowIfNull(text);
        var value = token?.Reveal() ?? "";
        return value.Length == 0 ? text : text.Replace(value, Secret.Mask, StringComparison.OrdinalIgnoreCase).Replace(Uri.EscapeDataString(value), Secret.Mask, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>An answer that is no success.</summary>
    /// <param name="call">What was asked.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="hasRepository">True when the repository is known to be there, so that a 404 means a part of it.</param>
    public ForgeException Of(ForgeCall call, ForgeAnswer answer, DateTimeOffset now, bool hasRepository = false)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(answer);
        var failure = Judged(call, answer, now, hasRepository);
        return new(failure.Failure, Masked(failure.Message, answer.Token), Masked(failure.Remedy, answer.Token));
    }

    private ForgeException Judged(ForgeCall call, ForgeAnswer answer, DateTimeOffset now, bool hasRepository)
    {
        var said = Said(answer);
        return answer.Status switch
        {
            _ when IsLimited(answer) => Limited(call, answer, now),
            401 => new(ForgeFailure.SignIn, $"{call.Doing}: {forge} does not take this token ({said})", signIn),
            403 => new(ForgeFailure.Scope, $"{call.Doing}: the token may not do that ({said})", $"give it {Missing(answer, said) ?? call.Needs ?? tokenNeeds}"),
            404 when hasRepository && call.Part is { } part => new(ForgeFailure.NotFound, $"{call.Doing}: {forge} has the repository, but no {part} ({said})", MissingPart(part)),
            400 or 422 when call.Part is { } part && IsAboutBranch(said) => new(ForgeFailure.NotFound, $"{call.Doing}: {forge} has no {part} ({said})", MissingPart(part)),
            404 => new(ForgeFailure.NotFound, $"{call.Doing}: {forge} has no such repository, or does not show it to this token ({said})", $"correct `forge.repository`; the token needs {Missing(answer, said) ?? call.Needs ?? tokenNeeds}"),
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

    // RFC 9110, 15.6.4: a server that takes no requests for a while may say when it will. Without that word a 503 may be of something between that handed the request on.
    private static bool IsLater(ForgeAnswer answer) => answer.Status == 503 && answer.Headers.ContainsKey("retry-after");

    private static string MissingPart(string part) => $"see what became of {part}: it may have been deleted or renamed meanwhile; run it again";

    // GitHub tells the field and a code, GitLab the field and a sentence.
    private static bool IsAboutBranch(string said) => said.Contains("; head; invalid", StringComparison.Ordinal) || said.Contains("; base; invalid", StringComparison.Ordinal)
        || said.Contains("_branch does not exist", StringComparison.Ordinal);

    // GitHub names the permission in a header; GitLab has a member for the scope, and Gitea a list in its text.
    private static string? Missing(ForgeAnswer answer, string said) =>
        answer.Headers.GetValueOrDefault("x-accepted-github-permissions") is { Length: > 0 } permissions ? $"the permission {permissions.Replace('=', ':')}"
        : answer.Headers.GetValueOrDefault("x-accepted-oauth-scopes") is { Length: > 0 } scopes ? $"one of the scopes {scopes}"
        : MissingScope().Match(said) is { Success: true } named ? $"the scope {named.Groups["scope"].Value}" : null;

    [GeneratedRegex(@"required scope\(s\)(: |, required=)\[(?<scope>[a-z:, ]+)\]|^insufficient_scope\b.*; (?<scope>[a-z_ ]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MissingScope();

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
            var page = Masked(Encoding.UTF8.GetString(answer.Body.Span[..Math.Min(answer.Body.Length, 4096)]).ReplaceLineEndings(" ").Trim(), answer.Token);
            texts.Add(page[..Math.Min(page.Length, 200)]);
        }

        var said = string.Concat(Masked(string.Join("; ", texts.Where(text => text.Length > 0)), answer.Token).Select(c => char.IsControl(c) ? '?' : c));
        return said.Length > 300 ? said[..300] + "..." : said.Length > 0 ? said : $"status {answer.Status}";
    }

    private static void Collect(JsonElement element, List<string> texts, string field = "")
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when !element.GetString()!.StartsWith("http", StringComparison.Ordinal):
                texts.Add(element.GetString()!);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    if (item.ValueKind == JsonValueKind.String)
                    {
                        texts.Add(field + item.GetString());
                    }
                    else
                    {
                        Collect(item, texts);
                    }
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject().Where(member => member.Name is not ("status" or "documentation_url" or "url")))
                {
                    Collect(member.Value, texts, member.Name is "message" or "errors" or "error" ? "" : member.Name + " ");
                }

                break;
        }
    }
}
