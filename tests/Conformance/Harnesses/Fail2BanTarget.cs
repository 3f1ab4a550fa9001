using System.Text.RegularExpressions;
using AllowlistSync.Core.Hosts;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real fail2ban of a sandbox of its own.</summary>
public sealed partial class Fail2BanTarget : SandboxTarget
{
    /// <summary>Where the files of the newer version are.</summary>
    public const string Newer = "/var/cache/allowlist-sync-tests/fail2ban-1.1.1";

    private const string DropIn = "/etc/fail2ban/jail.d/zz-allowlist-sync.local";
    private const string List = "/etc/fail2ban/allowlist-sync.als-test.web.list";

    // Debian's own jail has no log here, and fail2ban would not start; a host without a name service would be asked for its own name.
    private const string Prepare = """
        hostname localhost
        rm -f /etc/fail2ban/jail.d/defaults-debian.conf
        mkdir -p /run/fail2ban
        touch /var/log/web.log /var/log/two.log /var/log/later.log
        nft -f /etc/operator.nft
        """;

    private const string Start = """
        fail2ban-server -b -s /run/fail2ban/fail2ban.sock -p /run/fail2ban/fail2ban.pid --logtarget /var/log/fail2ban.log start >/dev/null
        for try in $(seq 100); do fail2ban-client ping >/dev/null 2>&1 && break; sleep 0.1; done
        fail2ban-client ping >/dev/null
        """;

    // All files but ours with mode, owner and content (those that nobody edits as one), then what each jail ignores and bans.
    private const string Listing = """
        cd /etc/fail2ban
        find action.d filter.d -type f -printf '%p %m %U %G ' -exec md5sum {} \; | sort | md5sum
        find . -maxdepth 1 -type f ! -name 'allowlist-sync.als-test.web.list' -printf '%p %m %U %G ' -exec md5sum {} \; | sort
        find jail.d -type f ! -name 'zz-allowlist-sync.local' ! -name '00-allowlist-sync.conf' -printf '%p %m %U %G ' -exec md5sum {} \; | sort
        printf 'status\nget webtest ignoreip\nbanned\nget two ignoreip\nexit\n' | fail2ban-client -i 2>&1 | awk '/^fail2ban> [A-Z]/{n++} /^fail2ban> \[/{print} n==1&&/Jail list/{print} n>1&&/^[|`]- /{print (n==2?"webtest":"two"), "ignores", $2}' | sort
        """;

    private Fail2BanTarget(SandboxPlace place)
        : base(place)
    {
    }

    /// <summary>True when the newer version is there.</summary>
    public static bool HasNewer => Directory.Exists(Newer);

    /// <summary>Starts a host with two jails that ban a stranger.</summary>
    public static async Task<Fail2BanTarget> StartAsync(bool readsLists, CancellationToken cancellationToken)
    {
        var target = new Fail2BanTarget(await SandboxPlace.OpenAsync(listens: true, cancellationToken));
        var sandbox = target.Sandbox;
        if (readsLists)
        {
            await target.ShellAsync($"cp -a {Newer}/etc/. /etc/; cp -a {Newer}/usr/. /usr/", cancellationToken);
        }

        await sandbox.WriteFileAsync("/etc/operator.nft", Fail2BanOperator.Rules, ct: cancellationToken);
        await sandbox.WriteFileAsync("/etc/fail2ban/filter.d/webtest.conf", Fail2BanOperator.Filter, ct: cancellationToken);
        await sandbox.WriteFileAsync("/etc/fail2ban/jail.local", Fail2BanOperator.Jails, ct: cancellationToken);
        await target.ShellAsync(Prepare, cancellationToken);
        await target.StartServerAsync(cancellationToken);
        await target.ShellAsync("fail2ban-client set webtest banip 9.9.9.9 2620:fe::fe >/dev/null; fail2ban-client set two banip 203.0.113.99 >/dev/null", cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    protected override string TakeToolAway => "mv /usr/bin/fail2ban-client /usr/bin/fail2ban-client.away";

    /// <inheritdoc/>
    public override bool IsWrite(HostCommand command) => command.Program == "fail2ban-client" && command.Arguments.Contains("-i") && System.Text.Encoding.UTF8.GetString(command.Input.Span).Contains("set ", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override async Task<string> ForeignAsync(CancellationToken cancellationToken)
    {
        var ours = await ShellAsync("cat /etc/fail2ban/jail.d/zz-allowlist-sync.local /etc/fail2ban/allowlist-sync.*.list 2>/dev/null || true", cancellationToken);
        var words = Word.Matches(ours).SelectMany(match => new[] { match.Value, match.Value.Split("/32")[0], match.Value.Split("/128")[0] }).ToHashSet(StringComparer.Ordinal);
        var listing = await ShellAsync(Listing, cancellationToken);
        return string.Join('\n', listing.Split('\n').Where(line => Fail2BanOperator.Ignored.Contains(line) || !(line.Split(" ignores ") is [_, var word] && (words.Contains(word) || word.StartsWith("file://etc/fail2ban/allowlist-sync.", StringComparison.Ordinal)))));
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    public Task StartServerAsync(CancellationToken cancellationToken) => ShellAsync(Start, cancellationToken);

    /// <summary>Lets a log tell of failures of an address.</summary>
    public Task FailAsync(string address, int times, CancellationToken cancellationToken) =>
        ShellAsync($"for i in $(seq {times}); do echo \"$(date '+%Y-%m-%d %H:%M:%S') bad login from {address}\" >> /var/log/web.log; done", cancellationToken);

    /// <inheritdoc/>
    public override async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case ForeignChange.Reload:
                await ShellAsync("if fail2ban-client ping >/dev/null 2>&1; then fail2ban-client reload; fi", cancellationToken);
                if (!(await Sandbox.RunAsync(["fail2ban-client", "ping"], ct: cancellationToken)).ExitCode.Equals(0))
                {
                    await StartServerAsync(cancellationToken);
                }

                break;
            case ForeignChange.Settle:
                break;
            case ForeignChange.Reboot:
                await ShellAsync("fail2ban-client stop", cancellationToken);
                await StartServerAsync(cancellationToken);
                break;
            default:
                await ShellAsync(Commands(change), cancellationToken);
                break;
        }
    }

    private static string Commands(ForeignChange change) => change switch
    {
        ForeignChange.RemoveOurs => $"rm -f {DropIn} {List}; fail2ban-client reload",
        ForeignChange.RemovePlace => "fail2ban-client stop",
        ForeignChange.TakeOurName => $"printf '[DEFAULT]\\nbantime = 5m\\n' > {DropIn}",
        // In his file: 1.1.1 refuses a name at run time when the jail has a list.
        ForeignChange.AddUnreadable => "sed -i 's/^ignoreip = 192.0.2.1$/& proxy.example.org/' /etc/fail2ban/jail.local; fail2ban-client reload",
        ForeignChange.Edit => "printf '[later]\\nbantime = 7m\\n' > /etc/fail2ban/jail.d/own.local; fail2ban-client reload",
        _ => throw new NotSupportedException($"{change} has no meaning for fail2ban"),
    };

    [GeneratedRegex(@"[\da-f.:]+/\d+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Word { get; }
}
