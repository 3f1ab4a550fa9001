using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>A ban as CSF has it.</summary>
/// <param name="Ban">What it is.</param>
/// <param name="Address">The address as its file spells it.</param>
/// <param name="IsTemporary">True for one of csf.tempban.</param>
internal sealed record CsfBan(Ban Ban, string Address, bool IsTemporary);

/// <summary>
/// Whom CSF keeps out: plain entries of csf.deny and all of csf.tempban. What the operator set as "do not delete", what another file brings, and advanced entries are
/// not taken for bans that could be lifted: csf's own commands do not take them out either. Pure.
/// </summary>
internal static class CsfBans
{
    private const string Denied = "csf.deny";

    /// <summary>All of them.</summary>
    public static ImmutableArray<CsfBan> Of(CsfState state) =>
        [.. CsfList.EntriesOf(state.Deny.Files[0]).Select(OfEntry).OfType<CsfBan>(), .. CsfText.Lines(state.TemporaryBans).Select(line => OfLine(CsfText.Bare(line))).OfType<CsfBan>()];

    /// <summary>What keeps out as well, is not lifted, and touches prefixes.</summary>
    public static IEnumerable<Finding> NotLifted(CsfState state, PrefixSet prefixes)
    {
        foreach (var entry in state.Deny.Entries.Where(entry => entry.Path != CsfPlaces.Deny || OfEntry(entry) is null))
        {
            var reason = (entry.Address, entry.IsForGood) switch
            {
                ({ } address, _) when !prefixes.Overlaps(address) => "",
                (not null, true) => "it is set as \"do not delete\"",
                (not null, _) => "it is in a file of its own",
                _ when entry.Subject.Split('|', ':').Any(field => field.StartsWith("s=", StringComparison.Ordinal) && CsfEntry.ReadAddress(field[2..]) is { } source && prefixes.Overlaps(source)) => "it is an advanced entry",
                _ => "",
            };
            if (reason.Length > 0)
            {
                yield return new Finding("ban-not-ours", Severity.Warning, $"{entry}: it denies what this target lets in and is left alone, because {reason}", "take it out or narrow it");
            }
        }
    }

    /// <summary>The lines of a file without those of bans.</summary>
    public static string Without(string text, IReadOnlySet<Ban> lifted, bool isTemporary) =>
        string.Concat(CsfText.Lines(text).Where(line => (isTemporary ? OfLine(CsfText.Bare(line)) : OfText(CsfText.Bare(line))) is not { } ban || !lifted.Contains(ban.Ban)));

    private static CsfBan? OfText(string line) => line.Trim() is { Length: > 0 } text && text[0] != '#' && !CsfMark.HidesLine(text) ? OfEntry(new CsfEntry(CsfPlaces.Deny, 0, text)) : null;

    private static CsfBan? OfEntry(CsfEntry entry) => entry is { IsForGood: false, Address: { } address } ? new CsfBan(new Ban(address, Denied) { Note = entry.Comment }, entry.Subject, IsTemporary: false) : null;

    // epoch|address|ports|direction|seconds|message
    private static CsfBan? OfLine(string line)
    {
        if (line.Split('|', 6) is not [var since, var text, var ports, var way, var seconds, var message] || CsfEntry.ReadAddress(text) is not { } address)
        {
            return null;
        }

        var start = long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && epoch < 253_402_300_800
            ? $"since {DateTimeOffset.FromUnixTimeSeconds(epoch).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}, "
            : "";
        return new CsfBan(new Ban(address, $"csf.tempban {(ports.Length == 0 ? "all ports" : $"port {ports}")} {way}") { Note = $"{start}for {seconds} s: {message}" }, text, IsTemporary: true);
    }
}
