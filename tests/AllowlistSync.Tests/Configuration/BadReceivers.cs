namespace AllowlistSync.Tests.Configuration;

/// <summary>Files whose receivers of messages are wrong.</summary>
internal static class BadReceivers
{
    private const string Mail = "type: email, smtp: \"mail.example.com:587\", from: a@example.com, to: [b@example.com]";

    internal static IEnumerable<ConfigCase> All =>
    [
        new("an unknown type of receiver", BySchema.Refused, Notify("type: slak, url: { env: HOOK }"),
            "7:13: notify[0].type: unknown type of receiver \"slak\"; did you mean \"slack\"?"),
        new("a key of another type of receiver", BySchema.Refused, Notify("type: slack, url: { env: HOOK }, secret: { env: TOKEN }"),
            "7:40: notify[0]: unknown key \"secret\"; write one of: type, url, on"),
        new("a receiver without an address", BySchema.Refused, Notify("type: teams"),
            "7:5: notify[0]: the key \"url\" is missing; add url: { file: PATH } or { env: NAME }"),
        new("a mail server without a port", BySchema.Refused, Notify("type: email, smtp: mail.example.com, from: a@example.com, to: [b@example.com]"),
            "7:26: notify[0].smtp: \"mail.example.com\" is not a mail server with a port; write HOST:PORT, such as mail.example.com:587"),
        new("mail addresses that are none", BySchema.Refused, Notify("type: email, smtp: \"localhost:25\", from: Sync <a@example.com>, to: [b]"),
            "7:48: notify[0].from: \"Sync <a@example.com>\" is not a mail address; write an address such as ops@example.com",
            "7:75: notify[0].to[0]: \"b\" is not a mail address; write an address such as ops@example.com"),
        new("mail without TLS over a network", BySchema.Accepted, Notify(Mail + ", tls: none"),
            "7:97: notify[0].tls: tls: none is for a mail server on loopback only: anyone on the way could read and change the messages; write tls: starttls (port 587) or tls: implicit (port 465)"),
        new("a user name without a password", BySchema.Accepted, Notify(Mail + ", username: x"),
            "7:102: notify[0].username: a user name without a password cannot sign in; add password: { file: PATH }, or remove username"),
        new("a password without a user name", BySchema.Accepted, Notify(Mail + ", password: { env: TOKEN }"),
            "7:102: notify[0].password: a password without a user name cannot sign in; add username, or remove password"),
        new("a password as it is", BySchema.Refused, Notify(Mail + ", username: x, password: hunter2"),
            "7:115: notify[0].password: a secret is written here as it is; put it into a file or a variable and write { file: PATH } or { env: NAME }; then change the secret, for this file may have been seen"),
        new("a program by a relative path that never ends", BySchema.Accepted, Notify("type: exec, command: [./tell], timeout: 1h"),
            "7:29: notify[0].command[0]: \"./tell\" depends on the directory in which allowlist-sync is started; write the whole path of the program, or a name without /",
            "7:47: notify[0].timeout: a program cannot be given that time; write 1s to 10m"),
        new("a program as a shell line", BySchema.Refused, Notify("type: exec, command: tell me"),
            "7:28: notify[0].command: a single value stands here; write a list in [ ] with at least one item"),
    ];

    private static string Notify(string entry) => BadConfigs.Top + "notify:\n  - { " + entry + " }\n";
}
