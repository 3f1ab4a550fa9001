using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads what <c>nft list ruleset</c> prints, with or without <c>-a</c>, and files that people write for <c>nft -f</c> (nft(8)). Pure.</summary>
public static class NftTextReader
{
    private const string Remedy = "give the output of 'nft list ruleset' or, better, of 'nft -j list ruleset'";

    /// <summary>Reads a text. What is not understood becomes an unknown step or a gap; files that it includes are gaps.</summary>
    /// <exception cref="DumpException">A brace is never closed, or nothing in it is of nft's language.</exception>
    public static NftReading Read(Dump dump)
    {
        ArgumentNullException.ThrowIfNull(dump);
        var text = Encoding.UTF8.GetString(dump.Content.Span);
        var state = new NftScriptState([]);
        var parser = new NftTextParser(dump.Name, text, state);
        parser.Run();
        if (parser.Understood == 0 && state.Gaps.Count > 0)
        {
            throw new DumpException($"{dump.Name} holds no rule set of nft: {state.Gaps[0].Message}", Remedy);
        }

        return NftScriptResult.Of(dump.Name, state);
    }

    /// <summary>Reads <c>jump { ... }</c> into an array of rule objects; null when it is no such block.</summary>
    internal static JsonElement? AnonymousChain(string text)
    {
        var cursor = new NftTextCursor("an anonymous chain", text);
        var statements = new NftTextStatements(cursor, new(cursor));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true, MaxDepth = 1000 }))
        {
            cursor.Next();
            cursor.Expect("{");
            writer.WriteStartArray();
            for (cursor.SkipBreaks(); !cursor.Is("}") && !cursor.IsAtEnd; cursor.SkipBreaks())
            {
                writer.WriteStartObject();
                writer.WritePropertyName("expr");
                NftTextTree.List(statements.ParseRule()).WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            cursor.Expect("}");
        }

        if (cursor.HasFailed)
        {
            return null;
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory, new() { MaxDepth = 1000 });
        return document.RootElement.Clone();
    }

    /// <summary>The parts of one rule.</summary>
    internal static List<NftTextTree> Parts(string rule)
    {
        var cursor = new NftTextCursor("a rule", rule);
        return new NftTextStatements(cursor, new(cursor)).ParseRule();
    }
}
