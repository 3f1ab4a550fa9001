using System.Collections.Immutable;
using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the records of those who are told.</summary>
internal sealed class NotifyBuilder(SecretReader secrets)
{
    internal ImmutableArray<NotifyConfig> Build(YamlMap root) =>
        [.. root.Items("notify").Select((item, index) => Build(item as YamlMap, NodePath.Root.Of("notify").At(index)))];

    private NotifyConfig Build(YamlMap? map, NodePath path)
    {
        NotifyConfig receiver = map.Text("type") switch
        {
            "slack" => new ChatNotifyConfig(ChatVendor.Slack, Url(map, path)),
            "teams" => new ChatNotifyConfig(ChatVendor.Teams, Url(map, path)),
            "discord" => new ChatNotifyConfig(ChatVendor.Discord, Url(map, path)),
            "email" => Email(map, path),
            "exec" => Exec(map),
            _ => new WebhookNotifyConfig(Url(map, path)) { Key = secrets.Read(map?["secret"], path.Of("secret")) },
        };
        return map?["on"] is YamlList ? receiver with { On = [.. map.Texts("on").Distinct(StringComparer.Ordinal)] } : receiver;
    }

    private Secret Url(YamlMap? map, NodePath path) => secrets.Read(map?["url"], path.Of("url"), UrlCheck.CheckSecret) ?? new Secret("");

    private EmailNotifyConfig Email(YamlMap? map, NodePath path) => new()
    {
        Smtp = map.Text("smtp") ?? "",
        Tls = map.Text("tls") switch { "implicit" => MailTls.Implicit, "none" => MailTls.None, _ => MailTls.StartTls },
        From = map.Text("from") ?? "",
        To = [.. map.Texts("to").Distinct(StringComparer.Ordinal)],
        Username = map.Text("username"),

        // A password that could not be read was reported where it stands, and is no password that is missing.
        Password = secrets.Read(map?["password"], path.Of("password")) ?? (map?["password"] is null ? null : new Secret("")),
    };

    private static ExecNotifyConfig Exec(YamlMap? map)
    {
        var exec = new ExecNotifyConfig([.. map.Texts("command")]);
        return exec with { Timeout = map.Duration("timeout", exec.Timeout) };
    }
}
