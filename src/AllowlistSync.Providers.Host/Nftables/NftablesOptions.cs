using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A named set of the operator: <c>inet filter cf4</c>.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Name">Its name.</param>
public sealed record NftSetName(NftTable Table, string Name)
{
    /// <summary>As nft writes it.</summary>
    public override string ToString() => $"{Table} {Name}";
}

/// <summary>The settings of an nftables target, checked. Either the rule way (<see cref="Table"/> and <see cref="Chain"/>) or the set way (the sets).</summary>
public sealed record NftablesOptions
{
    /// <summary>Rule way: the table of the operator.</summary>
    public NftTable? Table { get; private init; }

    /// <summary>Rule way: the chain of the operator that filters what comes in.</summary>
    public string? Chain { get; private init; }

    /// <summary>Set way: the operator's set for IPv4.</summary>
    public NftSetName? IPv4Set { get; private init; }

    /// <summary>Set way: the operator's set for IPv6.</summary>
    public NftSetName? IPv6Set { get; private init; }

    /// <summary>A saved <c>nft -j list ruleset</c> to look at in place of the kernel; such a target is never written.</summary>
    public string? Ruleset { get; private init; }

    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields { get; } =
    [
        new("table", SettingType.Text, "Rule way: family and name of your table.", "inet filter"),
        new("chain", SettingType.Text, "Rule way: your chain that filters what comes in; the jump to our own chain is placed there.", "input"),
        new("sets", SettingType.Mapping, "Set way: your own named sets, whose whole content is kept by us; nothing else is touched.", "")
        {
            Fields =
            [
                new("ipv4", SettingType.Text, "Family, table and name of the set for IPv4.", "inet filter cf4"),
                new("ipv6", SettingType.Text, "Family, table and name of the set for IPv6.", "inet filter cf6"),
            ],
        },
        new("ruleset", SettingType.Path, "A saved `nft -j list ruleset` to look at in place of the kernel; needs mode: report.", "/tmp/ruleset.json"),
    ];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings) => Read(settings).Problems;

    /// <summary>The checked settings; throws for settings that <see cref="Check"/> complains about.</summary>
    public static NftablesOptions From(ProviderSettings settings) =>
        Read(settings) is { Problems.IsEmpty: true } read
            ? read.Options
            : throw new ArgumentException("settings must be checked first", nameof(settings));

    private static (NftablesOptions Options, ImmutableArray<SettingProblem> Problems) Read(ProviderSettings settings)
    {
        var problems = ImmutableArray.CreateBuilder<SettingProblem>();
        var options = new NftablesOptions
        {
            Table = ReadTable(settings, problems),
            Chain = Name(settings, "chain", problems),
            IPv4Set = SetName(settings, "sets.ipv4", problems),
            IPv6Set = SetName(settings, "sets.ipv6", problems),
            Ruleset = settings["ruleset"],
        };
        var rule = settings["table"] is not null || settings["chain"] is not null;
        var set = settings["sets.ipv4"] is not null || settings["sets.ipv6"] is not null;
        if (rule == set)
        {
            problems.Add(new SettingProblem("", rule ? "both ways are given" : "neither way is given", "give `table` and `chain` (we add a jump to a chain of our own), or `sets` (we keep your own sets filled)"));
        }
        else if (rule && (settings["table"] is null || settings["chain"] is null))
        {
            problems.Add(new SettingProblem("", "the rule way needs `table` and `chain`", "for example `table: inet filter`, `chain: input`"));
        }

        return (options, problems.ToImmutable());
    }

    private static NftTable? ReadTable(ProviderSettings settings, ImmutableArray<SettingProblem>.Builder problems)
    {
        if (settings["table"] is not { } text)
        {
            return null;
        }

        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var family, var name] && IsFamily(family) && IsName(name))
        {
            return new NftTable(family, name);
        }

        problems.Add(new SettingProblem("table", $"`{text}` is not a table that can be used", "write family (inet, ip or ip6) and name: `inet filter`"));
        return null;
    }

    private static string? Name(ProviderSettings settings, string key, ImmutableArray<SettingProblem>.Builder problems)
    {
        var text = settings[key];
        if (text is null || IsName(text))
        {
            return text;
        }

        problems.Add(new SettingProblem(key, $"`{text}` is not a name of nftables", "letters, digits, `/`, `-`, `_` and `.`, starting with a letter or `_`"));
        return null;
    }

    private static NftSetName? SetName(ProviderSettings settings, string key, ImmutableArray<SettingProblem>.Builder problems)
    {
        if (settings[key] is not { } text)
        {
            return null;
        }

        if (text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var family, var table, var name] && IsFamily(family) && IsName(table) && IsName(name))
        {
            return new NftSetName(new NftTable(family, table), name);
        }

        problems.Add(new SettingProblem(key, $"`{text}` is not a set that can be used", "write family (inet, ip or ip6), table and name: `inet filter cf4`"));
        return null;
    }

    private static bool IsFamily(string text) => text is "inet" or "ip" or "ip6";

    // The scanner of nft (src/scanner.l): ({letter}|[_.])({letter}|{digit}|[/\-_.])*. Nothing else may reach a script of ours.
    internal static bool IsName([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 255 } && (char.IsAsciiLetter(text[0]) || text[0] is '_' or '.')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');
}
