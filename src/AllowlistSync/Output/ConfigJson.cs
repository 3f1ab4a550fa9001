using System.Globalization;
using System.Text.Json;
using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Output;

/// <summary>Writes a value of the configuration file as JSON.</summary>
internal static class ConfigJson
{
    /// <summary>Writes it; what was reported as broken is null.</summary>
    public static void Write(Utf8JsonWriter json, YamlNode? node)
    {
        switch (node)
        {
            case YamlMap map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }

                json.WriteEndObject();
                break;
            case YamlList list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case YamlScalar { Kind: ScalarKind.Integer or ScalarKind.Fraction } number when decimal.TryParse(number.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value):
                json.WriteNumberValue(value);
                break;
            case YamlScalar { Kind: ScalarKind.Truth } truth:
                json.WriteBooleanValue(truth.Value is ['t' or 'T', ..]);
                break;
            case YamlScalar { Kind: not ScalarKind.Nothing } text:
                json.WriteStringValue(text.Value);
                break;
            default:
                json.WriteNullValue();
                break;
        }
    }
}
