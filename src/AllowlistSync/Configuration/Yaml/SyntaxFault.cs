using AllowlistSync.Configuration.Reading;
using YamlDotNet.Core;

namespace AllowlistSync.Configuration.Yaml;

/// <summary>Says in words for people why a text is not YAML.</summary>
internal static class SyntaxFault
{
    internal static (Place At, Fault Fault) Explain(string text, YamlException exception)
    {
        // The parser's mark may be that of the mapping around the tab.
        if (FirstTab(text) is { } tab)
        {
            return (tab, new("a tab indents this line", "indent with spaces"));
        }

        var at = new Place((int)Math.Max(1, exception.Start.Line), (int)Math.Max(1, exception.Start.Column));

        // The parser's messages name kinds of tokens, never values.
        return (at, new($"this is not YAML: {Lower(exception.Message)}", "look at the indentation, colons, quotes and brackets here and on the line above"));
    }

    private static string Lower(string message) => message.Length == 0 ? message : char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');

    private static Place? FirstTab(string text)
    {
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var tab = line[..(line.Length - line.TrimStart(" \t").Length)].IndexOf('\t');
            if (tab >= 0 && !line.TrimStart(" \t").IsEmpty)
            {
                return new Place(number, tab + 1);
            }
        }

        return null;
    }
}
