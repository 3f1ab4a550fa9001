using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Blocks between two marker lines.</summary>
internal static partial class BlockRewriter
{
    private readonly record struct Marker(bool IsBegin, string Name, int Start, int End, string Indent);

    public static RewrittenFile Rewrite(TextFile file, ReadOnlyMemory<byte> content, BlockPlace place, PrefixSet wanted)
    {
        var lines = BlockLines.Find(place.Format) ?? throw new RewriteException("block-format", $"{file.Path}: {place.Format} does not write a line for each range, so it cannot stand in a block", $"name one of {string.Join(", ", BlockLines.Names)}");
        var (begin, end) = Find(file, place.Name);
        wanted = lines.Taken(wanted);
        var inside = file.Text[begin.End..end.Start];
        var before = Before(file, begin, inside, lines);
        if (before.Equals(wanted))
        {
            return new RewrittenFile(content, before, before, IsChanged: false);
        }

        var lineEnd = file.LineEndAt(begin.Start);
        var text = string.Concat(lines.Write(wanted).Select(line => $"{begin.Indent}{line}{lineEnd}"));
        return new RewrittenFile(file.With([new TextEdit(begin.End, inside.Length, text)]), before, wanted, IsChanged: true);
    }

    private static PrefixSet Before(TextFile file, Marker begin, string inside, BlockLines lines)
    {
        var before = new List<IpPrefix>();
        foreach (var (index, line) in inside.Split('\n').Index())
        {
            var ranges = lines.Read(line) ?? throw new RewriteException(
                "foreign-line",
                $"{file.Path}, line {file.LineOf(begin.End) + index}: this line of block {begin.Name} holds more than ranges, which a change would lose: {EntryText.Shown(line)}",
                "move it above or below the markers");
            before.AddRange(ranges.Prefixes());
        }

        return PrefixSet.Of(before);
    }

    // The markers of a file stand in pairs, none inside of another; that is asked of all of them, since one that is astray may be ours by a slip of a person.
    private static (Marker Begin, Marker End) Find(TextFile file, string name)
    {
        (Marker Begin, Marker End)? found = null;
        Marker? open = null;
        foreach (var marker in Markers(file))
        {
            switch (open)
            {
                case { } outer when marker.IsBegin:
                    throw new RewriteException("marker-nested", $"{file.Path}, line {file.LineOf(marker.Start)}: block {marker.Name} begins inside of block {outer.Name}", "end one before the other begins");
                case { } other when other.Name != marker.Name:
                    throw new RewriteException("marker-nested", $"{file.Path}, line {file.LineOf(marker.Start)}: block {marker.Name} ends inside of block {other.Name}", "correct the name, or the order");
                case null when !marker.IsBegin:
                    throw new RewriteException("marker-unopened", $"{file.Path}, line {file.LineOf(marker.Start)}: block {marker.Name} ends and has not begun", $"write a line `allowlist-sync:begin {marker.Name}` above it, behind the comment sign of the file");
                case null:
                    open = marker;
                    break;
                case { } begin when begin.Name != name:
                    open = null;
                    break;
                case { } begin:
                    found = found is null ? (begin, marker) : throw new RewriteException("marker-doubled", $"{file.Path}, line {file.LineOf(begin.Start)}: block {name} is there twice", "give each block a name of its own");
                    open = null;
                    break;
            }
        }

        return open is { } unclosed
            ? throw new RewriteException("marker-unclosed", $"{file.Path}, line {file.LineOf(unclosed.Start)}: block {unclosed.Name} begins and does not end", $"write a line `allowlist-sync:end {unclosed.Name}` below it, behind the comment sign of the file")
            : found ?? throw new RewriteException("marker-missing", $"{file.Path} has no block {name}", $"write two lines into it, `allowlist-sync:begin {name}` and `allowlist-sync:end {name}`, behind the comment sign of the file; the ranges come between them");
    }

    private static IEnumerable<Marker> Markers(TextFile file)
    {
        foreach (Match match in MarkerLine().Matches(file.Text))
        {
            yield return new Marker(match.Groups["kind"].Value == "begin", match.Groups["name"].Value, match.Index, match.Index + match.Length, match.Groups["indent"].Value);
        }
    }

    // A comment sign of any language: no letter and no digit before the marker, and none of its own behind the name.
    [GeneratedRegex(@"^(?<indent>[ \t]*)[^\p{L}\p{N}\r\n]*allowlist-sync:(?<kind>begin|end)[ \t]+(?<name>[A-Za-z][A-Za-z0-9._-]{0,31})[^\p{L}\p{N}\r\n]*(\r?\n|\z)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 5000)]
    private static partial Regex MarkerLine();
}
