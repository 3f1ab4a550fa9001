using System.Globalization;

namespace AllowlistSync.Configuration.Yaml;

/// <summary>Finds the place of a value by its path, for problems that were found in records and not in the file.</summary>
internal static class NodeLookup
{
    /// <summary>The value at <c>targets[0].allow[1]</c>; the nearest thing around it when it is not written.</summary>
    internal static YamlNode Find(YamlNode root, string path)
    {
        var node = root;
        foreach (var step in path.Split(['.', '['], StringSplitOptions.RemoveEmptyEntries))
        {
            var next = node switch
            {
                YamlList list when TryIndex(step, out var index) && index < list.Items.Count => list.Items[index],
                YamlMap map => map[step],
                _ => null,
            };
            if (next is null)
            {
                return node;
            }

            node = next;
        }

        return node;
    }

    private static bool TryIndex(string step, out int index) =>
        int.TryParse(step.AsSpan().TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
