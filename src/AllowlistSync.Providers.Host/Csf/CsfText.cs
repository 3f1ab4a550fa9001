using System.Collections.Immutable;
using System.Text;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>CSF's files as text: bytes are characters of Latin-1, so that whatever they are, they can be written back. Pure.</summary>
internal static class CsfText
{
    /// <summary>The bytes as text.</summary>
    public static string Decode(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    /// <summary>Back to bytes.</summary>
    public static byte[] Encode(string text) => Encoding.Latin1.GetBytes(text);

    /// <summary>The lines with their ends. CSF takes CR, LF, VT, FF and the byte 0x85 for the end of a line, CR LF for one (Slurp.pm).</summary>
    public static ImmutableArray<string> Lines(string text)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var start = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (IsEnd(text[at]))
            {
                at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 1 : 0;
                lines.Add(text[start..(at + 1)]);
                start = at + 1;
            }
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return lines.DrainToImmutable();
    }

    /// <summary>A line without its end.</summary>
    public static string Bare(string line) => line.TrimEnd('\r', '\n', '\v', '\f', '\u0085');

    private static bool IsEnd(char letter) => letter is '\r' or '\n' or '\v' or '\f' or '\u0085';
}
