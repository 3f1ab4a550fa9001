using System.Collections.Immutable;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>A file of a list.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Text">Its content; null when it is not there, which CSF only warns of.</param>
internal sealed record CsfFile(string Path, string? Text)
{
    /// <summary>What it includes, in order.</summary>
    public IEnumerable<string> Includes => CsfText.Lines(Text ?? "").Select(line => CsfMark.Included(CsfText.Bare(line))).OfType<string>();
}

/// <summary>A list with all that it includes, in the order in which CSF obeys it: what is included comes behind all else.</summary>
/// <param name="Files">The files, the list itself first.</param>
internal sealed record CsfList(ImmutableArray<CsfFile> Files)
{
    /// <summary>The content of the list itself.</summary>
    public string Text => Files[0].Text ?? "";

    /// <summary>Its entries.</summary>
    public IEnumerable<CsfEntry> Entries => Files.SelectMany(EntriesOf);

    /// <summary>The entries of a file.</summary>
    public static IEnumerable<CsfEntry> EntriesOf(CsfFile file) => CsfText.Lines(file.Text ?? "").Index()
        .Select(line => new CsfEntry(file.Path, line.Index + 1, line.Item.Trim()))
        .Where(entry => entry.Text.Length > 0 && entry.Text[0] != '#' && !CsfMark.HidesLine(entry.Text));
}
