using System.Text;
using System.Text.RegularExpressions;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What the operator of a ufw has: rules of every kind, as files from which ufw makes its own when it is enabled.</summary>
public static partial class UfwOperator
{
    /// <summary>The comment of what is ours, in hex.</summary>
    public static string Mark { get; } = Convert.ToHexStringLower(Encoding.UTF8.GetBytes("als-test/web"));

    /// <summary>His user.rules.</summary>
    public const string Rules = """
        *filter
        :ufw-user-input - [0:0]
        :ufw-user-output - [0:0]
        :ufw-user-forward - [0:0]
        :ufw-user-limit - [0:0]
        :ufw-user-limit-accept - [0:0]
        ### RULES ###

        ### tuple ### deny any any 0.0.0.0/0 any 203.0.113.99 in comment=7363616e6e6572
        -A ufw-user-input -s 203.0.113.99 -j DROP

        ### tuple ### allow tcp 22 0.0.0.0/0 any 198.51.100.0/24 in comment=6f6666696365
        -A ufw-user-input -p tcp --dport 22 -s 198.51.100.0/24 -j ACCEPT

        ### tuple ### limit tcp 2222 0.0.0.0/0 any 0.0.0.0/0 in
        -A ufw-user-input -p tcp --dport 2222 -m conntrack --ctstate NEW -m recent --set
        -A ufw-user-input -p tcp --dport 2222 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ufw-user-limit
        -A ufw-user-input -p tcp --dport 2222 -j ufw-user-limit-accept

        ### tuple ### route:allow any any 0.0.0.0/0 any 8.8.4.0/24 in_lo!out_lo
        -A ufw-user-forward -i lo -o lo -s 8.8.4.0/24 -j ACCEPT

        ### tuple ### reject tcp 25 0.0.0.0/0 any 0.0.0.0/0 out
        -A ufw-user-output -p tcp --dport 25 -j REJECT --reject-with tcp-reset

        ### END RULES ###
        -A ufw-user-limit -j REJECT
        -A ufw-user-limit-accept -j ACCEPT
        COMMIT

        """;

    /// <summary>His user6.rules.</summary>
    public const string Rules6 = """
        *filter
        :ufw6-user-input - [0:0]
        :ufw6-user-output - [0:0]
        :ufw6-user-forward - [0:0]
        ### RULES ###

        ### tuple ### allow tcp 22 ::/0 any 2001:db8:1::/48 in comment=6f6666696365
        -A ufw6-user-input -p tcp --dport 22 -s 2001:db8:1::/48 -j ACCEPT

        ### tuple ### deny_log tcp 8443 ::/0 any ::/0 in
        -A ufw6-user-input -p tcp --dport 8443 -j DROP

        ### END RULES ###
        COMMIT

        """;

    /// <summary>What is in a firewall beside what is ours: a listing of files and kernel without our tuples, the lines below them, and rules of their shape.</summary>
    public static string WithoutOurs(string listing) => Shape.Replace(Block.Replace(listing, ""), "");

    /// <summary>A file without our tuples and the lines below them.</summary>
    public static string FileWithoutOurs(string file) => Block.Replace(file, "");

    // Our tuple with the blank line ahead of it and its one rule; only the shape that we make.
    [GeneratedRegex(@"\n### tuple ### allow (tcp|udp) [\d,:]+ (0\.0\.0\.0|::)/0 any [\da-f.:/]+ in comment=616c732d746573742f776562\n-A ufw6?-user-input [^\n]+\n", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Block { get; }

    // iptables-save writes the source first, ufw last: so this is the kernel's. Rules for one port 22 alone are the operator's.
    [GeneratedRegex(@"\n-A ufw6?-user-input -s [\da-f.:/]+ -p (tcp|udp) -m (multiport --dports [\d,:]+|(tcp|udp) --dport (?!22 )\d+) -j ACCEPT(?=\n)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Shape { get; }
}
