using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>The settings of a fail2ban target.</summary>
/// <param name="Jails">The jails that it keeps; empty for all.</param>
/// <param name="Socket">The socket of the server; null for fail2ban's own default.</param>
public sealed record Fail2BanOptions(ImmutableArray<string> Jails, string? Socket)
{
    /// <summary>The word for all jails.</summary>
    public const string All = "all";

    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields { get; } =
    [
        new("jails", SettingType.Texts, "The jails that shall ignore the ranges: all, or a list of names. Default: all, also those that are enabled later.", "[sshd, nginx-http-auth]"),
        new("socket", SettingType.Path, "The socket of the server, where it is not fail2ban's default.", "/run/fail2ban/fail2ban.sock"),
    ];

    /// <summary>True for a jail that the target keeps.</summary>
    public bool Keeps(string jail) => Jails.IsEmpty || Jails.Contains(jail);

    /// <summary>The options that settings mean.</summary>
    public static Fail2BanOptions Of(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var jails = settings.List("jails");
        return new(jails.Contains(All) ? [] : jails, settings["socket"]);
    }

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var jails = settings.List("jails");
        return
        [
            .. jails.Where(jail => !JailName.IsValid(jail)).Select(jail => new SettingProblem("jails", $"\"{jail}\" cannot be the name of a jail", "write the name as `fail2ban-client status` shows it")),
            .. jails.Contains(All) && jails.Length > 1 ? [new SettingProblem("jails", "all jails and some of them are named", "write all, or the names")] : ImmutableArray<SettingProblem>.Empty,
        ];
    }
}
