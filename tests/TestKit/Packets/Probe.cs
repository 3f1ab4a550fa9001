using System.Net;

namespace AllowlistSync.TestKit;

/// <summary>One TCP connection to try.</summary>
/// <param name="Source">The address it comes from, of either family; the origin's address of the same family is called.</param>
/// <param name="Port">The port of the origin.</param>
public sealed record Probe(IPAddress Source, int Port);

/// <summary>What became of a connection.</summary>
public enum Verdict
{
    /// <summary>It was established.</summary>
    Accepted,

    /// <summary>It was answered with a reset or an ICMP error.</summary>
    Refused,

    /// <summary>It was not answered. An ICMPv6 reject looks the same for 1 s, as the kernel drops the error while the socket is locked.</summary>
    Dropped,
}

/// <summary>A connection and what became of it.</summary>
public sealed record ProbeResult(Probe Probe, Verdict Verdict)
{
    /// <summary>Refused or dropped: for IPv6, do not tell these apart.</summary>
    public bool IsBlocked => Verdict != Verdict.Accepted;

    /// <summary>Such as <c>104.16.0.0 -> 443: Accepted</c>.</summary>
    public override string ToString()
    {
        return $"{Probe.Source} -> {Probe.Port}: {Verdict}";
    }
}
