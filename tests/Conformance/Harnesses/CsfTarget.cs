using System.Text.RegularExpressions;
using AllowlistSync.Core.Hosts;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>CSF and lfd of a sandbox, with entries of an operator.</summary>
public sealed partial class CsfTarget : SandboxTarget
{
    // Everything below /etc/csf with mode, owner and content, the temporary lists, and what the kernel has, without counters and dates. A file of our name counts when it is not ours.
    private const string Listing = """
        cd /etc/csf || exit
        find . -type f ! -name 'allowlist-sync+als-test+web.*' ! -name csf.allow ! -name csf.ignore ! -name '*.tmp' -printf '%p %m %U %G ' -exec md5sum {} \; | sort
        for file in allowlist-sync+als-test+web.*; do [ ! -e "$file" ] || head -n 1 "$file" | grep -qx '# allowlist-sync als-test/web' || md5sum "$file"; done
        for file in csf.allow csf.ignore /var/lib/csf/csf.tempban /var/lib/csf/csf.tempallow; do echo; stat -L -c '%n %a %u %g' $file; cat $file; done
        echo == kernel
        (iptables-save; ip6tables-save) 2>/dev/null | sed -e '/^#/d' -e 's/ \[[0-9]*:[0-9]*\]$//'
        """;

    private const string Flush = "for tool in iptables ip6tables; do for chain in INPUT OUTPUT FORWARD; do $tool -P $chain ACCEPT; done; $tool -F; $tool -X; done";

    private CsfTarget(SandboxPlace place)
        : base(place)
    {
    }

    /// <summary>Starts a host whose operator has CSF and lfd running.</summary>
    public static async Task<CsfTarget> StartAsync(CancellationToken cancellationToken)
    {
        var target = new CsfTarget(await SandboxPlace.OpenAsync(listens: true, cancellationToken));
        var sandbox = target.Sandbox;
        await CsfInstallation.InstallAsync(sandbox, cancellationToken);
        await CsfInstallation.SetAsync(sandbox, cancellationToken, ("TCP_IN", ""), ("TCP6_IN", ""));
        await target.ShellAsync("echo 'tcp|in|d=22|s=2001:db8:1::/48 # office' >>/etc/csf/csf.allow; csf -ra", cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    protected override string TakeToolAway => "mv /usr/sbin/csf /usr/sbin/csf.away";

    /// <inheritdoc/>
    public override bool IsWrite(HostCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command.Program == CsfInstallation.Program;
    }

    /// <inheritdoc/>
    public override async Task<string> ForeignAsync(CancellationToken cancellationToken) => Shape.Replace(Included.Replace(await ShellAsync(Listing, cancellationToken), ""), "");

    /// <inheritdoc/>
    public override async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) => await ShellAsync(Script(change), cancellationToken);

    private static string Script(ForeignChange change) => change switch
    {
        ForeignChange.Settle => "true",
        ForeignChange.Reload => "if [ -e /etc/csf/csf.disable ]; then csf -e; else csf -r; fi",
        // What the boot starts: csf.service and lfd.service.
        ForeignChange.Reboot => $"{Flush}; csf -s; csf --lfd restart",
        ForeignChange.RemoveOurs => "sed -i '/^Include .*allowlist-sync+als-test+web/d' /etc/csf/csf.allow /etc/csf/csf.ignore; rm -f /etc/csf/allowlist-sync+als-test+web.*; csf -r",
        ForeignChange.RemovePlace => "csf -x",
        ForeignChange.TakeOurName => "echo 203.0.113.7 >'/etc/csf/allowlist-sync+als-test+web.allow'",
        ForeignChange.AddUnreadable => "printf 'frobnicate # what is this\\ntcp|in|d=80|s=bogus\\n' >>/etc/csf/csf.allow",
        // The next restart, whoever asks for it, puts what was added ahead of all into its place in the file.
        ForeignChange.Edit => "csf -a 192.0.2.55 monitoring; csf -sf",
        _ => throw new NotSupportedException($"{change} has no meaning for CSF"),
    };

    [GeneratedRegex(@"Include /etc/csf/allowlist-sync\+als-test\+web\.(allow|ignore)\n", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Included { get; }

    // Rules for one port 22 alone are the operator's.
    [GeneratedRegex(@"\n-A ALLOWIN (-s [\da-f.:/]+ )?! -i lo -p (tcp|udp) -m (multiport --dports [\d,:]+|(tcp|udp) --dport (?!22 )[\d:]+) -j ACCEPT(?=\n)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Shape { get; }
}
