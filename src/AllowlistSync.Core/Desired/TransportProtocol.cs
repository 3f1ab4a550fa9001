namespace AllowlistSync.Core.Desired;

/// <summary>The transport of a port. <see cref="Any"/> stands for targets in which something else (an operator's rule) decides about ports.</summary>
public enum TransportProtocol
{
    /// <summary>Whatever the target's own rule says; never mixed with the others in one set.</summary>
    Any,

    /// <summary>TCP, the transport of HTTP/1.1 and HTTP/2.</summary>
    Tcp,

    /// <summary>UDP, the transport of HTTP/3.</summary>
    Udp,
}
