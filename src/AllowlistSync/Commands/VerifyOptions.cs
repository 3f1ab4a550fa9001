using System.CommandLine;
using System.CommandLine.Parsing;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Verification;

namespace AllowlistSync.Commands;

/// <summary>The options of <c>verify</c>.</summary>
internal static class VerifyOptions
{
    private static readonly Option<string[]> RuleSet = Many("--ruleset", "FILE|DIR", "Review a saved rule set instead of the live one: `nft -j list ruleset`, its text form, iptables-save, ip6tables-save, ipset save, `ip -j address`, `ip -j route`; a folder of them; - is standard input; may be given more than once");
    private static readonly Option<string[]> Port = Many("--port", "PORT", "Ask about this port, such as 443, 8000-8010 or 443/udp (default: the ports of the targets, or 80 and 443); may be given more than once");
    private static readonly Option<string[]> From = Many("--from", "PREFIX", "Ask about this source (default: the ranges of the targets, or Cloudflare's); may be given more than once");
    private static readonly Option<string[]> Local = Many("--local", "ADDRESS", "The own address that is connected to (default: those of the interface); may be given more than once");
    private static readonly Option<string?> Interface = new("--interface", "-i") { Description = "The interface that the packets come through (default: that of the default route)", HelpName = "NAME" };
    private static readonly Option<string?> Packets = new("--packets") { Description = "Give a verdict for each line `SOURCE PORT` of a file; - is standard input", HelpName = "FILE" };
    private static readonly Option<string?> Explain = new("--explain") { Description = "Walk one packet through the chains, rule by rule; IPv6 in brackets", HelpName = "SOURCE:PORT" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "Exit with 1 also when something is unknown" };

    public static void AddTo(Command command)
    {
        foreach (var option in new Option[] { RuleSet, Port, From, Interface, Local, Packets, Explain, Strict })
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>What was asked; only after the parser found no error.</summary>
    public static VerifyArguments Read(ParseResult parsed) => new()
    {
        RuleSets = [.. parsed.GetValue(RuleSet) ?? []],
        Ports = PortSet.Of(Ports(parsed.GetValue(Port)).Select(text => PortRange.TryParse(text, out var port) ? port : default)),
        From = [.. (parsed.GetValue(From) ?? []).Select(IpPrefix.Parse)],
        Interface = parsed.GetValue(Interface),
        Local = [.. (parsed.GetValue(Local) ?? []).Select(IpPrefix.Parse)],
        Packets = parsed.GetValue(Packets),
        Explain = parsed.GetValue(Explain) is { } text && Packet.TryParse(text, out var packet) ? packet : null,
        IsStrict = parsed.GetValue(Strict),
    };

    private static void Check(CommandResult result)
    {
        foreach (var port in Ports(result.Given(Port)).Where(port => !PortRange.TryParse(port, out _)))
        {
            result.AddError($"--port: `{port}` is not a port; write for example 443, 8000-8010 or 443/udp");
        }

        foreach (var (name, prefix) in (result.Given(From) ?? []).Select(prefix => ("--from", prefix)).Concat((result.Given(Local) ?? []).Select(address => ("--local", address))))
        {
            if (!IpPrefix.TryParse(prefix, out var parsed, out var reason))
            {
                result.AddError($"{name}: `{prefix}`: {reason}");
            }
            else if (name == "--local" && parsed.First != parsed.Last)
            {
                result.AddError($"{name}: `{prefix}` is a prefix; name one address");
            }
        }

        if (result.Given(Explain) is { } text && !Packet.TryParse(text, out _))
        {
            result.AddError($"--explain: `{text}` is not a source and a port; write for example 104.16.0.1:443 or [2606:4700::1]:443");
        }

        CheckTogether(result);
    }

    private static void CheckTogether(CommandResult result)
    {
        string?[] inputs = [.. result.Given(RuleSet) ?? [], result.Given(Packets)];
        if (inputs.Count(input => input == "-") > 1)
        {
            result.AddError("only one of --ruleset and --packets can be standard input, and only once");
        }

        if (result.Given(Explain) is not null && result.Given(Packets) is not null)
        {
            result.AddError("--explain and --packets are two questions: give one of them");
        }

        if ((result.Given(Explain) ?? result.Given(Packets)) is not null && ((result.Given(From) ?? []).Length > 0 || (result.Given(Port) ?? []).Length > 0))
        {
            result.AddError("--explain and --packets name sources and ports themselves: leave out --from and --port");
        }
    }

    // `--port 80,443` as the configuration and every other tool writes it.
    private static IEnumerable<string> Ports(string[]? given) => (given ?? []).SelectMany(text => text.Split(','));

    private static Option<string[]> Many(string name, string helpName, string description) => new(name)
    {
        Description = description,
        HelpName = helpName,
        DefaultValueFactory = _ => [],
    };
}
