using System.Collections.Immutable;
using System.Text.Json;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Finds a value in JSON by its key.</summary>
internal sealed class JsonFinder(TextFile file, string key)
{
    private readonly ImmutableArray<KeyPart> _path = KeyPath.Parse(key);

    /// <summary>The bytes of the value; the reader stands at the beginning of a value, and behind it afterwards.</summary>
    public (int Start, int Length) Find(ref Utf8JsonReader reader) => Find(ref reader, 0);

    private (int Start, int Length) Find(ref Utf8JsonReader reader, int depth)
    {
        if (depth == _path.Length)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            return (start, (int)reader.BytesConsumed - start);
        }

        return (_path[depth].Name, reader.TokenType) switch
        {
            ({ } name, JsonTokenType.StartObject) => InObject(ref reader, depth, name),
            (null, JsonTokenType.StartArray) => InArray(ref reader, depth),
            _ => throw Missing(depth, $"{Above(depth)} is no {(_path[depth].Name is null ? "list" : "object")}"),
        };
    }

    private (int Start, int Length) InObject(ref Utf8JsonReader reader, int depth, string name)
    {
        ((int, int)? found, var names) = (null, new List<string>());
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString()!;
            reader.Read();
            if (member != name)
            {
                names.Add(member);
                reader.Skip();
            }
            else if (found is not null)
            {
                throw new RewriteException("key-doubled", $"{file.Path}: {Above(depth + 1)} is written twice", "keep one of them");
            }
            else
            {
                found = Find(ref reader, depth + 1);
            }
        }

        return found ?? throw Missing(depth, $"{Above(depth)} has {(names.Count == 0 ? "nothing" : string.Join(", ", names.Take(8)))}");
    }

    private (int Start, int Length) InArray(ref Utf8JsonReader reader, int depth)
    {
        ((int, int)? found, var count) = (null, 0);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count++ == _path[depth].Index)
            {
                found = Find(ref reader, depth + 1);
            }
            else
            {
                reader.Skip();
            }
        }

        return found ?? throw Missing(depth, $"{Above(depth)} has {count} entries");
    }

    private string Above(int depth) => KeyPath.Text(_path, depth, "the file");

    private RewriteException Missing(int depth, string there) =>
        new("key-missing", $"{file.Path}: there is no {Above(depth + 1)}; {there}", "correct `key`, or write an empty list there first");
}
