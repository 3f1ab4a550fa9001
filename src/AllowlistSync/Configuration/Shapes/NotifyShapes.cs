namespace AllowlistSync.Configuration.Shapes;

/// <summary>The table of those who are told.</summary>
internal static class NotifyShapes
{
    private static readonly Key Type = new("type", new ChoiceShape(["webhook", "slack", "teams", "discord", "email", "exec"]), "How it is told.") { Required = true };

    private static readonly Key On = new("on", new ListShape(new ChoiceShape(NotifyConfig.AllEvents), 1), "The events that are told. Default: all.");

    private static readonly Key Url = new("url", SecretShape.Instance, "The webhook; all of it is secret. Plain http only to loopback.") { Required = true };

    internal static VariantShape Receiver { get; } = new("type", "type of receiver",
    [
        new("webhook", new(
        [
            Type, Url,
            new("secret", SecretShape.Instance, "The key of the signature (HMAC-SHA256). Default: messages are not signed."),
            On,
        ])),
        new("slack", new([Type, Url, On])),
        new("teams", new([Type, Url, On])),
        new("discord", new([Type, Url, On])),
        new("email", new(
        [
            Type,
            new("smtp", Texts.Smtp, "The mail server.") { Required = true },
            new("tls", new ChoiceShape(["starttls", "implicit", "none"]), "How the connection is kept private; none only to loopback. Default: starttls."),
            new("from", Texts.MailAddress, "The sender.") { Required = true },
            new("to", new ListShape(Texts.MailAddress, 1), "The recipients.") { Required = true },
            new("username", Texts.UserName, "Who signs in. Default: nobody."),
            new("password", SecretShape.Instance, "The password."),
            On,
        ])),
        new("exec", new(
        [
            Type,
            new("command", new ListShape(Texts.Argument, 1), "The program and its arguments; it gets the message as JSON on its standard input.") { Required = true },
            new("timeout", Texts.Duration, "How long it may take, up to 10m. Default: 30s."),
            On,
        ])),
    ]);
}
