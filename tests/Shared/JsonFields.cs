using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AllowlistSync;

/// <summary>The fields of a JSON document, and where they are described; compiled into each test project that uses it.</summary>
internal static partial class JsonFields
{
    /// <summary>The fields that the README of the reports lists for a command, in a table or as a list.</summary>
    /// <param name="heading">What its heading says behind <c>The JSON of</c>.</param>
    public static SortedSet<string> Listed(string heading)
    {
        var section = File.ReadAllText(Readme()).Split("\n## The JSON of ").Single(part => part.StartsWith(heading + "\n", StringComparison.Ordinal));
        return new SortedSet<string>(Field().Matches(section).Select(match => match.Groups["field"].Value), StringComparer.Ordinal);
    }

    /// <summary>The paths of all leaves, and of the containers that are null.</summary>
    public static SortedSet<string> In(JsonElement document)
    {
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        Collect(document, "", fields);
        return fields;
    }

    private static string Readme([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src", "AllowlistSync.Core", "Reporting", "README.md");

    private static void Collect(JsonElement element, string path, SortedSet<string> into)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in element.EnumerateObject())
                {
                    Collect(field.Value, path.Length == 0 ? field.Name : $"{path}.{field.Name}", into);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Collect(item, path + "[]", into);
                }

                break;
            default:
                into.Add(path);
                break;
        }
    }

    [GeneratedRegex("^(- |\\| )`(?<field>[a-z][A-Za-z0-9.\\[\\]]*)`(: | \\|)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Field();
}
