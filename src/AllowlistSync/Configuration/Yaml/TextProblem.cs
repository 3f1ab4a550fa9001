using System.Text;
using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Yaml;

/// <summary>What makes a file unfit before it is read as YAML.</summary>
internal static class TextProblem
{
    /// <summary>A text that is too large or holds NUL.</summary>
    internal static (Place At, Fault Fault)? Find(string text)
    {
        if (text.Length > ConfigLoader.MaxBytes)
        {
            return TooLarge;
        }

        var nul = text.IndexOf('\0', StringComparison.Ordinal);
        return nul < 0 ? null : (PlaceOf(text.AsSpan(0, nul)), new("a NUL character stands here; this is no text file", "save it as UTF-8 text"));
    }

    /// <summary>Bytes that are too large or not UTF-8.</summary>
    internal static (Place At, Fault Fault)? Find(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ConfigLoader.MaxBytes)
        {
            return TooLarge;
        }

        if (bytes.StartsWith<byte>([0xff, 0xfe]) || bytes.StartsWith<byte>([0xfe, 0xff]))
        {
            return (Place.Start, new("the file is UTF-16", "save it as UTF-8"));
        }

        for (var rest = bytes; !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf8(rest, out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                var before = Encoding.UTF8.GetString(bytes[..^rest.Length]);
                return (PlaceOf(before), new("a byte that is not UTF-8 stands here", "save the file as UTF-8"));
            }

            rest = rest[used..];
        }

        return null;
    }

    private static (Place, Fault) TooLarge =>
        (Place.Start, new("the file is larger than 1 MiB", "put long lists into files of their own: a source with type: file"));

    private static Place PlaceOf(ReadOnlySpan<char> before) =>
        new(before.Count('\n') + 1, before.Length - (before.LastIndexOf('\n') + 1) + 1);
}
