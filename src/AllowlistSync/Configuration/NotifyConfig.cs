using System.Collections.Immutable;
using AllowlistSync.Core;

namespace AllowlistSync.Configuration;

/// <summary>Who is told of what.</summary>
public abstract record NotifyConfig
{
    private protected NotifyConfig()
    {
    }

    /// <summary>The events there are.</summary>
    public static ImmutableArray<string> AllEvents { get; } = ["refused", "failed", "blocked", "drift", "changed", "stale"];

    /// <summary>The word in the file: <c>webhook</c>, <c>slack</c>, <c>teams</c>, <c>discord</c>, <c>email</c> or <c>exec</c>.</summary>
    public abstract string Type { get; }

    /// <summary>The events that are told.</summary>
    public ImmutableArray<string> On { get; init; } = AllEvents;
}

/// <summary>A web address that gets our own JSON.</summary>
/// <param name="Url">The address; part of it is mostly a token, so all of it is secret.</param>
public sealed record WebhookNotifyConfig(Secret Url) : NotifyConfig
{
    /// <inheritdoc/>
    public override string Type => "webhook";

    /// <summary>The key of the signature; null for messages without one.</summary>
    public Secret? Key { get; init; }
}

/// <summary>A chat that gets its vendor's own format.</summary>
/// <param name="Vendor">Whose.</param>
/// <param name="Url">The address of its webhook; it is a token as a whole.</param>
public sealed record ChatNotifyConfig(ChatVendor Vendor, Secret Url) : NotifyConfig
{
    /// <inheritdoc/>
    public override string Type => Vendor switch { ChatVendor.Teams => "teams", ChatVendor.Discord => "discord", _ => "slack" };
}

/// <summary>The chats that are known.</summary>
public enum ChatVendor
{
    /// <summary>Slack, by an incoming webhook.</summary>
    Slack,

    /// <summary>Microsoft Teams, by the webhook of a workflow.</summary>
    Teams,

    /// <summary>Discord, by a channel's webhook.</summary>
    Discord,
}

/// <summary>Electronic mail.</summary>
public sealed record EmailNotifyConfig : NotifyConfig
{
    /// <inheritdoc/>
    public override string Type => "email";

    /// <summary>The mail server, <c>HOST:PORT</c>.</summary>
    public required string Smtp { get; init; }

    /// <summary>How the connection is kept private.</summary>
    public MailTls Tls { get; init; } = MailTls.StartTls;

    /// <summary>The sender.</summary>
    public required string From { get; init; }

    /// <summary>The recipients.</summary>
    public required ImmutableArray<string> To { get; init; }

    /// <summary>Who signs in; null for nobody.</summary>
    public string? Username { get; init; }

    /// <summary>The password; null exactly when nobody signs in.</summary>
    public Secret? Password { get; init; }
}

/// <summary>How a connection to a mail server is kept private.</summary>
public enum MailTls
{
    /// <summary>TLS begins after STARTTLS, and nothing is sent without it (usually port 587).</summary>
    StartTls,

    /// <summary>TLS from the first byte (usually port 465).</summary>
    Implicit,

    /// <summary>None; only to loopback.</summary>
    None,
}

/// <summary>A program that gets our own JSON on its standard input.</summary>
/// <param name="Command">The program and its arguments; never a shell line.</param>
public sealed record ExecNotifyConfig(ImmutableArray<string> Command) : NotifyConfig
{
    /// <summary>No program is waited for longer.</summary>
    public static TimeSpan LongestTimeout { get; } = TimeSpan.FromMinutes(10);

    /// <inheritdoc/>
    public override string Type => "exec";

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
