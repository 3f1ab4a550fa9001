using System.Text.Json;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>Whether the output of a tool is complete: a full disk, a closed pipe or a killed child can cut it without an exit code.</summary>
internal static class WholeOutput
{
    /// <summary>One JSON value and nothing behind it. <c>ip -j</c> prints nothing at all when there is nothing of a kind.</summary>
    public static bool Json(ReadOnlyMemory<byte> output)
    {
        try
        {
            var reader = new Utf8JsonReader(output.Span, new JsonReaderOptions { MaxDepth = 512 });
            while (reader.Read())
            {
                // Reading to the end is the test.
            }

            return true;
        }
        catch (JsonException)
        {
            return IsBlank(output.Span);
        }
    }

    /// <summary>iptables-save: every table that begins with <c>*name</c> ends with <c>COMMIT</c>.</summary>
    public static bool Tables(ReadOnlyMemory<byte> output)
    {
        var isOpen = false;
        foreach (var range in output.Span.Split((byte)'\n'))
        {
            var line = output.Span[range].TrimEnd((byte)'\r');
            if (line.StartsWith("*"u8))
            {
                if (isOpen)
                {
                    return false;
                }

                isOpen = true;
            }
            else if (line.SequenceEqual("COMMIT"u8))
            {
                isOpen = false;
            }
        }

        return !isOpen && EndsLine(output.Span);
    }

    /// <summary>nft's text: the last line closes a table.</summary>
    public static bool Blocks(ReadOnlyMemory<byte> output) =>
        IsBlank(output.Span) || output.Span.TrimEnd(" \r\n"u8).EndsWith("\n}"u8);

    /// <summary>Lines: the last one is ended.</summary>
    public static bool Lines(ReadOnlyMemory<byte> output) => EndsLine(output.Span);

    private static bool EndsLine(ReadOnlySpan<byte> output) => output.IsEmpty || output[^1] == (byte)'\n';

    private static bool IsBlank(ReadOnlySpan<byte> output) => output.Trim(" \r\n\t"u8).IsEmpty;
}
