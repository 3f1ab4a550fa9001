using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources;

/// <summary>Every way in which a list that did come is refused, in words.</summary>
internal static class ListRefusals
{
    private const string WayOut = "nothing was changed, and what was in force stays so; look at what the source serves";

    internal static SourceException Malformed(string source, string place, ParsedPrefixes parsed)
    {
        var more = parsed.TotalProblems > 1 ? $" ({parsed.TotalProblems} such lines)" : "";
        return Refused("malformed-list", $"source {source}: {place}: {parsed.Problems[0]}{more}");
    }

    internal static SourceException Malformed(string source, string place, string reason) =>
        Refused("malformed-list", $"source {source}: {place}: {reason}");

    internal static SourceException WrongFamily(string source, string place, IpPrefix prefix, IpFamily wanted) =>
        Refused("wrong-family", $"source {source}: {place} is the list of {wanted} and holds {prefix}, which is {prefix.Family}");

    internal static SourceException Empty(string source, string place) =>
        Refused("empty-list", $"source {source}: {place} holds 0 prefixes");

    internal static SourceException Json(string source, string place, int bytes, Exception cause) =>
        Refused("malformed-json", $"source {source}: {place}: the {bytes} bytes that came are not whole JSON of the expected shape: {ShownText.Of(cause.Message)}", cause);

    internal static SourceException Api(string source, string place, string reason) =>
        Refused("api-error", $"source {source}: {place}: {reason}");

    private static SourceException Refused(string rule, string message, Exception? cause = null) =>
        new(new Refusal(rule, message, WayOut), answered: true, cause);
}
