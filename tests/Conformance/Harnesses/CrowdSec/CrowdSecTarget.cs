using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Conformance.Harnesses.CrowdSec;

/// <summary>A crowdsec in a sandbox of its own: the real one, or a stand-in.</summary>
public sealed class CrowdSecTarget : SandboxTarget
{
    /// <summary>A program of the real one.</summary>
    public const string RealProgram = $"{CrowdSecSetup.Package}/usr/bin/cscli";

    private const string File = "/etc/crowdsec/parsers/s02-enrich/allowlist-sync+als-test+web.yaml";
    private const string List = "allowlist-sync+als-test+web";

    // Everything below /etc/crowdsec but our file, and who is banned; nobody listens for a moment while a reload is going on.
    private const string Listing = """
        find /etc/crowdsec -type f ! -name 'allowlist-sync+als-test+web.yaml' ! -name '*.tmp' -printf '%p %m %U %G ' -exec md5sum {} \; | sort
        echo == decisions
        n=0; until cscli decisions list -a -l 0 -o json > /run/decisions.json 2>/dev/null; do n=$((n+1)); [ $n -lt 200 ] || { tail -n 20 /var/log/crowdsec.log >&2; exit 1; }; sleep 0.2; done
        { grep '"value"' /run/decisions.json || true; } | sort -u
        """;

    private readonly CrowdSecKind _kind;

    private CrowdSecTarget(CrowdSecKind kind, SandboxPlace place)
        : base(place) => _kind = kind;

    /// <summary>Starts a host with a crowdsec and, unless told otherwise, a service manager.</summary>
    public static async Task<CrowdSecTarget> StartAsync(CrowdSecKind kind, bool readsLogs, bool isManaged, CancellationToken cancellationToken)
    {
        var target = new CrowdSecTarget(kind, await SandboxPlace.OpenAsync(listens: false, cancellationToken));
        var sandbox = target.Sandbox;
        await target.ShellAsync(kind == CrowdSecKind.Real ? CrowdSecSetup.Real(readsLogs) : CrowdSecSetup.Fake(kind == CrowdSecKind.Old), cancellationToken);
        if (isManaged)
        {
            await target.ShellAsync(CrowdSecSetup.ServiceManager, cancellationToken);
        }

        return target;
    }

    /// <inheritdoc/>
    protected override string TakeToolAway => "mv /usr/bin/cscli /usr/bin/cscli.away";

    /// <inheritdoc/>
    public override bool IsWrite(HostCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Arguments is ["allowlists", not "list", ..] or ["decisions", not "list", ..] or ["reload", ..];
    }

    /// <inheritdoc/>
    public override async Task<string> ForeignAsync(CancellationToken cancellationToken) =>
        await ShellAsync(Listing, cancellationToken) + (_kind == CrowdSecKind.New ? string.Join('\n', (await ShellAsync("grep -e ^list -e ^item /var/lib/crowdsec/standin.state", cancellationToken)).Split('\n').Where(IsForeign)) : "");

    /// <inheritdoc/>
    public override async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) =>
        await ShellAsync(_kind == CrowdSecKind.New ? OnLists(change) : OnFiles(change), cancellationToken);

    private static string OnFiles(ForeignChange change) => change switch
    {
        // An operator who takes files away while crowdsec reads them ends it; this one looks first.
        ForeignChange.Reload or ForeignChange.RemoveOurs => $"{CrowdSecSetup.Settled}rm -f {File}; mkdir -p /etc/crowdsec/parsers/s02-enrich; systemctl reload crowdsec.service",
        ForeignChange.RemovePlace => CrowdSecSetup.Settled + "rm -r /etc/crowdsec/parsers/s02-enrich",
        ForeignChange.TakeOurName => $"printf 'name: mine\\ndescription: mine\\nwhitelist:\\n  reason: mine\\n  cidr:\\n    - \"9.9.9.0/24\"\\n' > {File}",
        ForeignChange.Edit => "until cscli decisions add --ip 198.51.100.77; do sleep 0.2; done; printf 'name: mine/lab\\ndescription: mine\\nwhitelist:\\n  reason: mine\\n  cidr:\\n    - \"192.0.2.0/24\"\\n' > /etc/crowdsec/parsers/s02-enrich/lab.yaml",
        ForeignChange.Settle => ":",
        _ => throw new NotSupportedException($"{change} has no meaning for a whitelist file"),
    };

    private static string OnLists(ForeignChange change) => change switch
    {
        ForeignChange.Reload or ForeignChange.RemoveOurs => $"cscli allowlists delete {List} || true",
        ForeignChange.RemovePlace => "printf 'flag\\tdisabled\\t1\\n' >> /var/lib/crowdsec/standin.state",
        ForeignChange.TakeOurName => $"cscli allowlists create {List} -d mine; cscli allowlists add {List} 9.9.9.0/24",
        ForeignChange.TagEntries => $"cscli allowlists remove {List} 131.0.72.0/22; cscli allowlists add {List} 131.0.73.0/24 -d kept; cscli allowlists add {List} 203.0.113.7 -d guest",
        ForeignChange.AddUnreadable => $"cscli allowlists add {List} 192.0.2.0/24 -d als-test/web -e 30d",
        ForeignChange.Edit => "cscli decisions add --ip 198.51.100.77; cscli allowlists add mine 192.0.2.7",
        ForeignChange.Settle => ":",
        _ => throw new NotSupportedException($"{change} has no meaning for an allowlist"),
    };

    // Entries with our comment and without an end are ours, and so is the list with our description.
    private static bool IsForeign(string line) => !line.StartsWith($"list\t{List}\tkept by allowlist-sync (owner als-test, target web)\t", StringComparison.Ordinal)
        && !(line.StartsWith($"item\t{List}\t", StringComparison.Ordinal) && line.EndsWith("\tals-test/web\t0001-01-01T00:00:00.000Z", StringComparison.Ordinal));
}
