using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Whether prefixes are kept in sets.</summary>
public enum IpsetUse
{
    /// <summary>When the program <c>ipset</c> is there.</summary>
    Auto,

    /// <summary>Always; without <c>ipset</c> nothing can be done.</summary>
    Always,

    /// <summary>Never: one rule for each prefix.</summary>
    Never,
}

/// <summary>The settings of an iptables target, checked.</summary>
public sealed record IptablesOptions
{
    /// <summary>The operator's chain that gets our jump.</summary>
    public string Chain { get; private init; } = "INPUT";

    /// <summary>The engine; null for the one or both that hold rules.</summary>
    public IptablesEngine? Backend { get; private init; }

    /// <summary>Whether prefixes are kept in sets.</summary>
    public IpsetUse Ipset { get; private init; }

    /// <summary>True for Docker's chain for the operator's rules: what passes it was already translated to a container's address and port.</summary>
    public bool IsDocker => Chain == "DOCKER-USER";

    /// <summary>The ports by which rules of the operator's chain may tell a target's packets: after a translation they have the container's, which nobody knows here.</summary>
    public PortSet PortsOf(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return IsDocker ? PortSet.Of(target.Ports.Ranges.Select(range => new PortRange(range.Protocol, 1, ushort.MaxValue))) : target.Ports;
    }

    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields { get; } =
    [
        new("chain", SettingType.Text, "Your chain of the filter table that gets the jump to ours: INPUT (the default), DOCKER-USER for published ports of containers, or one of your own.", "INPUT"),
        new("backend", SettingType.Choice, "The engine: nft, legacy, or auto (the default) for the one that holds rules, or both.", "auto") { Choices = ["auto", "nft", "legacy"] },
        new("ipset", SettingType.Choice, "Whether prefixes are kept in ipsets: auto (the default) when ipset is installed, always, or never (one rule for each prefix).", "auto") { Choices = ["auto", "always", "never"] },
    ];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return
        [
            .. settings["chain"] is { } chain && !IsChain(chain)
                ? [new SettingProblem("chain", $"`{chain}` is not the name of a chain that can be used", "letters, digits, `/`, `-`, `_` and `.`, starting with a letter or `_`, at most 28")]
                : ImmutableArray<SettingProblem>.Empty,
            .. Choice(settings, "backend", "auto", "nft", "legacy"),
            .. Choice(settings, "ipset", "auto", "always", "never"),
        ];
    }

    /// <summary>The checked settings; throws for settings that <see cref="Check"/> complains about.</summary>
    public static IptablesOptions From(ProviderSettings settings) => Check(settings).IsEmpty
        ? new IptablesOptions
        {
            Chain = settings["chain"] ?? "INPUT",
            Backend = settings["backend"] switch { "nft" => IptablesEngine.Nft, "legacy" => IptablesEngine.Legacy, _ => null },
            Ipset = settings["ipset"] switch { "always" => IpsetUse.Always, "never" => IpsetUse.Never, _ => IpsetUse.Auto },
        }
        : throw new ArgumentException("settings must be checked first", nameof(settings));

    private static ImmutableArray<SettingProblem> Choice(ProviderSettings settings, string key, params string[] words) =>
        settings[key] is { } word && !words.Contains(word, StringComparer.Ordinal) ? [new SettingProblem(key, $"`{word}` is none of {string.Join(", ", words)}", $"write one of {string.Join(", ", words)}")] : [];

    // Nothing else may reach a script of ours.
    private static bool IsChain(string text) =>
        text is { Length: > 0 and < 29 } && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.');
}
