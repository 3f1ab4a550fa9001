using AllowlistSync.Providers.Host.RangeFiles;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.RangeFiles;

/// <summary>The way back of an interrupted change, as a file.</summary>
public sealed class RangeFileNoteTests
{
    [Fact]
    public void A_file_that_was_not_there_is_told_from_an_empty_one()
    {
        RangeFileNote.Read(RangeFileNote.Of("als/web", null).Write())!.Old.ShouldBeNull();
        RangeFileNote.Read(RangeFileNote.Of("als/web", new FileText([], FileText.NewMode)).Write())!.Old!.Content.ShouldBeEmpty();
    }
}
