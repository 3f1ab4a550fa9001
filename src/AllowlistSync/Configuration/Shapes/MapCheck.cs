using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Holds mappings against their keys: unknown, missing, written twice, and the values of the others.</summary>
internal sealed class MapCheck(ProblemLog log, ShapeCheck values)
{
    internal void Check(YamlMap map, MapShape shape, NodePath path)
    {
        CheckTwice(map, path);
        foreach (var entry in map.Entries)
        {
            if (shape.Keys.FirstOrDefault(key => key.Name == entry.Key) is { } key)
            {
                values.Check(entry.Value, key.Shape, path.Of(entry.Key));
            }
            else
            {
                ReportUnknown(entry, [.. shape.Keys.Select(key => key.Name)], path);
            }
        }

        foreach (var key in shape.Keys.Where(key => key.Required && map[key.Name] is null))
        {
            ReportMissing(map, key.Name, key.Shape.Expected, path);
        }
    }

    internal void Check(YamlMap map, NamedShape shape, NodePath path)
    {
        CheckTwice(map, path);
        foreach (var entry in map.Entries)
        {
            if (shape.Name.Check?.Invoke(entry.Key) is { } fault)
            {
                log.Add(entry.At, path, fault);
            }

            values.Check(entry.Value, shape.Item, path.Of(entry.Key));
        }
    }

    internal void Check(YamlMap map, VariantShape shape, NodePath path)
    {
        var by = map[shape.By];
        if (by is YamlScalar { Kind: ScalarKind.Text } scalar && shape.Cases.FirstOrDefault(variant => variant.Name == scalar.Value) is { } found)
        {
            Check(map, found.Map, path);
            return;
        }

        var names = shape.Cases.Select(variant => variant.Name).ToArray();
        if (by is null)
        {
            ReportMissing(map, shape.By, "one of: " + string.Join(", ", names), path);
        }
        else if (by is not YamlBroken)
        {
            log.Add(by.At, path.Of(shape.By), by is YamlScalar wrong
                ? new($"unknown {shape.What} \"{Shown.Of(wrong.Value)}\"", Spelling.Suggest(wrong.Value, names))
                : new($"this is not a {shape.What}", "write one of: " + string.Join(", ", names)));
        }

        CheckShared(map, shape, path);
    }

    // Without its variant only that can be judged which all variants have in common.
    private void CheckShared(YamlMap map, VariantShape shape, NodePath path)
    {
        CheckTwice(map, path);
        var all = shape.Cases.SelectMany(variant => variant.Map.Keys).ToArray();
        foreach (var entry in map.Entries.Where(entry => entry.Key != shape.By && shape.Cases.Length > 0))
        {
            var keys = all.Where(key => key.Name == entry.Key).ToArray();
            if (keys.Length == 0)
            {
                ReportUnknown(entry, [.. all.Select(key => key.Name).Distinct(StringComparer.Ordinal)], path);
            }
            else if (keys.Length == shape.Cases.Length && keys.All(key => ReferenceEquals(key.Shape, keys[0].Shape)))
            {
                values.Check(entry.Value, keys[0].Shape, path.Of(entry.Key));
            }
        }

        foreach (var key in all.DistinctBy(key => key.Name).Where(key => key.Name != shape.By && map[key.Name] is null))
        {
            if (shape.Cases.All(variant => variant.Map.Keys.Any(other => other.Name == key.Name && other.Required)))
            {
                ReportMissing(map, key.Name, key.Shape.Expected, path);
            }
        }
    }

    private void CheckTwice(YamlMap map, NodePath path)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in map.Entries)
        {
            if (!first.TryAdd(entry.Key, entry.At.Line))
            {
                log.Add(entry.At, path, new($"the key \"{Shown.Of(entry.Key)}\" is written twice, first in line {first[entry.Key]}", "keep one of them"));
            }
        }
    }

    private void ReportUnknown(YamlEntry entry, IReadOnlyCollection<string> known, NodePath path) =>
        log.Add(entry.At, path, new(
            $"unknown key \"{Shown.Of(entry.Key)}\"",
            known.Count == 0 ? "remove it; nothing can be set here" : Spelling.Suggest(entry.Key, known)));

    private void ReportMissing(YamlMap map, string key, string expected, NodePath path) =>
        log.Add(map.At, path, new($"the key \"{key}\" is missing", $"add {key}: {expected}"));
}
