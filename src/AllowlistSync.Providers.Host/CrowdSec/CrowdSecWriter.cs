using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>Writes our whitelist file, and what becomes of an allowlist. Pure.</summary>
internal static class CrowdSecWriter
{
    /// <summary>How the line begins that says that crowdsec may not have read the file yet; a time in UTC follows.</summary>
    public const string Pending = "# not known to be loaded; written ";

    /// <summary>How an item begins.</summary>
    public const string ItemStart = "    - \"";

    /// <summary>By which the file is known to be ours.</summary>
    public static string FirstLine(CrowdSecMark mark) => $"# {mark.Description}; do not edit, it is written anew";

    /// <summary>
    /// A whitelist of crowdsec (pkg/parser/whitelist.go). Never without prefixes, as crowdsec would not start ("Node is empty", 1.4.6); the comment on loading does not matter to crowdsec.
    /// </summary>
    public static string File(CrowdSecMark mark, PrefixSet sources, DateTimeOffset? writtenAt)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{FirstLine(mark)}\n");
        if (writtenAt is { } time)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Pending}{time.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}; the next start or reload of crowdsec loads it\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"name: {mark.Name}\ndescription: \"{mark.Description}\"\nwhitelist:\n  reason: \"{mark.Description}\"\n  cidr:\n");
        foreach (var prefix in sources.Prefixes())
        {
            text.Append(CultureInfo.InvariantCulture, $"{ItemStart}{prefix}\"\n");
        }

        return text.ToString();
    }

    /// <summary>The same file, known to be loaded.</summary>
    public static string Loaded(CrowdSecMark mark, PrefixSet sources) => File(mark, sources, null);

    /// <summary>What to add to an allowlist, and which of our values go.</summary>
    public static (ImmutableArray<string> Add, ImmutableArray<string> Remove) Difference(AllowlistContent? now, PrefixSet sources)
    {
        var own = (now?.Own ?? []).ToDictionary(entry => entry.Value, entry => entry.Prefix!.Value, StringComparer.Ordinal);
        var wanted = sources.Prefixes().ToHashSet();
        return ([.. wanted.Except(own.Values).Select(prefix => prefix.ToString())], [.. own.Where(pair => !wanted.Contains(pair.Value)).Select(pair => pair.Key)]);
    }
}
