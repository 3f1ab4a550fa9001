using AllowlistSync.Core.State;
using Npgsql;

namespace AllowlistSync.Postgres.Connecting;

/// <summary>Reads what an operator writes to name a database: <c>Host=...;Database=...</c>, or an address such as <c>postgres://user@host:5432/database?sslmode=require</c>.</summary>
internal static class ConnectionText
{
    // A node that waits longer for its memory than its lease lasts has lost the lease anyway.
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int MostConnections = 20;

    /// <summary>The settings of the connection; what the operator set stays. Throws <see cref="StateException"/>, which never shows the text, as it may hold a password.</summary>
    public static NpgsqlConnectionStringBuilder Read(string text)
    {
        try
        {
            var settings = text.Contains("://", StringComparison.Ordinal) ? OfAddress(text) : new NpgsqlConnectionStringBuilder(text);
            settings.Timeout = settings.ContainsKey("Timeout") ? settings.Timeout : ConnectSeconds;
            settings.CommandTimeout = settings.ContainsKey("Command Timeout") ? settings.CommandTimeout : CommandSeconds;
            settings.MaxPoolSize = settings.ContainsKey("Maximum Pool Size") ? settings.MaxPoolSize : MostConnections;
            settings.ApplicationName ??= "allowlist-sync";
            settings.IncludeErrorDetail = false;
            settings.PersistSecurityInfo = false;
            return settings;
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            // The exception may quote the text, so it is not handed on.
            throw new StateException("state: the connection string is not one that can be read; it is not shown, as it may hold a password", "write it as Host=db.example.org;Database=allowlist_sync;Username=allowlist_sync;Password=... or as postgres://user:password@host:5432/database");
        }
    }

    /// <summary>Which database that is, without who signs in and how.</summary>
    public static string PlaceOf(NpgsqlConnectionStringBuilder settings) => $"PostgreSQL database {settings.Database ?? settings.Username} on {settings.Host}{(settings.Port == NpgsqlConnection.DefaultPort ? "" : $":{settings.Port}")}";

    private static NpgsqlConnectionStringBuilder OfAddress(string text)
    {
        var address = new Uri(text);
        if (address.Scheme is not ("postgres" or "postgresql"))
        {
            throw new FormatException();
        }

        var who = address.UserInfo.Split(':', 2);
        var settings = new NpgsqlConnectionStringBuilder { Host = address.Host, Database = Uri.UnescapeDataString(address.AbsolutePath.TrimStart('/')) };
        settings.Port = address.Port > 0 ? address.Port : settings.Port;
        settings.Username = who[0].Length > 0 ? Uri.UnescapeDataString(who[0]) : null;
        settings.Password = who.Length > 1 ? Uri.UnescapeDataString(who[1]) : null;
        foreach (var pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)))
        {
            settings[NameOf(pair[0])] = Uri.UnescapeDataString(pair.Length > 1 ? pair[1] : "");
        }

        return settings;
    }

    // The names of libpq, where they are others.
    private static string NameOf(string name) => name switch
    {
        "sslmode" => "SSL Mode",
        "sslrootcert" => "Root Certificate",
        "sslcert" => "SSL Certificate",
        "sslkey" => "SSL Key",
        "application_name" => "Application Name",
        "connect_timeout" => "Timeout",
        "host" => "Host",
        _ => Uri.UnescapeDataString(name),
    };
}
