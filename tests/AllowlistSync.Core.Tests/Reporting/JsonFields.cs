using System.Text.Json;

namespace AllowlistSync.Core.Tests.Reporting;

/// <summary>The fields of a JSON document, and where they are described.</summary>
internal static class JsonFields
{
    /// <summary>The README that lists the fields.</summary>
    public static string Readme([System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "AllowlistSync.Core", "Reporting", "README.md");

    /// <summary>The paths of all leaves, and of the containers that are null.</summary>
    public static void Collect(JsonElement element, string path, SortedSet<string> into)
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
}
