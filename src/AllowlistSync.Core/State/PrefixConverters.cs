using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.State;

/// <summary>A prefix as a JSON text.</summary>
public sealed class IpPrefixConverter : JsonConverter<IpPrefix>
{
    /// <inheritdoc/>
    public override IpPrefix Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        IpPrefix.TryParse(reader.GetString(), out var prefix) ? prefix : throw new JsonException("not a prefix");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpPrefix value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>A prefix set as an array of its fewest prefixes.</summary>
public sealed class PrefixSetConverter : JsonConverter<PrefixSet>
{
    /// <inheritdoc/>
    public override PrefixSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var prefixes = new List<IpPrefix>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            prefixes.Add(IpPrefix.TryParse(reader.GetString(), out var prefix) ? prefix : throw new JsonException("not a prefix"));
        }

        return PrefixSet.Of(prefixes);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PrefixSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var prefix in value.Prefixes())
        {
            writer.WriteStringValue(prefix.ToString());
        }

        writer.WriteEndArray();
    }
}

/// <summary>A traffic set as an object from ports to prefixes.</summary>
public sealed class TrafficSetConverter : JsonConverter<TrafficSet>
{
    private static readonly PrefixSetConverter Sets = new();

    /// <inheritdoc/>
    public override TrafficSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var traffic = TrafficSet.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var text = reader.GetString();
            var ports = text == "any" ? PortRange.Any : PortRange.TryParse(text, out var range) ? range : throw new JsonException("not a port");
            reader.Read();
            traffic = traffic.Union(TrafficSet.Of(Sets.Read(ref reader, typeof(PrefixSet), options), PortSet.Of(ports)));
        }

        return traffic;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TrafficSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var slice in value.Slices)
        {
            writer.WritePropertyName(slice.Ports.ToString());
            Sets.Write(writer, slice.Sources, options);
        }

        writer.WriteEndObject();
    }
}
