using System.Collections.Immutable;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Takes the settings of a provider out of their mapping, as keys and values. Lenient as <see cref="NodeReading"/> is.</summary>
internal static class SettingsReading
{
    internal static ProviderSettings Read(YamlMap? map, ImmutableArray<SettingField> fields)
    {
        var values = ProviderSettings.None.Values.ToBuilder();
        var lists = ProviderSettings.None.Lists.ToBuilder();
        Collect(map, fields, "");
        return values.Count + lists.Count == 0 ? ProviderSettings.None : new() { Values = values.ToImmutable(), Lists = lists.ToImmutable() };

        void Collect(YamlMap? from, ImmutableArray<SettingField> known, string prefix)
        {
            foreach (var entry in from?.Entries ?? [])
            {
                var field = known.FirstOrDefault(one => one.Name == entry.Key);
                switch (entry.Value)
                {
                    case YamlScalar { Kind: ScalarKind.Nothing }:
                        break;
                    case YamlScalar scalar when field?.Type == SettingType.Texts:
                        lists[prefix + entry.Key] = [scalar.Value];
                        break;
                    case YamlScalar scalar:
                        values[prefix + entry.Key] = scalar.Value;
                        break;
                    case YamlList list:
                        lists[prefix + entry.Key] = [.. list.Items.OfType<YamlScalar>().Select(item => item.Value)];
                        break;
                    case YamlMap inner:
                        Collect(inner, field?.Fields ?? [], $"{prefix}{entry.Key}.");
                        break;
                }
            }
        }
    }
}
