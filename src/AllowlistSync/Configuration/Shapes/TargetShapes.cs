using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>The table of targets: common keys, and the settings of each provider.</summary>
internal static class TargetShapes
{
    private static readonly ImmutableArray<Key> Common =
    [
        new("name", Texts.Name, "The name of the target; unique.") { Required = true },
        new("host", Texts.Host, "The machine of the firewall: local, ssh://user@host, or the name of a group of hosts, for each of which the target then stands. Default: local."),
        new("allow", new ListShape(Texts.Name, 1), "The names of the sources that are let in.") { Required = true },
        new("ports", new ListShape(new PortShape(), 1), "The ports that are opened; TCP unless 443/udp. Default: 80 and 443."),
        new("mode", new ChoiceShape(["apply", "propose", "report"]), "What may be done. Default: apply."),
        new("onBlocked", new ChoiceShape(["fail", "rollback", "report", "ignore"]), "What happens when a proof finds wanted traffic blocked: the run fails, fails and undoes its change, only reports it, or nothing is proved. Default: fail."),
        new("policy", new ChoiceShape(["sync", "addOnly"]), "Which differences are acted upon. Default: sync."),
    ];

    private static readonly Key LiftBans = new("liftBans", new ChoiceShape(["true", "false"]), "Whether bans inside of what is allowed are lifted. Default: true.");

    /// <summary>A target of any of the providers.</summary>
    internal static VariantShape Target(IReadOnlyList<ProviderRegistration> providers)
    {
        var provider = new Key("provider", new ChoiceShape([.. providers.Select(registration => registration.Descriptor.Name)]), "The kind of firewall.") { Required = true };
        return new("provider", "provider", [.. providers.Select(registration => Of(registration.Descriptor, provider))]);
    }

    private static Variant Of(ProviderDescriptor descriptor, Key provider) =>
        new(descriptor.Name, new([.. Common, provider, .. descriptor.HoldsBans ? [LiftBans] : ImmutableArray<Key>.Empty, new("settings", new MapShape(Fields(descriptor.Settings)), descriptor.Summary)]));

    private static ImmutableArray<Key> Fields(ImmutableArray<SettingField> fields) =>
        [.. fields.Select(field => new Key(field.Name, ShapeOf(field), field.Doc))];

    private static Shape ShapeOf(SettingField field) => field.Type switch
    {
        SettingType.Mapping => new MapShape(Fields(field.Fields)),
        SettingType.Choice => new ChoiceShape(field.Choices),
        SettingType.Texts => new TextsShape(field.Example),
        _ => new SettingShape(field.Example),
    };
}
