using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>How crowdsec's programs end badly (captured from 1.4.6; what is said of allowlists is from test/bats/cscli-allowlists.bats of 1.7): the other half of <see cref="CrowdSecTool"/>.</summary>
internal static class CrowdSecErrors
{
    private const string NobodyListens = "connection refused";
    private const string NotKnownYet = "incorrect Username or Password";

    private const string Afresh = "the next run reads crowdsec afresh";
    private const string RunAsRoot = "run as root: crowdsec's credentials and files belong to root";

    /// <summary>True for what cscli says for a moment while crowdsec starts or loads its configuration: nobody listens, or nobody is known to its local API yet (both seen with 1.4.6).</summary>
    public static bool IsPassing(string error) => error.Contains(NobodyListens, StringComparison.Ordinal) || error.Contains(NotKnownYet, StringComparison.Ordinal);

    /// <summary>Of cscli.</summary>
    public static ProgramErrors Cscli { get; } = new()
    {
        Messages =
        [
            new("permission denied", FailureKind.Permission, RunAsRoot),
            new("operation not permitted", FailureKind.Permission, RunAsRoot),
            new(NobodyListens, FailureKind.Unavailable, "start crowdsec (`systemctl start crowdsec`), or see why its local API does not answer (`cscli lapi status`)"),
            new(NotKnownYet, FailureKind.Unavailable, "crowdsec may just be loading its configuration: run again; if it stays, its credentials are wrong (`cscli machines list`, /etc/crowdsec/local_api_credentials.yaml)"),
            new("local API is disabled", FailureKind.Unavailable, "run this on the machine that has crowdsec's local API: allowlists are kept there"),
            new("no such file or directory", FailureKind.Unavailable, "set crowdsec up (`cscli machines add -a` makes the credentials of this machine)"),
            new("managed by console", FailureKind.Conflict, "crowdsec's console took over an allowlist with our name: rename it there, or give this target another name or owner"),
            new("already exists", FailureKind.Conflict, "another run made the allowlist at the same moment: run again"),
            new("not found", FailureKind.Conflict, "somebody took the allowlist away since it was read: run again"),
            new("unable to apply allowlists", FailureKind.Transient, "run again") { MayBeDone = true },
            new("database is locked", FailureKind.Transient, "run again"),
        ],
        Unknown = "this message of cscli is not known to us: please report it together with `cscli version`",
        Install = "install crowdsec, or do without a target for it",
        Afresh = Afresh,
    };

    /// <summary>Of <c>crowdsec -t</c>: whatever it says is about the configuration.</summary>
    public static ProgramErrors Test { get; } = new()
    {
        Messages =
        [
            new("permission denied", FailureKind.Permission, RunAsRoot),
            new("operation not permitted", FailureKind.Permission, RunAsRoot),
            new("", FailureKind.Conflict, $"mend what the message names until `{CrowdSecDaemon.Test}` is content: with this configuration crowdsec would not start again"),
        ],
        Unknown = "",
        Install = "install crowdsec, or do without a target for it",
        Afresh = Afresh,
    };

    /// <summary>Of systemctl.</summary>
    public static ProgramErrors Service { get; } = new()
    {
        Messages = [new("", FailureKind.Unavailable, $"see `systemctl status {CrowdSecDaemon.Unit}`")],
        Unknown = "",
        Install = "install systemd",
        Afresh = Afresh,
    };
}
