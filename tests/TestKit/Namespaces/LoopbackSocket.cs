using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace AllowlistSync.TestKit;

/// <summary>A socket for a server of a test, on the loopback of this machine or of a sandbox.</summary>
public static class LoopbackSocket
{
    /// <summary>One that is bound to a free port.</summary>
    /// <param name="sandbox">Where; null for this machine. The kernel binds a socket to the network of the thread that made it, so that a server may use it from any thread.</param>
    public static async Task<Socket> BindAsync(Sandbox? sandbox) => sandbox is null ? Bind() : await sandbox.Net.RunAsync(Bind);

    /// <summary>Lets a server listen at it.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="socket">A bound socket.</param>
    public static void ListenAt(this WebApplicationBuilder builder, Socket socket)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options => options.Listen((IPEndPoint)socket.LocalEndPoint!));
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = _ => socket);
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }
}
