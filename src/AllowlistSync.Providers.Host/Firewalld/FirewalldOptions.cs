using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>The settings of a firewalld target, checked: one zone, or a policy for all of them.</summary>
public sealed record FirewalldOptions
{
    // max_zone_name_len in firewall/functions.py of firewalld 1.3.3.
    private const int LongestZoneName = 17;

    /// <summary>The zone; null for a policy from ANY zone to the HOST.</summary>
    public string? Zone { get; private init; }

    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields { get; } =
    [
        new("zone", SettingType.Text, "The zone of the interface through which Cloudflare comes (`firewall-cmd --get-active-zones`).", "public"),
        new("policy", SettingType.Choice, "In place of a zone: a policy of our own that holds for all zones.", "true") { Choices = ["true", "false"] },
    ];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var problems = ImmutableArray.CreateBuilder<SettingProblem>();
        var (zone, isPolicy) = (settings["zone"], settings["policy"] == "true");
        if (zone is not null && isPolicy)
        {
            problems.Add(new SettingProblem("", "both `zone` and `policy: true` are given", "give `zone` (that zone only), or `policy: true` (all zones)"));
        }
        else if (zone is null && !isPolicy)
        {
            problems.Add(new SettingProblem("", "neither `zone` nor `policy: true` is given", "give `zone: public` (that zone only; `firewall-cmd --get-active-zones` shows yours), or `policy: true` (all zones)"));
        }

        if (zone is not null && !IsZoneName(zone))
        {
            problems.Add(new SettingProblem("zone", $"`{zone}` is not a name of a zone", $"letters, digits, `_` and `-`, at most {LongestZoneName} characters: `firewall-cmd --get-zones` lists yours"));
        }

        return problems.ToImmutable();
    }

    /// <summary>The checked settings; throws for settings that <see cref="Check"/> complains about.</summary>
    public static FirewalldOptions From(ProviderSettings settings) => Check(settings).IsEmpty
        ? new FirewalldOptions { Zone = settings["zone"] }
        : throw new ArgumentException("settings must be checked first", nameof(settings));

    /// <summary>Where our permanent rules stand.</summary>
    public FirewalldPlace Place(FirewalldMark mark) => Zone is null ? FirewalldPlace.Policy(mark.Policy) : FirewalldPlace.Zone(Zone);

    /// <summary>The settings of a place, for a proposal.</summary>
    public static ProviderSettings For(string? zone) => new()
    {
        Values = zone is null ? ProviderSettings.None.Values.Add("policy", "true") : ProviderSettings.None.Values.Add("zone", zone),
    };

    // A zone may be kept in a subdirectory, then its name holds a slash (firewalld.zones(5)).
    private static bool IsZoneName(string name) =>
        name.Length is > 0 and <= LongestZoneName && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '/') && name[0] != '/' && name[^1] != '/';
}
