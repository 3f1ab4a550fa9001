using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>Reads what cscli prints, and our own file. Pure.</summary>
public static class CrowdSecReader
{
    /// <summary>Reads <c>cscli decisions list -a -l 0 -o json</c>: <c>null</c> or an empty array when there are none (1.4.6 and 1.7).</summary>
    public static Decisions ReadDecisions(ReadOnlySpan<byte> json)
    {
        // Of decisions about the same value, cscli lists the one that lasts longest; the alerts of the others come without any.
        var decisions = Parse(json, CrowdSecJson.Default.AlertJsonArray, "cscli decisions list").SelectMany(alert => alert.Decisions ?? []).Where(IsInForce).ToLookup(IsAboutAddresses);
        return new Decisions(
            [.. decisions[true].Select(decision => (Prefix: PrefixOf(decision), By: By(decision), Decision: decision)).GroupBy(one => (one.Prefix, one.By)).Select(same => ToBan(same.Key.Prefix, same.Key.By, same.Select(one => one.Decision)))],
            [.. decisions[false].Select(decision => $"{decision.Scope} {decision.Value}")]);
    }

    /// <summary>Reads <c>cscli allowlists list -o json</c>: our allowlist, or null when there is none.</summary>
    public static AllowlistContent? ReadAllowlists(ReadOnlySpan<byte> json, CrowdSecMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (Parse(json, CrowdSecJson.Default.AllowlistJsonArray, "cscli allowlists list").FirstOrDefault(list => list.Name == mark.Name) is not { } found)
        {
            return null;
        }

        if (found.ConsoleManaged || found.Description != mark.Description)
        {
            throw Stranger($"allowlist {mark.Name}", found.ConsoleManaged ? "is kept by crowdsec's console" : "does not carry our description");
        }

        var entries = (found.Items ?? []).Select(ToEntry).ToLookup(entry => entry.Comment == mark.Comment && !entry.Expires && entry.Prefix is not null);
        return new AllowlistContent([.. entries[true]], [.. entries[false]]);
    }

    /// <summary>Reads our whitelist file; null for no file.</summary>
    public static WhitelistFile ReadFile(string? text, CrowdSecMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (text is null)
        {
            return WhitelistFile.None;
        }

        if (text.Split('\n')[0] != CrowdSecWriter.FirstLine(mark))
        {
            throw Stranger(mark.Path, "does not begin with our mark");
        }

        var sources = PrefixSet.Of(text.Split('\n').Select(PrefixOfLine).OfType<IpPrefix>());
        var writtenAt = text.Split('\n').Where(line => line.StartsWith(CrowdSecWriter.Pending, StringComparison.Ordinal)).Select(line => TimeOf(line[CrowdSecWriter.Pending.Length..])).FirstOrDefault();
        return new WhitelistFile(text, sources, text == CrowdSecWriter.File(mark, sources, writtenAt), writtenAt);
    }

    private static bool IsInForce(DecisionJson decision) => !decision.Simulated && decision.Duration?.StartsWith('-') != true;

    private static bool IsAboutAddresses(DecisionJson decision) =>
        (decision.Scope?.Equals("ip", StringComparison.OrdinalIgnoreCase) == true || decision.Scope?.Equals("range", StringComparison.OrdinalIgnoreCase) == true)
        && IpPrefix.TryParse(decision.Value, out _);

    private static IpPrefix PrefixOf(DecisionJson decision) => IpPrefix.Parse(decision.Value!);

    // Without the number: a ban that comes back has another one, and is the same ban.
    private static string By(DecisionJson decision) => $"scenario {decision.Scenario} ({decision.Origin}, {decision.Type})";

    private static Ban ToBan(IpPrefix prefix, string by, IEnumerable<DecisionJson> decisions)
    {
        var all = decisions.ToList();
        return new Ban(prefix, by) { Note = $"decision {string.Join(", ", all.Select(decision => decision.Id.ToString(CultureInfo.InvariantCulture)))}, {all[0].Duration} left" };
    }

    private static AllowlistEntry ToEntry(AllowlistItemJson item) => new(
        item.Value ?? "",
        IpPrefix.TryParse(item.Value, out var prefix) ? prefix : null,
        item.Description ?? "",
        item.Expiration is { Year: > 1 });

    private static IpPrefix? PrefixOfLine(string line) =>
        line.StartsWith(CrowdSecWriter.ItemStart, StringComparison.Ordinal) && IpPrefix.TryParse(line.AsSpan(CrowdSecWriter.ItemStart.Length).TrimEnd('"'), out var prefix) ? prefix : null;

    private static DateTimeOffset? TimeOf(string text) =>
        DateTimeOffset.TryParse(text.Split(';')[0], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static T[] Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T[]> type, string command)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type) ?? [];
        }
        catch (JsonException garbage)
        {
            throw new ProviderException(FailureKind.Protocol, Aftermath.Untouched, $"what `{command}` printed is not understood: {garbage.Message}", "run it by hand with `-o json` and look; when it is right there, please report it together with `cscli version`", garbage);
        }
    }

    private static ProviderException Stranger(string what, string why) => new(
        FailureKind.Conflict, Aftermath.Untouched, $"{what} has a name of ours and {why}, so somebody else made it; nothing was changed", "rename it, or give this target another name or owner");
}
