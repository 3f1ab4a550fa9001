using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Whole files. One that is there must carry our mark: a person hands a file over by writing it.</summary>
internal static class WholeFileRewriter
{
    public static RewrittenFile Rewrite(string path, ReadOnlyMemory<byte>? content, WholeFilePlace place, PrefixSet wanted)
    {
        wanted = place.Format.Taken(wanted);
        var written = place.Format.Write(wanted, place.Label);
        if (content is not { } bytes)
        {
            return new RewrittenFile(written, PrefixSet.Empty, wanted, IsChanged: true);
        }

        var reading = place.Format.Read(bytes.Span, place.Label.Name);
        if (reading.Mark != place.Label.Mark)
        {
            var form = string.Format(null, place.Format.MarkForm, place.Label.Mark);
            throw new RewriteException("foreign-file", $"{path} is not ours: {(reading.Mark is { } holder ? $"it belongs to {holder}" : "it has no mark of ours")}", place.Format.HasComments ? $"make `{form}` its first line to hand it over, or name another file" : $"write {form} into it to hand it over, or name another file");
        }

        return reading.Ranges.Equals(wanted) && reading.OddLines.IsEmpty
            ? new RewrittenFile(bytes, reading.Ranges, reading.Ranges, IsChanged: false)
            : new RewrittenFile(written, reading.Ranges, wanted, IsChanged: true);
    }
}
