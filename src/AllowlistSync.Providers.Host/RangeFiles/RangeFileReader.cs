using System.Security.Cryptography;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>Says what a file and the note beside it mean for a target. Pure.</summary>
internal static class RangeFileReader
{
    private const int MostLines = 5;

    /// <summary>Reads both; a file or a note of somebody else is a conflict.</summary>
    public static RangeFileState Read(RangeFileOptions options, string mark, HostFile? file, HostFile? note)
    {
        var owed = note is null ? null : RangeFileNote.Read(note.Content.Span);
        if (note is not null && owed?.Mark != mark)
        {
            throw new ProviderException(
                FailureKind.Conflict, Aftermath.Untouched, $"{options.NotePath} is {(owed is null ? "not a note that can be read" : $"the note of a change of {options.Path} by {owed.Mark}")}; nothing was changed", owed is null ? "look at it, and take it away if nobody needs it" : $"let {owed.Mark} finish: run `apply` for that target; two targets cannot keep one file");
        }

        // A file without a byte, as somebody makes it so that an include finds it, holds nothing that could be lost.
        if (file is null || file.Content.IsEmpty)
        {
            return new RangeFileState(file is null ? null : new FileText([], file.Mode), null, owed);
        }

        var reading = options.Format.Read(file.Content.Span, options.Name);
        return reading.Mark == mark ? new RangeFileState(new FileText(file.Content.ToArray(), file.Mode), reading, owed) : throw Foreign(options, mark, reading.Mark);
    }

    /// <summary>As the planner sees it.</summary>
    public static ObservedState Observe(RangeFileOptions options, RangeFileState state) => new()
    {
        Existence = state.Reading is null && state.Note is null ? Existence.Absent : Existence.Present,
        Allowed = state.Reading is null ? TrafficSet.Empty : TrafficSet.Of(state.Reading.Ranges, PortSet.Any),
        Defects = [.. Defects(options, state)],
        Revision = Revision(state),
        Native = state,
    };

    private static ProviderException Foreign(RangeFileOptions options, string mark, string? holder)
    {
        var form = string.Format(null, options.Format.MarkForm, mark);
        var handOver = options.Format.HasComments ? $"make `{form}` its first line" : $"write {form} into it";
        return new ProviderException(
            FailureKind.Conflict,
            Aftermath.Untouched,
            holder is null ? $"{options.Path} carries no mark of ours in format {options.Format.Name}, so it is somebody else's; nothing was changed" : $"{options.Path} belongs to {holder}, not to {mark}; nothing was changed",
            $"name another `path`, move the file away, or hand it over, which replaces all that is in it: {handOver}");
    }

    private static IEnumerable<Defect> Defects(RangeFileOptions options, RangeFileState state)
    {
        if (state.Note is not null)
        {
            yield return new Defect("not-reloaded", $"an earlier change of {options.Path} was interrupted before it was checked and reloaded; this is done now, or the old file is put back");
        }

        if (state.Reading is { TotalOddLines: > 0 } reading)
        {
            var lines = string.Join(", ", reading.OddLines.Take(MostLines));
            yield return new Defect("edited", $"{options.Path} has {reading.TotalOddLines} {(reading.TotalOddLines == 1 ? "line that is" : "lines that are")} not ours, and the file is written anew without: {lines}{(reading.TotalOddLines > MostLines ? " and more" : "")}");
        }
    }

    private static string Revision(RangeFileState state)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        digest.AppendData(state.Stands is null ? "absent\n"u8 : "present\n"u8);
        digest.AppendData(SHA256.HashData(state.Stands?.Content ?? []));
        digest.AppendData(state.Note?.Write() ?? []);
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
