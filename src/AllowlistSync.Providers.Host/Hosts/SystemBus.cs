using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using Tmds.DBus.Protocol;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>The system bus behind a socket. The one file that knows the library that speaks D-Bus. Connects with the first call, and again when the bus was restarted.</summary>
public sealed class SystemBus : ISystemBus
{
    /// <summary>Where the bus of a host listens (D-Bus specification, "System message bus").</summary>
    public const string DefaultSocket = "/run/dbus/system_bus_socket";

    private readonly string _socket;
    private readonly Lock _gate = new();
    private Task<DBusConnection>? _connection;

    /// <summary>The bus that listens on a socket.</summary>
    public SystemBus(string socket = DefaultSocket) => _socket = socket;

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
        var connection = new DBusConnection($"unix:path={_socket}");
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

    /// <summary>Values to bytes and back; recursive, as types are.</summary>
    private static class BusBody
    {
        public static ImmutableArray<BusValue> Read(Message message)
        {
            var reader = message.GetBodyReader();
            var values = ImmutableArray.CreateBuilder<BusValue>();
            var signature = message.SignatureIsSet ? message.SignatureAsString : "";
            for (var at = 0; at < signature!.Length;)
            {
                var end = EndOf(signature, at);
                values.Add(Read(ref reader, signature[at..end]));
                at = end;
            }

            return values.ToImmutable();
        }

        public static void Write(ref MessageWriter writer, BusValue value)
        {
            switch (value)
            {
                case BusText text: writer.WriteString(text.Text); break;
                case BusPath path: writer.WriteObjectPath(path.Path); break;
                case BusNumber number: writer.WriteInt32(checked((int)number.Number)); break;
                case BusFlag flag: writer.WriteBool(flag.IsSet); break;
                case BusVariant variant: writer.WriteSignature(variant.Value.Signature); Write(ref writer, variant.Value); break;
                case BusStruct fields: writer.WriteStructureStart(); WriteAll(ref writer, fields.Fields); break;
                case BusList list: WriteList(ref writer, list); break;
                case BusMap map: WriteMap(ref writer, map); break;
                default: throw new NotSupportedException($"{value.GetType().Name} cannot be sent");
            }
        }

        private static void WriteAll(ref MessageWriter writer, ImmutableArray<BusValue> values)
        {
            foreach (var value in values)
            {
                Write(ref writer, value);
            }
        }

        private static void WriteList(ref MessageWriter writer, BusList list)
        {
            var start = writer.WriteArrayStart(TypeOf(list.ItemSignature));
            WriteAll(ref writer, list.Items);
            writer.WriteArrayEnd(start);
        }

        private static void WriteMap(ref MessageWriter writer, BusMap map)
        {
            var start = writer.WriteDictionaryStart();
            foreach (var (key, item) in map.Items)
            {
                writer.WriteDictionaryEntryStart();
                writer.WriteString(key);
                Write(ref writer, item);
            }

            writer.WriteDictionaryEnd(start);
        }

        private static BusValue Read(ref Reader reader, string signature) => signature[0] switch
        {
            's' => new BusText(reader.ReadString()),
            'g' => new BusText(reader.ReadSignatureAsString()),
            'o' => new BusPath(reader.ReadObjectPathAsString()),
            'b' => new BusFlag(reader.ReadBool()),
            'y' => new BusNumber(reader.ReadByte()),
            'n' => new BusNumber(reader.ReadInt16()),
            'q' => new BusNumber(reader.ReadUInt16()),
            'i' => new BusNumber(reader.ReadInt32()),
            'u' => new BusNumber(reader.ReadUInt32()),
            'x' => new BusNumber(reader.ReadInt64()),
            'v' => new BusVariant(Read(ref reader, reader.ReadSignatureAsString())),
            '(' => ReadStruct(ref reader, signature[1..^1]),
            'a' when signature[1] == '{' => ReadMap(ref reader, signature[2..^1]),
            'a' => ReadList(ref reader, signature[1..]),
            _ => throw new FormatException($"a value of the type {signature} is not understood"),
        };

        private static BusStruct ReadStruct(ref Reader reader, string signature)
        {
            reader.AlignStruct();
            var fields = ImmutableArray.CreateBuilder<BusValue>();
            for (var at = 0; at < signature.Length;)
            {
                var end = EndOf(signature, at);
                fields.Add(Read(ref reader, signature[at..end]));
                at = end;
            }

            return new BusStruct(fields.ToImmutable());
        }

        private static BusList ReadList(ref Reader reader, string item)
        {
            var items = ImmutableArray.CreateBuilder<BusValue>();
            var end = reader.ReadArrayStart(TypeOf(item));
            while (reader.HasNext(end))
            {
                items.Add(Read(ref reader, item));
            }

            return new BusList(item, items.ToImmutable());
        }

        private static BusMap ReadMap(ref Reader reader, string pair)
        {
            var items = ImmutableSortedDictionary.CreateBuilder<string, BusValue>(StringComparer.Ordinal);
            var end = reader.ReadDictionaryStart();
            while (reader.HasNext(end))
            {
                reader.AlignStruct();
                var key = Read(ref reader, pair[..1]);
                items[key is BusText text ? text.Text : $"{key}"] = Read(ref reader, pair[1..]);
            }

            return new BusMap(pair[1..], items.ToImmutable());
        }

        private static DBusType TypeOf(string signature) => signature[0] == '(' ? DBusType.Struct : (DBusType)signature[0];

        // The end of the one complete type that begins there.
        private static int EndOf(string signature, int at)
        {
            while (signature[at] == 'a')
            {
                at++;
            }

            var depth = 0;
            do
            {
                depth += signature[at] is '(' or '{' ? 1 : signature[at] is ')' or '}' ? -1 : 0;
                at++;
            }
            while (depth > 0);
            return at;
        }
    }
}
