using System.Text.Encodings.Web;
using System.Text.Json;
using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration;

/// <summary>
/// Writes the JSON Schema (draft 2020-12) of the configuration for editors, from the same table that the loader checks by.
/// It uses only: type, properties, additionalProperties, required, items, minItems, enum, pattern, minLength, minimum, maximum,
/// oneOf and anyOf. What needs more than one value, or a look at the system, only the loader checks.
/// </summary>
public static class ConfigSchema
{
    // Read by editors only, never put into HTML.
    private static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the schema with the settings of the given providers; the same bytes for the same providers.</summary>
    public static void Write(Stream output, IReadOnlyList<ProviderRegistration> providers)
    {
        using (var json = new Utf8JsonWriter(output, Options))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json-schema.org/draft/2020-12/schema");
            json.WriteString("title", "The configuration of AllowlistSync");
            Body(json, ConfigShapes.Root(providers));
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    // As YAML writes it, and in quotes.
    private static void Switch(Utf8JsonWriter json)
    {
        json.WriteStartArray("enum");
        json.WriteBooleanValue(true);
        json.WriteBooleanValue(false);
        json.WriteStringValue("true");
        json.WriteStringValue("false");
        json.WriteEndArray();
    }

    private static void Body(Utf8JsonWriter json, Shape shape)
    {
        switch (shape)
        {
            case TextShape text:
                Text(json, text);
                break;
            case ChoiceShape { IsSwitch: true }:
                Switch(json);
                break;
            case ChoiceShape choice:
                Strings(json, "enum", choice.Choices);
                break;
            case IntegerShape integer:
                Integer(json, integer.Minimum, integer.Maximum);
                break;
            case PortShape:
                AnyOf(json, () => Integer(json, 1, ushort.MaxValue), () => Text(json, new TextShape("") { Pattern = PortShape.Pattern }));
                break;
            case SettingShape setting:
                Strings(json, "type", ["string", "number", "boolean"]);
                json.WriteNumber("minLength", 1);
                Strings(json, "examples", [setting.Example]);
                break;
            case TextsShape texts:
                AnyOf(json, () => Body(json, texts.Item), () => List(json, new ListShape(texts.Item, 1)));
                break;
            case ListShape list:
                List(json, list);
                break;
            case MapShape map:
                Map(json, map, null);
                break;
            case NamedShape named:
                Named(json, named);
                break;
            case ListOrMapShape either:
                AnyOf(json, () => List(json, either.List), () => Map(json, either.Map, null));
                break;
            case VariantShape variant:
                Variants(json, variant);
                break;
            case SecretShape:
                AnyOf(json, () => Only(json, "file"), () => Only(json, "env"));
                break;
            case TextOrMapShape either:
                AnyOf(json, () => Text(json, either.Text), () => Map(json, either.Map, null));
                break;
            case TextOrSecretShape either:
                AnyOf(json, () => Text(json, either.Text), () => Only(json, "file"), () => Only(json, "env"));
                break;
        }
    }

    private static void Text(Utf8JsonWriter json, TextShape shape)
    {
        json.WriteString("type", "string");
        json.WriteNumber("minLength", 1);
        if (shape.Pattern is not null)
        {
            json.WriteString("pattern", shape.Pattern);
        }
    }

    private static void Integer(Utf8JsonWriter json, int minimum, int maximum)
    {
        json.WriteString("type", "integer");
        json.WriteNumber("minimum", minimum);
        json.WriteNumber("maximum", maximum);
    }

    private static void List(Utf8JsonWriter json, ListShape shape)
    {
        json.WriteString("type", "array");
        json.WriteNumber("minItems", shape.MinItems);
        json.WriteStartObject("items");
        Body(json, shape.Item);
        json.WriteEndObject();
    }

    private static void Map(Utf8JsonWriter json, MapShape shape, (string Key, string Value)? fixedValue)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        Strings(json, "required", shape.Keys.Where(key => key.Required).Select(key => key.Name));
        json.WriteStartObject("properties");
        foreach (var key in shape.Keys)
        {
            json.WriteStartObject(key.Name);
            json.WriteString("description", key.Doc);
            Body(json, key.Name == fixedValue?.Key ? new ChoiceShape([fixedValue.Value.Value]) : key.Shape);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Named(Utf8JsonWriter json, NamedShape shape)
    {
        json.WriteString("type", "object");
        json.WriteBoolean("additionalProperties", false);
        json.WriteStartObject("patternProperties");
        json.WriteStartObject(shape.Name.Pattern!);
        Body(json, shape.Item);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Variants(Utf8JsonWriter json, VariantShape shape)
    {
        json.WriteStartArray("oneOf");
        foreach (var variant in shape.Cases)
        {
            json.WriteStartObject();
            Map(json, variant.Map, (shape.By, variant.Name));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Only(Utf8JsonWriter json, string key) =>
        Map(json, new([new(key, new TextShape(""), key == "file" ? "A file that only its owner may read." : "An environment variable.") { Required = true }]), null);

    private static void AnyOf(Utf8JsonWriter json, params ReadOnlySpan<Action> alternatives)
    {
        json.WriteStartArray("anyOf");
        foreach (var alternative in alternatives)
        {
            json.WriteStartObject();
            alternative();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
