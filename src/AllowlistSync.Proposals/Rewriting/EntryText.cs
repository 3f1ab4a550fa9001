using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>An entry of a list as a range.</summary>
internal static class EntryText
{
    /// <summary>A text of a file for a message, bounded.</summary>
    public static string Shown(string text) => text.Trim() is { Length: > 60 } longer ? longer[..60] + "..." : text.Trim();

    /// <summary>The range of a text; null for one of the family that is not ours. An address without a length is that address.</summary>
    /// <exception cref="RewriteException">It is no range: to take it for one of ours would be to lose it.</exception>
    public static IpPrefix? Parse(TextFile file, int at, string text, IpFamily? family) => IpPrefix.TryParse(text.Trim(), out var prefix)
        ? family is null || prefix.Family == family ? prefix : null
        : throw new RewriteException("foreign-entry", $"{file.Path}, line {file.LineOf(at)}: \"{Shown(text)}\" is no range, and it would be lost", "give our ranges a list of their own");
}
