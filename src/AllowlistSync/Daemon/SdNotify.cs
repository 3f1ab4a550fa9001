using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AllowlistSync.Daemon;

/// <summary>Tells systemd how the daemon stands (sd_notify(3)): a datagram to the socket in NOTIFY_SOCKET. Silent where there is none.</summary>
internal sealed class SdNotify : IDisposable
{
    private readonly Socket? _socket;

    /// <summary>The notifier of this process.</summary>
    public SdNotify()
        : this(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"))
    {
    }

    /// <summary>A notifier that speaks to a socket; null for none. A name that begins with @ is an abstract one (unix(7)).</summary>
    public SdNotify(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            // A manager that does not listen learns nothing; that is no reason not to work.
            _socket.Dispose();
            _socket = null;
        }
    }

    /// <summary>How often systemd wants to hear from us (WATCHDOG_USEC, sd_watchdog_enabled(3)); null when it does not.</summary>
    public static TimeSpan? WatchdogInterval { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
        && (Environment.GetEnvironmentVariable("WATCHDOG_PID") is not { } pid || pid == Environment.ProcessId.ToString(CultureInfo.InvariantCulture))
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    /// <summary>The daemon works.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={status}");

    /// <summary>It reads its configuration again; <see cref="Ready"/> ends that. The time is CLOCK_MONOTONIC, as Type=notify-reload demands.</summary>
    public void Reloading() => Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Environment.TickCount64 * 1000}"));

    /// <summary>It ends.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=ending the runs that go on");

    /// <summary>It is alive.</summary>
    public void Alive() => Send("WATCHDOG=1");

    /// <summary>One line for `systemctl status`.</summary>
    public void Status(string status) => Send($"STATUS={status}");

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    private void Send(string state)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException)
        {
            // As above: systemd notices by itself that nothing comes.
            return;
        }
    }
}
