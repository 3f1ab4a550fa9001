using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>A file as it stands, or as it shall stand.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Mode">Its mode.</param>
internal sealed record FileText(byte[] Content, UnixFileMode Mode)
{
    /// <summary>The mode of a file that was not there: a list of public addresses, read by a program that may not be root.</summary>
    public const UnixFileMode NewMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Whether two files hold the same bytes; null is a file that is not there.</summary>
    public static bool IsSame(FileText? one, FileText? other) =>
        one is null || other is null ? one is null && other is null : one.Content.AsSpan().SequenceEqual(other.Content);
}

/// <summary>What is written beside the file before it is changed: a check and a reload are owed, and this is the way back.</summary>
/// <param name="Mark">Whose change it is, <c>OWNER/TARGET</c>.</param>
/// <param name="Before">The last file that was checked and reloaded; null when there was none.</param>
/// <param name="Mode">Its mode.</param>
internal sealed record RangeFileNote(string Mark, byte[]? Before, UnixFileMode Mode)
{
    /// <summary>The file to go back to.</summary>
    [JsonIgnore]
    public FileText? Old => Before is null ? null : new FileText(Before, Mode);

    /// <summary>A note of what stands.</summary>
    public static RangeFileNote Of(string mark, FileText? stands) => new(mark, stands?.Content, stands?.Mode ?? FileText.NewMode);

    /// <summary>As a file.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, RangeFileJson.Default.RangeFileNote);

    /// <summary>The note in a file; null when it is none.</summary>
    public static RangeFileNote? Read(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, RangeFileJson.Default.RangeFileNote) is { Mark.Length: > 0 } note ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The JSON of notes and snapshots. By metadata: the writing code that would be generated beside it makes an empty text of bytes that are null, and an empty file is not one that is absent.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RangeFileNote))]
[JsonSerializable(typeof(RangeFileSnapshotContent))]
internal sealed partial class RangeFileJson : JsonSerializerContext;

/// <summary>What was read for a target.</summary>
/// <param name="Stands">The file; null when it is not there.</param>
/// <param name="Reading">What it holds; null when it is not there or has no byte.</param>
/// <param name="Note">The note of a change that did not come to its end.</param>
internal sealed record RangeFileState(FileText? Stands, RangeFileReading? Reading, RangeFileNote? Note) : NativeState
{
    /// <summary>Whether nothing changed between two looks.</summary>
    public bool IsSame(RangeFileState other) => FileText.IsSame(Stands, other.Stands) && FileText.IsSame(Note?.Old, other.Note?.Old) && Note?.Mark == other.Note?.Mark;
}
