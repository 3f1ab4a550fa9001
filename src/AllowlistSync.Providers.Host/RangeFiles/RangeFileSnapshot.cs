using System.Text.Json;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>The picture of a file, as JSON in a receipt: the whole of it, so that it comes back byte for byte.</summary>
/// <param name="Content">Its bytes; null when there was none.</param>
/// <param name="Mode">Its mode.</param>
internal sealed record RangeFileSnapshotContent(byte[]? Content, UnixFileMode Mode);

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class RangeFileSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(Target target, RangeFileState state)
    {
        var content = new RangeFileSnapshotContent(state.Stands?.Content, state.Stands?.Mode ?? FileText.NewMode);
        return new TargetSnapshot(RangeFileProvider.ProviderName, Format, target.Name, JsonSerializer.Serialize(content, RangeFileJson.Default.RangeFileSnapshotContent));
    }

    public static FileText? Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(RangeFileProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, RangeFileJson.Default.RangeFileSnapshotContent)!;
        return content.Content is null ? null : new FileText(content.Content, content.Mode);
    }
}
