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
        Read(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IpPrefix value, JsonSerializerOptions options) => Write(writer, value);

    internal static IpPrefix Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("not a prefix");
        }

        IpPrefix prefix;
        var isPrefix = !reader.HasValueSequence && !reader.ValueIsEscaped
            ? IpPrefix.TryParse(reader.ValueSpan, out prefix)
            : IpPrefix.TryParse(reader.GetString(), out prefix);
        return isPrefix ? prefix : throw new JsonException("not a prefix");
    }

    internal static void Write(Utf8JsonWriter writer, IpPrefix value)
    {
        Span<byte> text = stackalloc byte[IpPrefix.MaxTextLength];
        _ = value.TryFormat(text, out var length, default, null);
        writer.WriteStringValue(text[..length]);
    }
}

/// <summary>A prefix set as an array of its fewest prefixes.</summary>
public sealed class PrefixSetConverter : JsonConverter<PrefixSet>
{
    /// <inheritdoc/>
    public override PrefixSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var prefixes = new List<IpPrefix>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            prefixes.Add(IpPrefixConverter.Read(ref reader));
        }

        return PrefixSet.Of(prefixes);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, PrefixSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var prefix in value.Prefixes())
        {
            IpPrefixConverter.Write(writer, prefix);
        }

        writer.WriteEndArray();
    }
}

/// <summary>A traffic set as an object from ports (<c>80,443</c>) to prefixes; ports with the same sources stand together.</summary>
public sealed class TrafficSetConverter : JsonConverter<TrafficSet>
{
    private static readonly PrefixSetConverter Sets = new();

    /// <inheritdoc/>
    public override TrafficSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var traffic = TrafficSet.Empty;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var ports = PortSet.Of(reader.GetString()!.Split(',').Select(Port));
            reader.Read();
            traffic = traffic.Union(TrafficSet.Of(Sets.Read(ref reader, typeof(PrefixSet), options), ports));
        }

        return traffic;
    }

    private static PortRange Port(string text) =>
        text == "any" ? PortRange.Any : PortRange.TryParse(text, out var range) ? range : throw new JsonException("not a port");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TrafficSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var slices in value.Slices.GroupBy(slice => slice.Sources))
        {
            writer.WritePropertyName(string.Join(',', slices.Select(slice => slice.Ports)));
            Sets.Write(writer, slices.Key, options);
        }

        writer.WriteEndObject();
    }
}
