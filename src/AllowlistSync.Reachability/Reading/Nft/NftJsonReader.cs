using System.Text.Json;
using System.Text.Unicode;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads what <c>nft -j list ruleset</c> prints (libnftables-json(5)). Pure.</summary>
public static class NftJsonReader
{
    private const string Remedy = "Take the dump again with 'nft -j list ruleset', and see that it ends with its last bracket.";

    /// <summary>Reads a dump. What is not understood becomes an unknown step or a gap.</summary>
    /// <exception cref="DumpException">It is not JSON, is cut off, or is not a document of nft.</exception>
    public static NftReading Read(Dump dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        if (!Utf8.IsValid(dump.Content.Span))
        {
            throw new DumpException($"{dump.Name} holds bytes that are not UTF-8, so it is not what nft prints.", Remedy);
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(dump.Content, new() { MaxDepth = 256 });
        }
        catch (JsonException exception)
        {
            throw new DumpException(
                $"{dump.Name} is not complete JSON: line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1} of it cannot be read.", Remedy, exception);
        }

        using (document)
        {
            return Read(document.RootElement, new NftJsonSource(dump.Name) { Content = dump.Content, LacksElements = dump.LacksElements, AnonymousChain = NftTextReader.AnonymousChain });
        }
    }

    /// <summary>Reads a document that somebody else has parsed or made.</summary>
    internal static NftReading Read(JsonElement root, NftJsonSource source)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("nftables"u8, out var objects) || objects.ValueKind != JsonValueKind.Array)
        {
            throw new DumpException($"{source.Name} is JSON, but no rule set of nft: it has no list 'nftables'.", Remedy);
        }

        return new NftJsonTables(source).Read(objects);
    }
}
