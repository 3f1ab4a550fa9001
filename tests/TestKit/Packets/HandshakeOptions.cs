using System.Net;

namespace AllowlistSync.TestKit;

/// <summary>What a <see cref="HandshakeLab" /> looks like.</summary>
public sealed record HandshakeOptions
{
    /// <summary>The ports that somebody listens on, in both families.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [80, 443, 8443];

    /// <summary>Interfaces beside <c>lo</c> and <c>eth0</c>, without addresses, so that rules that name them load.</summary>
    public IReadOnlyList<string> ExtraInterfaces { get; init; } = ["eth1", "wg0"];

    /// <summary>When set, nobody listens on the origin itself but in a container behind it, and the origin forwards.</summary>
    public HandshakeContainer? Container { get; init; }
}

/// <summary>A container behind the origin.</summary>
/// <param name="Interface">The origin's interface to it, such as <c>docker0</c>.</param>
/// <param name="Gateway">The origin's address on that interface; /24 for IPv4, /64 for IPv6.</param>
/// <param name="Address">The container's address.</param>
public sealed record HandshakeContainer(string Interface, IPAddress Gateway, IPAddress Address)
{
    /// <summary>As Docker makes it: 172.17.0.2 behind docker0.</summary>
    public static HandshakeContainer Docker { get; } = new("docker0", IPAddress.Parse("172.17.0.1"), IPAddress.Parse("172.17.0.2"));

    internal int Length => Address.GetAddressBytes().Length == 4 ? 24 : 64;
}
