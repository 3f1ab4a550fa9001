using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Tests.Configuration;

/// <summary>A provider table of two for the tests; the shipped schema and configuration are tested with the program's own.</summary>
internal static class TestProviders
{
    internal static IReadOnlyList<ProviderRegistration> All { get; } =
    [
        Of("nftables", "Sets and rules of nftables.", CheckNftables,
            new("table", SettingType.Text, "The family and name of the table.", "inet filter"),
            new("chain", SettingType.Text, "The chain that gets the rule.", "input"),
            new("sets", SettingType.Mapping, "Sets of your own that are filled.", "")
            {
                Fields =
                [
                    new("ipv4", SettingType.Text, "The set for IPv4.", "inet filter cf4"),
                    new("ipv6", SettingType.Text, "The set for IPv6.", "inet filter cf6"),
                ],
            },
            new("ruleset", SettingType.Text, "A saved rule set to start from.", "/etc/nftables.conf")),
        Of("ufw", "Rules of ufw.", _ => []),
    ];

    /// <summary>One that bans, and whose settings are lists.</summary>
    internal static IReadOnlyList<ProviderRegistration> Banning { get; } =
    [
        new(
            DescriptorOf("jailer", "Jails.", new SettingField("jails", SettingType.Texts, "The jails.", "[sshd, web]"), new SettingField("socket", SettingType.Path, "The socket.", "/run/jailer.sock")) with { HoldsBans = true },
            _ => [],
            (_, _) => throw new NotSupportedException("a configuration is read without making a provider"),
            (_, _) => throw new NotSupportedException("a configuration is read without looking at a host")),
        .. All,
    ];

    private static ProviderDescriptor DescriptorOf(string name, string summary, params ImmutableArray<SettingField> fields) =>
        new() { Name = name, Summary = summary, Atomicity = Atomicity.Transaction, Features = [], Limits = [], Settings = fields };

    private static ProviderRegistration Of(string name, string summary, Func<ProviderSettings, ImmutableArray<SettingProblem>> check, params ImmutableArray<SettingField> fields) =>
        new(
            DescriptorOf(name, summary, fields),
            check,
            (_, _) => throw new NotSupportedException("a configuration is read without making a provider"),
            (_, _) => throw new NotSupportedException("a configuration is read without looking at a host"));

    private static ImmutableArray<SettingProblem> CheckNftables(ProviderSettings settings)
    {
        if (settings["table"] is null && settings["sets.ipv4"] is null && settings["sets.ipv6"] is null)
        {
            return [new("", "neither a table nor sets are named", "write table and chain, or sets")];
        }

        return settings["table"] is { } table && !table.Contains(' ', StringComparison.Ordinal)
            ? [new("table", "the family is missing", "write the family and the name, such as inet filter")]
            : [];
    }
}
