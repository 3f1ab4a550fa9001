using System.Globalization;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>Where a host is reached: <c>ssh://[user@]host[:port]</c>.</summary>
/// <param name="User">Who signs in; null for what the configuration of ssh says.</param>
/// <param name="Host">A name, an address without brackets, or a name of ssh's own configuration.</param>
/// <param name="Port">The port; null for what the configuration of ssh says.</param>
public sealed record SshAddress(string? User, string Host, int? Port)
{
    /// <summary>What every such address begins with.</summary>
    public const string Scheme = "ssh://";

    /// <summary>Reads an address whose form was checked.</summary>
    public static SshAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = text.StartsWith(Scheme, StringComparison.Ordinal) ? text[Scheme.Length..] : throw new FormatException($"{text} is not an address of the form ssh://user@host:port");
        var at = rest.LastIndexOf('@');
        var place = rest[(at + 1)..];
        var colon = place.IndexOf(':', place.IndexOf(']', StringComparison.Ordinal) + 1);
        var host = colon < 0 ? place : place[..colon];
        return new(at < 0 ? null : rest[..at], host.Trim('[', ']'), colon < 0 ? null : int.Parse(place[(colon + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>Host and port as the address has them, without the user: what tells the hosts of a group apart.</summary>
    public string Place => (Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host) + (Port is { } port ? $":{port}" : "");

    /// <summary>The address as it is written in a configuration.</summary>
    public override string ToString() => $"{Scheme}{(User is null ? "" : User + "@")}{Place}";
}

/// <summary>How a host is signed in to.</summary>
public sealed record SshOptions
{
    /// <summary>As root or as the user of the address, with the keys that ssh finds by itself.</summary>
    public static SshOptions Default { get; } = new();

    /// <summary>Set when everything is done as root by <c>sudo -n</c>.</summary>
    public bool Sudo { get; init; }

    /// <summary>The private key; null for those of the agent and of ssh's configuration.</summary>
    public string? IdentityFile { get; init; }

    /// <summary>How long signing in may take, from the first packet to the first answer of the host's shell.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
