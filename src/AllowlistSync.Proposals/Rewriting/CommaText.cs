using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>One text with commas, as annotations of ingress controllers hold ranges.</summary>
internal static class CommaText
{
    /// <summary>The new text; null when it holds the same addresses already.</summary>
    public static (string? Text, PrefixSet Before) Rewrite(TextFile file, int at, string text, IpFamily? family, PrefixSet wanted)
    {
        var pieces = text.Trim().Length == 0 ? [] : text.Split(',');
        ImmutableArray<IpPrefix?> entries = [.. pieces.Select(piece => EntryText.Parse(file, at, piece, family))];
        var choice = ListChoice.Of(entries, wanted);
        if (choice.IsNothing)
        {
            return (null, choice.Before);
        }

        var list = new SeparatedList([.. pieces.Select(piece => new ListEntry(piece[..^piece.TrimStart().Length], piece.Trim(), piece[piece.TrimEnd().Length..]))], "", EndsWithSeparator: false);
        return (list.After(choice, prefix => prefix.ToString(), ("", "", "")), choice.Before);
    }
}
