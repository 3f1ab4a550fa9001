using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Notifying.Receivers;

/// <summary>The only place that knows every kind of receiver.</summary>
internal static class ReceiverTable
{
    private static readonly IReadOnlyDictionary<string, string> s_none = ImmutableDictionary<string, string>.Empty;

    /// <summary>How a receiver is called in logs and by <c>notify test</c>: <c>notify[0] (webhook)</c>. Its address is a secret.</summary>
    public static string NameOf(int index, NotifyConfig config) => $"notify[{index}] ({config.Type})";

    /// <summary>Makes a receiver of its configuration; opens nothing.</summary>
    public static IReceiver Create(NotifyConfig config, TimeProvider time) => config switch
    {
        WebhookNotifyConfig { Key: { } key } webhook => new HttpReceiver(webhook.Url, NoticeJson.Write, body => Signature.Headers(key, body, time), time),
        WebhookNotifyConfig webhook => new HttpReceiver(webhook.Url, NoticeJson.Write, _ => s_none, time),
        ChatNotifyConfig chat => new HttpReceiver(chat.Url, PayloadOf(chat.Vendor), _ => s_none, time),
        EmailNotifyConfig email => new EmailReceiver(email),
        ExecNotifyConfig exec => new ExecReceiver(exec, new LocalHost()),
        _ => throw new ArgumentOutOfRangeException(nameof(config), config.Type, "a type of receiver without a line here"),
    };

    private static Func<Outgoing, byte[]> PayloadOf(ChatVendor vendor) => vendor switch
    {
        ChatVendor.Teams => TeamsPayload.Write,
        ChatVendor.Discord => DiscordPayload.Write,
        _ => SlackPayload.Write,
    };
}
