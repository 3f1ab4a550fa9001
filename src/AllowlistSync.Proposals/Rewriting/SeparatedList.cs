using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>An entry of a list between separators.</summary>
/// <param name="Lead">What stands between the separator before it (or the beginning) and it.</param>
/// <param name="Text">The entry as it is written.</param>
/// <param name="Tail">What stands between it and the separator behind it; empty for the last one, see <see cref="SeparatedList.End"/>.</param>
internal readonly record struct ListEntry(string Lead, string Text, string Tail);

/// <summary>The inside of a list whose entries are separated by commas, cut into pieces that give the same text again.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="End">What stands behind the last entry or behind the separator that follows it.</param>
/// <param name="EndsWithSeparator">Whether a separator follows the last entry.</param>
internal sealed record SeparatedList(ImmutableArray<ListEntry> Entries, string End, bool EndsWithSeparator)
{
    /// <summary>The text after a choice; entries that stay keep what stands before them, new ones look like their neighbours.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="write">Writes a new entry.</param>
    /// <param name="fresh">What stands before the first and before further entries of a list that was empty, and behind the last.</param>
    public string After(ListChoice choice, Func<IpPrefix, string> write, (string First, string Next, string End) fresh)
    {
        var (first, next) = Entries.IsEmpty ? (fresh.First, fresh.Next) : (Entries[0].Lead, Entries.Length > 1 ? Entries[1].Lead : Entries[0].Lead.Contains('\n', StringComparison.Ordinal) ? Entries[0].Lead : fresh.Next);
        next = Blanks(next);
        var text = new StringBuilder();
        var (count, added) = (0, 0);
        for (var i = 0; i <= Entries.Length; i++)
        {
            for (; added < choice.Added.Length && choice.Added[added].At == i; added++)
            {
                Append(next, write(choice.Added[added].Prefix), "");
            }

            if (i < Entries.Length && choice.Stays[i])
            {
                Append(i == 0 ? next : Entries[i].Lead, Entries[i].Text, Entries[i].Tail);
            }
        }

        return text.Append(EndsWithSeparator && count > 0 ? "," : "").Append(Entries.IsEmpty ? fresh.End : End).ToString();

        void Append(string lead, string entry, string tail) => text.Append(count++ == 0 ? first : "," + lead).Append(entry).Append(tail);
    }

    // A comment before an entry is about that entry or the one before it, and is not repeated.
    private static string Blanks(string lead) => lead.AsSpan().ContainsAnyExcept(" \t\r\n")
        ? lead.LastIndexOf('\n') is var line && line >= 0 && string.IsNullOrWhiteSpace(lead[line..]) ? (line > 0 && lead[line - 1] == '\r' ? "\r" : "") + lead[line..] : " "
        : lead;
}
