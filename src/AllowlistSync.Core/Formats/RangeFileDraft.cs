using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>Mark and prefixes while a file is read.</summary>
internal sealed class RangeFileDraft
{
    private PrefixSetCollector _ranges;

    /// <summary>The mark that was found.</summary>
    public string? Mark { get; set; }

    /// <summary>The prefixes that were found.</summary>
    public PrefixSetCollector Ranges => _ranges;

    /// <summary>Takes a text that may be a prefix; one that is none is left to the comparison of lines.</summary>
    public void Add(ReadOnlySpan<char> text)
    {
        if (IpPrefix.TryParse(text, out var prefix))
        {
            _ranges.Add(prefix.Family, prefix.WideFirst, prefix.WideLast);
        }
    }
}
