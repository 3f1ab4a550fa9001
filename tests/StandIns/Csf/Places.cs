namespace AllowlistSync.StandIns.Csf;

/// <summary>Where CSF keeps its things.</summary>
internal static class Places
{
    public const string Configuration = "/etc/csf/csf.conf";
    public const string Allow = "/etc/csf/csf.allow";
    public const string Deny = "/etc/csf/csf.deny";
    public const string Ignore = "/etc/csf/csf.ignore";
    public const string Disabled = "/etc/csf/csf.disable";
    public const string Error = "/etc/csf/csf.error";
    public const string Version = "/etc/csf/version.txt";
    public const string Lock = "/var/lib/csf/csf.lock";
    public const string RestartWanted = "/var/lib/csf/csf.restart";
    public const string Crontab = "/etc/crontab";

    /// <summary>The script that starts lfd where PID 1 is not systemd.</summary>
    public const string LfdScript = "/etc/init.d/lfd";

    public const string LfdLog = "/var/log/lfd.log";

    /// <summary>The stand-in's own: what lfd read of csf.ignore when it was started, as the real one keeps in its memory.</summary>
    public const string LfdMemory = "/var/lib/csf/stand-in.ignored";

    /// <summary>The process id of a running lfd.</summary>
    public const string LfdPid = "/run/lfd.pid";
}
