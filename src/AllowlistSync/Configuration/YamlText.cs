using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Configuration;

/// <summary>Builds YAML line by line. Knows when a text must stand in quotes; nothing else is clever about it.</summary>
internal sealed class YamlText
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _startsItem;

    public override string ToString() => _text.ToString();

    /// <summary>A key whose value is a text; nothing when there is none.</summary>
    internal void Text(string key, string? value)
    {
        if (value is not null)
        {
            Raw(key, Scalar(value));
        }
    }

    /// <summary>A key whose value is a number or is already YAML.</summary>
    internal void Raw(string key, string value) => Line($"{key}: {value}");

    /// <summary>A key with a list on one line.</summary>
    internal void Texts(string key, IEnumerable<string> values) => Raw(key, Flow(values));

    /// <summary>A key with a mapping below it.</summary>
    internal void Map(string key, Action write)
    {
        Line(key + ":");
        Indented(write);
    }

    /// <summary>A key with a list of mappings below it.</summary>
    internal void List<T>(string key, ImmutableArray<T> items, Action<T> write)
    {
        Line(items.IsEmpty ? key + ": []" : key + ":");
        foreach (var item in items)
        {
            _startsItem = true;
            Indented(() => Indented(() => write(item)));
        }
    }

    /// <summary>A list on one line.</summary>
    internal static string Flow(IEnumerable<string> values) => $"[{string.Join(", ", values.Select(Scalar))}]";

    /// <summary>A text as a scalar that every YAML reader takes for the same text.</summary>
    internal static string Scalar(string value) =>
        IsSafe(value) ? value : $"\"{string.Concat(value.Select(Escape))}\"";

    private static bool IsSafe(string value) =>
        ScalarKinds.Resolve(value) == ScalarKind.Text
        && (char.IsAsciiLetterOrDigit(value[0]) || value[0] is '/' or '.')
        && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or ' ' or '@' or ':' or '%' or '+' or '=')
        && !value.Contains(": ", StringComparison.Ordinal)
        && value[^1] is not (':' or ' ');

    private static string Escape(char c) => c switch
    {
        '"' or '\\' => "\\" + c,
        _ when char.IsControl(c) => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };

    private void Indented(Action write)
    {
        _depth++;
        write();
        _depth--;
    }

    private void Line(string line)
    {
        _text.Append(' ', 2 * (_startsItem ? _depth - 1 : _depth)).Append(_startsItem ? "- " : "").Append(line).Append('\n');
        _startsItem = false;
    }
}
