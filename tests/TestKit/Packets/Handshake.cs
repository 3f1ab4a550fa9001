using System.Net;

namespace AllowlistSync.TestKit;

/// <summary>How far the handshake of a TCP connection came.</summary>
public enum Handshake
{
    /// <summary>All three packets passed: the server got the connection.</summary>
    Accepted,

    /// <summary>The first packet was answered with a reset or an ICMP error.</summary>
    Refused,

    /// <summary>The first packet was not answered, and no socket saw it.</summary>
    TimedOut,

    /// <summary>The first packet reached the listening socket, and its answer was lost on the way out.</summary>
    NoReply,

    /// <summary>The client believes that it is connected, and the server never learns it: the third packet was lost.</summary>
    Half,
}

/// <summary>A connection to try.</summary>
/// <param name="Source">The address it comes from; the origin's address of the same family is called.</param>
/// <param name="Port">The port that is called.</param>
public sealed record HandshakeProbe(IPAddress Source, int Port)
{
    /// <inheritdoc />
    public override string ToString()
    {
        return $"{Source} -> {Port}";
    }
}

/// <summary>A connection and how far it came.</summary>
/// <param name="Probe">The connection.</param>
/// <param name="Handshake">How far it came.</param>
public sealed record HandshakeResult(HandshakeProbe Probe, Handshake Handshake)
{
    /// <summary>Of an accepted connection: the address and port of the server's end, behind any translation.</summary>
    public IPEndPoint? Reached { get; init; }

    /// <summary>Of a refused connection: the error that the client got.</summary>
    public string? Error { get; init; }

    /// <summary>Set when a second try of the same connection went differently; the result is that of the second.</summary>
    public bool IsFlaky { get; init; }

    /// <summary>Such as <c>104.16.0.0 -> 443: Accepted by 192.0.2.2:8443</c>.</summary>
    public override string ToString()
    {
        return $"{Probe}: {Handshake}{(Reached is null ? "" : $" by {Reached}")}{(Error is null ? "" : $" ({Error})")}{(IsFlaky ? ", not always" : "")}";
    }
}

/// <summary>How long to wait for answers.</summary>
/// <param name="First">In the first try.</param>
/// <param name="Second">In the second, of what was neither accepted nor refused. Both are below 1 s, when the kernel repeats the first packet.</param>
public sealed record HandshakeBudget(TimeSpan First, TimeSpan Second)
{
    /// <summary>Enough on a machine that has other work, and short enough for hundreds of rule sets.</summary>
    public static HandshakeBudget Quick { get; } = new(TimeSpan.FromMilliseconds(60), TimeSpan.FromMilliseconds(120));

    /// <summary>For what must be certain.</summary>
    public static HandshakeBudget Patient { get; } = new(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(800));
}
