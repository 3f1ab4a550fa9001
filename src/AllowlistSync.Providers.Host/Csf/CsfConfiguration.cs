using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>What csf.conf says, as far as it matters here. Pure.</summary>
/// <param name="Values">All settings.</param>
public sealed record CsfConfiguration(ImmutableSortedDictionary<string, string> Values)
{
    /// <summary>Only the rules that are in force for some minutes: a line of cron clears them.</summary>
    public bool IsTesting => Is("TESTING");

    /// <summary>Whether IPv6 is filtered; if not, CSF does not touch it at all.</summary>
    public bool HasIPv6 => Is("IPV6");

    /// <summary>Whether one entry that iptables refuses makes a start fail, after everything was flushed (<c>syscommand</c>, <c>faststart</c> in csf.pl 15.00).</summary>
    public bool OneBadEntryFails => Is("FASTSTART") || IsTesting;

    /// <summary>After how many minutes the firewall is cleared while testing.</summary>
    public string TestingInterval => this["TESTING_INTERVAL"];

    /// <summary>A value; empty when it is not set.</summary>
    public string this[string name] => Values.GetValueOrDefault(name, "");

    /// <summary>The program that CSF uses for something, such as <c>IPTABLES_SAVE</c>.</summary>
    public string Tool(IpFamily family, string suffix = "")
    {
        var name = $"IP{(family == IpFamily.IPv6 ? "6" : "")}TABLES{suffix}";
        return this[name] is { Length: > 0 } path ? path : name.ToLowerInvariant().Replace('_', '-');
    }

    private bool Is(string name) => this[name] is not ("" or "0");
}
