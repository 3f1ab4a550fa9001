using System.Net.Sockets;
using System.Security.Authentication;
using AllowlistSync.Core.State;
using Npgsql;

namespace AllowlistSync.Postgres.Connecting;

/// <summary>Says in an operator's words what the database, or the way to it, answered. Texts of the server are shown by their message alone: details may quote what was written.</summary>
internal static class PostgresFailures
{
    private const string NothingChanges = "nothing is changed in a firewall as long as its state cannot be kept";

    /// <summary>True for what this table knows.</summary>
    public static bool Knows(Exception failure) => failure is NpgsqlException or SocketException or TimeoutException or IOException;

    /// <summary>True when the connection, and not what was asked, is to blame.</summary>
    public static bool IsPassing(Exception failure) => failure switch
    {
        // Shut down, crashed, starting, broken off, lost a deadlock.
        PostgresException server => server.SqlState is "57P01" or "57P02" or "57P03" or "40001" or "40P01" || server.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { IsTransient: true } => true,
        _ => failure is SocketException or IOException,
    };

    /// <summary>The failure as the rest of the program knows it.</summary>
    public static StateException Tell(Exception failure, string place)
    {
        var (message, remedy) = failure switch
        {
            PostgresException server => Answer(server),
            _ when failure is TimeoutException || failure.InnerException is TimeoutException => ("did not answer in time", $"see whether it is overloaded or the network loses packets; it is tried again by the next run, and {NothingChanges}"),
            _ when failure is SocketException || failure.InnerException is SocketException => ($"cannot be reached: {(failure.InnerException as SocketException ?? failure).Message}", $"start PostgreSQL, or mend the address in `state`, a firewall on the way, or listen_addresses; it is tried again by the next run, and {NothingChanges}"),
            { InnerException: AuthenticationException tls } => ($"and this machine cannot agree on TLS: {tls.Message}", $"with SSL Mode=VerifyFull or VerifyCA, name the authority of the server's certificate by Root Certificate=PATH in the connection string, and the server as its certificate does; {NothingChanges}"),
            NpgsqlException { IsTransient: false } when failure.Message.Contains("password", StringComparison.OrdinalIgnoreCase) => ("asks for a password, and the connection string holds none", "put the connection string with Password=... into a file of mode 0600 and name it with `state: { file: PATH }`"),
            _ => ($"broke off the connection: {failure.Message}", $"see the log of PostgreSQL; it is tried again by the next run, and {NothingChanges}"),
        };
        return new StateException($"{place} {message}", remedy, failure);
    }

    private static (string Message, string Remedy) Answer(PostgresException server) => server.SqlState switch
    {
        "28P01" or "28000" => ($"does not let this program in: {server.MessageText}", "mend user and password in the connection string, or pg_hba.conf on the server"),
        "3D000" => ($"is not there: {server.MessageText}", "create it, as a user who may: `createdb --owner=USER DATABASE`, with the user and the database of the connection string"),
        "42501" => ($"does not permit it: {server.MessageText}", "let the user of the connection string own the database (`ALTER DATABASE name OWNER TO user`), or let it create in it (`GRANT CREATE ON DATABASE name TO user`)"),
        "25006" => ("is read-only, as a standby is, and nothing can be kept in it", $"name the primary server in `state` (several hosts: add Target Session Attributes=primary); {NothingChanges}"),
        "57P01" or "57P02" => ("was shut down in the middle of the work", $"start PostgreSQL again; it is tried again by the next run, and {NothingChanges}"),
        "57P03" => ($"is not ready yet: {server.MessageText}", "wait until it has started; it is tried again by the next run"),
        "53300" => ("has no connection to spare", "raise max_connections on the server, or set Maximum Pool Size in the connection string to less"),
        "53100" => ("has no room on its disk", $"make room on the disk of the server; {NothingChanges}"),
        "42P01" or "3F000" => ($"lacks a table of this program: {server.MessageText}", "restore it from a backup, or drop the schema (`DROP SCHEMA allowlist_sync CASCADE`) and start again: the next runs are first runs then"),
        "57014" or "55P03" => ("took too long", "see which session holds a lock (pg_stat_activity); it is tried again by the next run"),
        _ => ($"refused: {server.MessageText} ({server.SqlState})", $"see the log of PostgreSQL; {NothingChanges}"),
    };
}
