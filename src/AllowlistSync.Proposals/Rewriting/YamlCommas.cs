using AllowlistSync.Core.Addresses;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A text with commas in YAML.</summary>
internal static class YamlCommas
{
    /// <summary>What changes; null for nothing.</summary>
    public static (IEnumerable<TextEdit>? Edits, PrefixSet Before) Edits(TextFile file, KeyPlace place, YamlFound found, Scalar scalar, PrefixSet wanted)
    {
        var (start, length) = ((int)scalar.Start.Index, (int)(scalar.End.Index - scalar.Start.Index));
        var isPlain = scalar.Style == ScalarStyle.Plain;
        var inside = isPlain ? file.Text.Substring(start, length) : file.Text.Substring(start + 1, length - 2);
        if (inside != scalar.Value)
        {
            throw new RewriteException("value-shape", $"{file.Path}, line {scalar.Start.Line}: {place.Key} is written with escapes or on several lines", "write it on one line, without backslashes");
        }

        var (text, before) = CommaText.Rewrite(file, start, inside, place.Family, wanted);
        return (text, isPlain) switch
        {
            (null, _) => (null, before),
            (_, false) => ([new TextEdit(start + 1, inside.Length, text)], before),
            _ when inside.Length == 0 => ([new TextEdit(new YamlBlockList(file, found, []).BehindColon(), 0, $" \"{text}\"")], before),
            _ when found.InFlow || text.Length == 0 || text[0] == ':' => ([new TextEdit(start, length, $"\"{text}\"")], before),
            _ => ([new TextEdit(start, length, text)], before),
        };
    }
}
