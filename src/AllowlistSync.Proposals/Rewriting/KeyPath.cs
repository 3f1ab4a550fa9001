using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A step of a key: a name, or a position in a list, from 0.</summary>
internal readonly record struct KeyPart(string? Name, int Index)
{
    /// <inheritdoc/>
    public override string ToString() => Name ?? string.Create(CultureInfo.InvariantCulture, $"[{Index}]");
}

/// <summary>The path of a value: <c>firewall.allow</c>, <c>rules[0].cidrs</c>, <c>metadata.annotations["a.b/c"]</c>. Pure.</summary>
internal static class KeyPath
{
    /// <summary>Its steps.</summary>
    /// <exception cref="RewriteException">It is no path.</exception>
    public static ImmutableArray<KeyPart> Parse(string key)
    {
        var parts = ImmutableArray.CreateBuilder<KeyPart>();
        var at = 0;
        while (at < key.Length)
        {
            at = key[at] == '[' ? Bracket(key, at, parts) : Name(key, at, parts);
            if (at < key.Length && key[at] == '.')
            {
                at++;
                _ = at < key.Length && key[at] != '[' ? 0 : throw Wrong(key);
            }
            else if (at < key.Length && key[at] != '[')
            {
                throw Wrong(key);
            }
        }

        return parts.Count > 0 ? parts.ToImmutable() : throw Wrong(key);
    }

    /// <summary>The first steps as a person writes them; <paramref name="root"/> for none.</summary>
    public static string Text(ImmutableArray<KeyPart> path, int depth, string root) =>
        depth == 0 ? root : string.Join('.', path.Take(depth)).Replace(".[", "[", StringComparison.Ordinal);

    private static int Name(string key, int start, ImmutableArray<KeyPart>.Builder parts)
    {
        var end = key.AsSpan(start).IndexOfAny('.', '[') is var length && length < 0 ? key.Length : start + length;
        parts.Add(new KeyPart(end > start ? key[start..end] : throw Wrong(key), 0));
        return end;
    }

    private static int Bracket(string key, int start, ImmutableArray<KeyPart>.Builder parts)
    {
        if (start + 1 < key.Length && key[start + 1] == '"')
        {
            return Quoted(key, start, parts);
        }

        var end = key.IndexOf(']', start);
        parts.Add(end > 0 && int.TryParse(key.AsSpan(start + 1, end - start - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? new KeyPart(null, index) : throw Wrong(key));
        return end + 1;
    }

    private static int Quoted(string key, int start, ImmutableArray<KeyPart>.Builder parts)
    {
        var name = new StringBuilder();
        for (var at = start + 2; at < key.Length; at++)
        {
            if (key[at] == '"')
            {
                parts.Add(new KeyPart(at + 1 < key.Length && key[at + 1] == ']' ? name.ToString() : throw Wrong(key), 0));
                return at + 2;
            }

            name.Append(key[at] == '\\' && at + 1 < key.Length ? key[++at] : key[at]);
        }

        throw Wrong(key);
    }

    private static RewriteException Wrong(string key) => new("key-syntax", $"\"{key}\" is no key", "write names with dots between them, [0] for a position, [\"a.b/c\"] for a name with dots: metadata.annotations[\"a.b/c\"]");
}
