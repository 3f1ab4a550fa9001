using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Ufw;

namespace AllowlistSync.Providers.Host.Tests.Ufw;

/// <summary>What ufw and iptables really wrote.</summary>
internal static class UfwGolden
{
    public static Target Target { get; } = Make("als-test");

    public static UfwMark Mark { get; } = UfwMark.Of(Target);

    public static string Rules { get; } = Text("ufw.user.rules");

    public static string Rules6 { get; } = Text("ufw.user6.rules");

    public static string Save { get; } = Text("ufw.iptables-nft-save");

    /// <summary>ufw as the golden files have it, with another file or listing where one is given.</summary>
    public static UfwState State(string? rules = null, string? save = null, string? rules6 = null, bool isEnabled = true) => new(
        isEnabled,
        HasIPv6: true,
        UfwBackend.Nft,
        new UfwFamily(IpFamily.IPv4, UfwReader.ReadRules(rules ?? Rules, IpFamily.IPv4), UfwReader.ReadChain(save ?? Save, IpFamily.IPv4, "iptables-nft-save")),
        new UfwFamily(IpFamily.IPv6, UfwReader.ReadRules(rules6 ?? Rules6, IpFamily.IPv6), null));

    public static ObservedState Observe(UfwState state) => UfwObservation.Of(state, Target);

    public static string Text(string name) => UfwRulesFile.Decode(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", name)));

    private static Target Make(string name)
    {
        _ = Owner.TryCreate(name, out var owner);
        return new Target { Name = "web", Provider = "ufw", Allow = [], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner! };
    }
}
