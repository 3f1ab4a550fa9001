using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using Tmds.DBus.Protocol;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>The system bus behind a socket. This file and <see cref="BusBody"/> know the library that speaks D-Bus. Connects with the first call, and again when the bus was restarted.</summary>
public sealed class SystemBus : ISystemBus
{
    /// <summary>Where the bus of a host listens (D-Bus specification, "System message bus").</summary>
    public const string DefaultSocket = "/run/dbus/system_bus_socket";

    private readonly string _socket;
    private readonly uint? _user;
    private readonly Lock _gate = new();
    private Task<DBusConnection>? _connection;

    /// <summary>The bus that listens on a socket.</summary>
    public SystemBus(string socket = DefaultSocket)
        : this(socket, user: null)
    {
    }

    /// <summary>The bus behind a socket that another host's bus takes for one of this user there.</summary>
    internal SystemBus(string socket, uint? user) => (_socket, _user) = (socket, user);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<BusValue>> CallAsync(BusCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        var connection = await ConnectAsync(cancellationToken);
        try
        {
            // Messages of one connection arrive in the order in which they were sent.
            var witnesses = call.Witnesses.Select(witness => TellAsync(connection, witness)).ToList();
            var answer = await SendAsync(connection, call).WaitAsync(call.Timeout, cancellationToken);
            return witnesses.Count == 0 ? answer : [.. await Task.WhenAll(witnesses).WaitAsync(call.Timeout, cancellationToken), .. answer];
        }
        catch (DBusErrorReplyException error)
        {
            throw Translate(call, error);
        }
        catch (TimeoutException slow)
        {
            throw new HostException(HostFailure.TimedOut, $"{call.Service} did not answer {call} within {call.Timeout.TotalSeconds:0} s", slow);
        }
        catch (DBusExceptionBase lost)
        {
            Drop(connection);
            throw new HostException(HostFailure.TimedOut, $"the system bus was lost before {call.Service} answered {call}: {lost.Message}", lost);
        }
    }

    /// <summary>Waits for signals of a service: calls back at each, on another thread, until cancelled. Returns when the bus was lost.</summary>
    public async Task ListenAsync(string service, Action begun, Action<string> heard, CancellationToken cancellationToken)
    {
        using var connection = await OpenAsync().WaitAsync(cancellationToken);
        using var match = await connection.AddMatchAsync(
            new MatchRule { Type = MessageType.Signal, Sender = service },
            static (message, _) => message.MemberAsString ?? "",
            (Notification<string> signal) =>
            {
                if (signal.HasValue)
                {
                    heard(signal.Value);
                }
            },
            emitOnCapturedContext: false,
            ObserverFlags.EmitOnOwnerChanged,
            null);
        begun();
        await connection.DisconnectedAsync().WaitAsync(cancellationToken);
    }

    private static Task<ImmutableArray<BusValue>> SendAsync(DBusConnection connection, BusCall call) =>
        connection.CallMethodAsync(Write(connection, call), static (message, _) => BusBody.Read(message), null);

    private static async Task<BusValue> TellAsync(DBusConnection connection, BusCall witness)
    {
        try
        {
            return new BusStruct(await SendAsync(connection, witness));
        }
        catch (DBusExceptionBase)
        {
            return new BusStruct([]);
        }
    }

    private async ValueTask<DBusConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        Task<DBusConnection> connecting;
        lock (_gate)
        {
            connecting = _connection is { IsFaulted: false, IsCanceled: false } current ? current : _connection = OpenAsync();
        }

        var connection = await connecting.WaitAsync(cancellationToken);
        if (!connection.DisconnectedAsync().IsCompleted)
        {
            return connection;
        }

        Drop(connection);
        lock (_gate)
        {
            connecting = _connection ??= OpenAsync();
        }

        return await connecting.WaitAsync(cancellationToken);
    }

    private async Task<DBusConnection> OpenAsync()
    {
        var connection = new DBusConnection(new AsUser($"unix:path={_socket}", _user));
        try
        {
            await connection.ConnectAsync();
            return connection;
        }
        catch (Exception unreachable) when (unreachable is DBusExceptionBase or IOException or System.Net.Sockets.SocketException)
        {
            connection.Dispose();
            throw new HostException(HostFailure.NotFound, $"no system bus answers at {_socket}", unreachable);
        }
    }

    private void Drop(DBusConnection connection)
    {
        lock (_gate)
        {
            if (_connection is { IsCompletedSuccessfully: true } current && ReferenceEquals(current.Result, connection))
            {
                _connection = null;
            }
        }

        connection.Dispose();
    }

    private static MessageBuffer Write(DBusConnection connection, BusCall call)
    {
        var writer = connection.GetMessageWriter();
        var signature = string.Concat(call.Arguments.Select(argument => argument.Signature));
        writer.WriteMethodCallHeader(call.Service, call.Path, call.Interface, call.Method, signature.Length == 0 ? null : signature, MessageFlags.NoAutoStart);
        foreach (var argument in call.Arguments)
        {
            BusBody.Write(ref writer, argument);
        }

        return writer.CreateMessage();
    }

    // What the bus itself says when a call does not reach its service, or its answer does not come back (D-Bus specification; dbus-protocol.h).
    private static Exception Translate(BusCall call, DBusErrorReplyException error) => error.ErrorName switch
    {
        "org.freedesktop.DBus.Error.ServiceUnknown" or "org.freedesktop.DBus.Error.NameHasNoOwner" =>
            new HostException(HostFailure.NotFound, $"nobody has the name {call.Service} on the system bus: the service does not run", error),
        "org.freedesktop.DBus.Error.AccessDenied" => new HostException(HostFailure.Denied, $"the system bus does not let this user call {call}", error),
        "org.freedesktop.DBus.Error.NoReply" or "org.freedesktop.DBus.Error.Timeout" or "org.freedesktop.DBus.Error.Disconnected" =>
            new HostException(HostFailure.TimedOut, $"{call.Service} went away before it answered {call}", error),
        var name => new BusException(name, error.ErrorMessage, error),
    };

    // Who we say that we are (EXTERNAL): behind a forwarded socket the bus sees the user of its own host.
    private sealed class AsUser(string address, uint? user) : DBusConnectionOptions(address)
    {
        protected override async ValueTask<SetupResult> SetupAsync(CancellationToken cancellationToken)
        {
            var setup = await base.SetupAsync(cancellationToken);
            if (user is { } number)
            {
                setup.UserId = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            return setup;
        }
    }
}
