using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Rules;

/// <summary>What breaks a condition that <see cref="Sane"/> asks of a receiver of messages.</summary>
internal static class NotifyRules
{
    /// <summary>The keys with what is wrong with them.</summary>
    internal static IEnumerable<(string Key, Fault Fault)> Faults(NotifyConfig receiver) => receiver switch
    {
        EmailNotifyConfig email => Faults(email),
        ExecNotifyConfig exec => Faults(exec),
        _ => [],
    };

    private static IEnumerable<(string Key, Fault Fault)> Faults(EmailNotifyConfig email)
    {
        if (!Sane.HasWholeSignIn(email))
        {
            yield return email.Password is null
                ? ("username", new("a user name without a password cannot sign in", "add password: { file: PATH }, or remove username"))
                : ("password", new("a password without a user name cannot sign in", "add username, or remove password"));
        }

        if (!Sane.IsMailPrivate(email))
        {
            yield return ("tls", new("tls: none is for a mail server on loopback only: anyone on the way could read and change the messages", "write tls: starttls (port 587) or tls: implicit (port 465)"));
        }
    }

    private static IEnumerable<(string Key, Fault Fault)> Faults(ExecNotifyConfig exec)
    {
        if (!Sane.IsProgram(exec.Command))
        {
            yield return ("command[0]", new($"\"{Shown.Of(exec.Command[0])}\" depends on the directory in which allowlist-sync is started", "write the whole path of the program, or a name without /"));
        }

        if (!Sane.IsTimeout(exec.Timeout))
        {
            yield return ("timeout", new("a program cannot be given that time", "write 1s to 10m"));
        }
    }
}
