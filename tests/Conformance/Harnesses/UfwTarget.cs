using AllowlistSync.Core.Hosts;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real ufw of a sandbox of its own.</summary>
public sealed class UfwTarget : SandboxTarget
{
    // Everything below /etc/ufw with mode, owner and content, ufw's settings, and what the kernel has, without counters and dates.
    private const string Listing = """
        cd /etc/ufw || exit
        find . /etc/default/ufw -type f ! -name 'user*.rules' ! -name '*.tmp' -printf '%p %m %U %G ' -exec md5sum {} \; | sort
        for file in user.rules user6.rules; do echo; stat -L -c '%n %a %u %g' $file; cat $file; done
        echo == kernel
        (iptables-save; ip6tables-save) 2>/dev/null | sed -e '/^#/d' -e 's/ \[[0-9]*:[0-9]*\]$//'
        """;

    private const string Load = "iptables-restore -n < /etc/ufw/user.rules; ip6tables-restore -n < /etc/ufw/user6.rules";

    private string _rules = "";
    private string _rules6 = "";

    private UfwTarget(SandboxPlace place)
        : base(place)
    {
    }

    /// <summary>Starts a host whose operator has enabled ufw.</summary>
    public static async Task<UfwTarget> StartAsync(bool isLegacy, CancellationToken cancellationToken)
    {
        var target = new UfwTarget(await SandboxPlace.OpenAsync(listens: true, cancellationToken));
        var sandbox = target.Sandbox;
        if (isLegacy)
        {
            await target.ShellAsync("for tool in iptables ip6tables; do update-alternatives --set $tool /usr/sbin/$tool-legacy; done", cancellationToken);
        }

        (target._rules, target._rules6) = (UfwOperator.Rules, UfwOperator.Rules6);
        await target.ChangeAsync(ForeignChange.Reload, cancellationToken);
        target._rules = await sandbox.ReadFileAsync("/etc/ufw/user.rules", cancellationToken);
        target._rules6 = await sandbox.ReadFileAsync("/etc/ufw/user6.rules", cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    protected override string TakeToolAway => "mv /usr/sbin/ufw /usr/sbin/ufw.away";

    /// <inheritdoc/>
    public override bool IsWrite(HostCommand command) => command.Program.EndsWith("-restore", StringComparison.Ordinal) && !command.Arguments.Contains("--test");

    /// <inheritdoc/>
    public override async Task<string> ForeignAsync(CancellationToken cancellationToken) => UfwOperator.WithoutOurs(await ShellAsync(Listing, cancellationToken));

    /// <summary>Writes both files as somebody with an editor would, and loads them as ufw does.</summary>
    public async Task WriteRulesAsync(Func<string, string> edit, Func<string, string> edit6, CancellationToken cancellationToken)
    {
        await Sandbox.WriteFileAsync("/etc/ufw/user.rules", edit(await Sandbox.ReadFileAsync("/etc/ufw/user.rules", cancellationToken)), ct: cancellationToken);
        await Sandbox.WriteFileAsync("/etc/ufw/user6.rules", edit6(await Sandbox.ReadFileAsync("/etc/ufw/user6.rules", cancellationToken)), ct: cancellationToken);
        await ShellAsync($"if iptables -n -L ufw-user-input >/dev/null 2>&1; then {Load}; fi", cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case ForeignChange.Reload:
                await WriteRulesAsync(_ => _rules, _ => _rules6, cancellationToken);
                // When it starts, ufw loads the files and then writes them its own way.
                await ShellAsync($"grep -q ^ENABLED=yes /etc/ufw/ufw.conf || {{ ufw --force enable; {Load}; }}", cancellationToken);
                break;
            case ForeignChange.Settle:
                break;
            case ForeignChange.Reboot:
                // What the boot runs (ufw.service), after the kernel lost all.
                await ShellAsync("/usr/lib/ufw/ufw-init force-stop && /usr/lib/ufw/ufw-init start", cancellationToken);
                break;
            case ForeignChange.RemoveOurs:
                await WriteRulesAsync(UfwOperator.FileWithoutOurs, UfwOperator.FileWithoutOurs, cancellationToken);
                break;
            case ForeignChange.AddUnreadable:
                await WriteRulesAsync(AddUnreadable, rules => rules, cancellationToken);
                break;
            default:
                await ShellAsync(Commands(change), cancellationToken);
                break;
        }
    }

    private static string Commands(ForeignChange change) => change switch
    {
        ForeignChange.BlockAhead => "ufw prepend deny proto tcp to any port 80,443 comment panic",
        ForeignChange.RemovePlace => "ufw --force disable",
        ForeignChange.TagEntries => "ufw allow proto tcp from 131.0.72.0/22 to any port 80,443 comment kept; ufw allow proto tcp from 203.0.113.7 to any port 80,443 comment guest",
        ForeignChange.Edit => "ufw allow 53/udp",
        _ => throw new NotSupportedException($"{change} has no meaning for ufw"),
    };

    // A tuple that ufw skips, and one that carries our comment and is none of ours.
    private static string AddUnreadable(string rules) => rules.Replace(
        "### END RULES ###",
        $"""
        ### tuple ### frobnicate
        -A ufw-user-input -s 192.0.2.77/32 -j ACCEPT

        ### tuple ### deny tcp 25 0.0.0.0/0 any 203.0.113.77 in comment={UfwOperator.Mark}
        -A ufw-user-input -p tcp --dport 25 -s 203.0.113.77 -j DROP

        ### END RULES ###
        """,
        StringComparison.Ordinal);
}
