namespace AllowlistSync.Configuration;

/// <summary>Writes one receiver of messages.</summary>
internal static class NotifyWriter
{
    internal static void Write(YamlText yaml, NotifyConfig receiver)
    {
        yaml.Text("type", receiver.Type);
        switch (receiver)
        {
            case WebhookNotifyConfig webhook:
                yaml.Text("url", webhook.Url.ToString());
                yaml.Text("secret", webhook.Key?.ToString());
                break;
            case ChatNotifyConfig chat:
                yaml.Text("url", chat.Url.ToString());
                break;
            case EmailNotifyConfig email:
                Write(yaml, email);
                break;
            case ExecNotifyConfig exec:
                yaml.Texts("command", exec.Command);
                yaml.Text("timeout", DurationText.Print(exec.Timeout));
                break;
        }

        yaml.Texts("on", receiver.On);
    }

    private static void Write(YamlText yaml, EmailNotifyConfig email)
    {
        yaml.Text("smtp", email.Smtp);
        yaml.Text("tls", email.Tls switch { MailTls.Implicit => "implicit", MailTls.None => "none", _ => "starttls" });
        yaml.Text("from", email.From);
        yaml.Texts("to", email.To);
        yaml.Text("username", email.Username);
        yaml.Text("password", email.Password?.ToString());
    }
}
