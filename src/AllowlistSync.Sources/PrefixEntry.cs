using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources;

/// <summary>Reads one entry of a JSON list: a prefix or a bare address, with nothing around it. Pure.</summary>
internal static class PrefixEntry
{
    /// <exception cref="SourceException"><c>malformed-list</c>, with the place of the entry.</exception>
    internal static IpPrefix Read(string source, string place, string? text)
    {
        if (text is null)
        {
            throw ListRefusals.Malformed(source, place, "null where a prefix was expected");
        }

        return IpPrefix.TryParse(text, out var prefix, out string? reason)
            ? prefix
            : throw ListRefusals.Malformed(source, place, $"{reason}: \"{ShownText.Of(text)}\"");
    }
}
