using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Csf;

namespace AllowlistSync.Providers.Host.Tests.Csf;

/// <summary>A CSF as tests want it: what iptables really printed, lists of an operator, and our files.</summary>
internal static class CsfGolden
{
    public const string Operator = "# allowed\n198.51.100.10 # office\ntcp|in|d=22|s=198.51.100.0/24\n";

    public static CsfMark Mark { get; } = new("als-test/web");

    public static string Save { get; } = Text("csf.iptables-nft-save");

    public static string Save6 { get; } = Text("csf.ip6tables-nft-save");

    public static Target Target { get; } = Make();

    /// <summary>Our rules of a list on ports 80 and 443.</summary>
    public static ImmutableArray<CsfRule> Rules(params string[] prefixes) =>
        [.. CsfRule.For(TrafficSet.Of(PrefixSet.Of(prefixes.Select(IpPrefix.Parse)), PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443))))];

    /// <summary>A running CSF with our files; a text that is null is a file that is not there.</summary>
    public static CsfState State(string? allow, string? ignore, string deny = "", string bans = "", string configuration = "IPV6 = \"1\"\nFASTSTART = \"1\"\n", string? save = null, string? lfd = "77")
    {
        var allowList = List(CsfPlaces.Allow, allow is null ? Operator : CsfWriter.WithInclude(Operator, Mark.AllowFile), (Mark.AllowFile, allow));
        var ignoreList = List(CsfPlaces.Ignore, ignore is null ? "" : CsfWriter.WithInclude("", Mark.IgnoreFile), (Mark.IgnoreFile, ignore));
        return new CsfState
        {
            Configuration = CsfReader.ReadConfiguration(configuration),
            IsDisabled = false,
            Error = null,
            Allow = allowList,
            Ignore = ignoreList,
            Deny = List(CsfPlaces.Deny, deny),
            TemporaryBans = bans,
            TemporaryAllows = "",
            OwnAllow = new CsfOwnFile(Mark.AllowFile, allow, allow is null ? 0 : 1),
            OwnIgnore = new CsfOwnFile(Mark.IgnoreFile, ignore, ignore is null ? 0 : 1),
            Chains = [CsfReader.ReadChain(save ?? Save, IpFamily.IPv4, "iptables-save"), CsfReader.ReadChain(Save6, IpFamily.IPv6, "ip6tables-save")],
            Lfd = lfd,
        };
    }

    public static CsfList List(string path, string text, params (string Path, string? Text)[] more) => new([new CsfFile(path, text), .. more.Where(file => file.Text is not null).Select(file => new CsfFile(file.Path, file.Text))]);

    private static string Text(string name) => CsfText.Decode(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", name)));

    private static Target Make()
    {
        _ = Owner.TryCreate("als-test", out var owner);
        return new Target { Name = "web", Provider = "csf", Allow = [], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner! };
    }
}
