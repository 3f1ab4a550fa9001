namespace AllowlistSync.Configuration.Shapes;

/// <summary>The texts of the configuration, each with its check and, for the schema, its pattern.</summary>
internal static class Texts
{
    private const string NameRule = "a name of letters, digits, . _ - (a letter first, at most 32)";

    private const string ListenPattern = "([0-9.]+|localhost|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}";

    internal static TextShape Name { get; } = new(NameRule, TextChecks.Name) { Pattern = "^[A-Za-z][A-Za-z0-9._-]{0,31}$" };

    internal static TextShape GroupName { get; } = new(NameRule + ", but not local", TextChecks.GroupName) { Pattern = "^(?!local$)[A-Za-z][A-Za-z0-9._-]{0,31}$" };

    internal static TextShape Duration { get; } = new("a number and a unit (s, m, h, d), such as 72h, up to 3650d", TextChecks.Duration) { Pattern = DurationText.Pattern };

    internal static TextShape Url { get; } = new("https://HOST/PATH", UrlCheck.Check) { Pattern = "^[Hh][Tt][Tt][Pp][Ss]?://" };

    internal static TextShape Prefix { get; } = new("a prefix such as 198.51.100.0/24 or 2001:db8::/32", TextChecks.Prefix) { Pattern = "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$" };

    internal static TextShape Cron { get; } = new("a Quartz cron expression, such as \"0 0/15 * * * ?\"", TextChecks.Cron);

    internal static TextShape TimeZone { get; } = new("a time zone of the IANA database, such as Europe/Berlin or UTC", TextChecks.TimeZone);

    internal static TextShape Host { get; } = new("local, ssh://user@host, or the name of a group of hosts", HostText.Check) { Pattern = HostText.Pattern };

    internal static TextShape Address { get; } = new("ssh://user@host", HostText.CheckAddress) { Pattern = HostText.AddressPattern };

    internal static TextShape Listen { get; } = new("ADDRESS:PORT, such as 127.0.0.1:9521 or [::1]:9521, or off", ListenText.Check) { Pattern = $"^(off|{ListenPattern})$" };

    internal static TextShape ListenAddress { get; } = new("ADDRESS:PORT, such as 127.0.0.1:9521 or [::1]:9521", ListenText.CheckAddress) { Pattern = $"^{ListenPattern}$" };

    internal static TextShape Smtp { get; } = new("HOST:PORT, such as mail.example.com:587", SmtpText.Check) { Pattern = "^[^/@ ]+:[0-9]{1,5}$" };

    internal static TextShape MailAddress { get; } = new("an address such as ops@example.com", MailAddressText.Check) { Pattern = "^[^@ ]+@[^@ ]+$" };

    internal static TextShape File { get; } = new("the path of a file");

    internal static TextShape Argument { get; } = new("a program or an argument");

    internal static TextShape UserName { get; } = new("a user name");

    internal static TextShape JsonPath { get; } = new("a path such as prefixes[].ip");

    internal static TextShape State { get; } = new("a directory, or a PostgreSQL connection string without a password", TextChecks.State);

    internal static TextShape Repository { get; } = new("an address that git understands, such as https://git.example.org/ops/infra.git", GitChecks.Repository);

    internal static TextShape Branch { get; } = new("a branch name such as main", GitChecks.Branch) { Pattern = "^[A-Za-z0-9][A-Za-z0-9._/-]*$" };

    internal static TextShape ForgeRepository { get; } = new("OWNER/NAME", GitChecks.ForgeRepository) { Pattern = "^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)+$" };

    internal static TextShape FileInRepository { get; } = new("a path inside the repository, such as nginx/realip.conf", GitChecks.FileInRepository) { Pattern = "^[^/]" };

    internal static TextShape Format { get; } = new("the name of a format, such as nginx-realip", TextChecks.Format) { Pattern = "^[a-z][a-z0-9-]*$" };

    internal static TextShape DottedKey { get; } = new("a dotted key, such as firewall.allow");

    internal static TextShape Document { get; } = new("KIND/NAME, such as NetworkPolicy/web", TextChecks.OneLine);

    internal static TextShape AppId { get; } = new("the number or the client id of the App", TextChecks.OneLine) { Pattern = "^[A-Za-z0-9._-]+$" };

    internal static TextShape PersonName { get; } = new("a name, without < and >", GitChecks.Person);

    internal static TextShape Mailbox { get; } = new("an address such as bot@example.com", GitChecks.Person);

    internal static TextShape SigningKey { get; } = new("the path of a private key for ssh, or the id of a key for openpgp", GitChecks.NoOption);

    internal static TextShape Title { get; } = new("one line of text", TextChecks.OneLine);

    internal static TextShape Reviewer { get; } = new("a login name, or team:NAME", GitChecks.NoOption);

    internal static TextShape Block { get; } = new(NameRule, TextChecks.Name) { Pattern = Name.Pattern };
}
