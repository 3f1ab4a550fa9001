using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Checks of what is handed to git and forges. A repository's address is never shown: it may hold a token.</summary>
internal static class GitChecks
{
    /// <summary>Refuses what git would take for an option or run as a command (<c>ext::</c>, see gitremote-helpers(7)).</summary>
    internal static Fault? Repository(string text)
    {
        if (text.StartsWith('-') || text.Any(char.IsWhiteSpace) || text.Contains("::", StringComparison.Ordinal))
        {
            return new("this is not the address of a repository", "write " + Texts.Repository.Expected);
        }

        if (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && UrlCheck.IsLoopback(url)))
        {
            return new("plain http only to loopback: anyone on the way could read the token and change what is pushed", "write " + Texts.Repository.Expected);
        }

        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var at = scheme < 0 ? -1 : text.IndexOf('@', scheme);
        var isSsh = text.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase);
        return at >= 0 && (!isSsh || text.IndexOf(':', scheme + 3) is var colon && colon >= 0 && colon < at)
            ? new("the address holds a user name or a password", "remove the part before the @; a token belongs into forge.token")
            : null;
    }

    /// <summary>A subset of what git-check-ref-format(1) allows.</summary>
    internal static Fault? Branch(string text) =>
        char.IsAsciiLetterOrDigit(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/')
        && !text.Contains("..", StringComparison.Ordinal)
        && !text.Contains("//", StringComparison.Ordinal)
        && !text.Contains("/.", StringComparison.Ordinal)
        && text[^1] is not ('/' or '.')
        && !text.EndsWith(".lock", StringComparison.Ordinal)
            ? null
            : new($"\"{Shown.Of(text)}\" is not a branch", "write letters, digits, . _ - /, such as allowlist-sync/cloudflare");

    internal static Fault? ForgeRepository(string text) =>
        text.Split('/') is { Length: >= 2 } parts && parts.All(IsForgeName)
            ? null
            : new($"\"{Shown.Of(text)}\" is not a repository of a forge", "write OWNER/NAME, such as ops/infra");

    internal static Fault? FileInRepository(string text) =>
        text.StartsWith('/') || text.Split('/').Any(part => part is "" or "." or ".." or ".git")
            ? new($"\"{Shown.Of(text)}\" is not a path inside the repository", "write it from the top of the repository, without .. or .git, such as nginx/realip.conf")
            : null;

    /// <summary>What would end a name or an address in a commit early.</summary>
    internal static Fault? Person(string text) => text.Any(c => char.IsControl(c) || c is '<' or '>')
        ? new($"\"{Shown.Of(text)}\" cannot stand in a commit", "write it without <, > and control characters")
        : null;

    /// <summary>What a program would take for an option.</summary>
    internal static Fault? NoOption(string text) => text.StartsWith('-') || text.Any(char.IsControl)
        ? new($"\"{Shown.Of(text)}\" begins with - or holds control characters", "write it without")
        : null;

    private static bool IsForgeName(string text) =>
        text.Length > 0 && char.IsAsciiLetterOrDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
