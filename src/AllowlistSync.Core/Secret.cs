using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AllowlistSync.Core;

/// <summary>
/// A value that must not be shown: it prints, formats and serializes as <c>***</c>. Only <see cref="Reveal"/> gives it, so that
/// every use can be found by that name.
/// </summary>
[JsonConverter(typeof(SecretJsonConverter))]
[DebuggerDisplay("***")]
public sealed class Secret
{
    /// <summary>What stands for a secret wherever it would be shown.</summary>
    public const string Mask = "***";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _value;

    /// <summary>Hides a value.</summary>
    public Secret(string value) => _value = value;

    /// <summary>The value itself, for the one call that needs it.</summary>
    public string Reveal() => _value;

    /// <summary>Always <c>***</c>.</summary>
    public override string ToString() => Mask;
}

/// <summary>Writes <c>***</c> and reads nothing.</summary>
public sealed class SecretJsonConverter : JsonConverter<Secret>
{
    /// <summary>Refused: a secret comes from a file or the environment, never from JSON.</summary>
    /// <exception cref="JsonException">Always.</exception>
    public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new JsonException("A secret is never read from JSON.");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(Secret.Mask);
}
