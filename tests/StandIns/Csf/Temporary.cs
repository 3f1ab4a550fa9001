using System.Globalization;
using System.Text.RegularExpressions;

namespace AllowlistSync.StandIns.Csf;

/// <summary>A line of csf.tempban or csf.tempallow: <c>epoch|ip|port|inout|seconds|message</c>.</summary>
internal sealed record TemporaryEntry(long Since, string Ip, string Ports, string Way, long Seconds, string Message)
{
    public static TemporaryEntry? Read(string line) =>
        line.Split('|', 6) is [var since, var ip, var ports, var way, var seconds, var message] && long.TryParse(since, out var start) && long.TryParse(seconds, out var length)
            ? new TemporaryEntry(start, ip, ports, way, length, message)
            : null;

    public bool IsOver => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - Since >= Seconds;

    public override string ToString() => $"{Since}|{Ip}|{Ports}|{Way}|{Seconds}|{Message}";
}

/// <summary>Temporary bans, or temporary allows.</summary>
internal sealed class TemporaryList
{
    private readonly bool _isAllow;

    private TemporaryList(bool isAllow) => _isAllow = isAllow;

    public static TemporaryList Bans { get; } = new(isAllow: false);

    public static TemporaryList Allows { get; } = new(isAllow: true);

    public string Path => $"/var/lib/csf/csf.temp{(_isAllow ? "allow" : "ban")}";

    public string Word => _isAllow ? "allow" : "block";

    public string Plural => _isAllow ? "allows" : "bans";

    /// <summary>The way of an entry that names none.</summary>
    public string DefaultWay => _isAllow ? "inout" : "in";

    public string Verb => _isAllow ? "-I" : "-A";

    public IReadOnlyList<TemporaryEntry> Read() => File.Exists(Path) ? [.. ListFile.Lines(Path).Select(TemporaryEntry.Read).OfType<TemporaryEntry>()] : [];

    /// <summary>Puts what is not over into force and forgets the rest.</summary>
    public void Load(Firewall firewall, Configuration configuration)
    {
        var entries = Read();
        firewall.Load(System.IO.Path.GetFileName(Path), [.. entries.Where(entry => !entry.IsOver).SelectMany(entry => Rules(entry, configuration))], Verb);
        if (entries.Any(entry => entry.IsOver))
        {
            ListFile.Rewrite(Path, line => TemporaryEntry.Read(line) is { IsOver: false });
        }
    }

    public IEnumerable<Rule> Rules(TemporaryEntry entry, Configuration configuration)
    {
        if (Address.Read(entry.Ip) is not { } address || (address.IsIPv6 && !configuration.Is("IPV6")))
        {
            yield break;
        }

        foreach (var ports in entry.Ports.Split(','))
        {
            var parts = ports.Split(';');
            var match = ports.Length == 0 ? "" : $"-p {(parts.Length > 1 ? parts[1] : "tcp")} --dport {parts[0]} ";
            if (entry.Way.Contains("in", StringComparison.Ordinal))
            {
                yield return new Rule(address.IsIPv6, _isAllow ? "ALLOWIN" : "DENYIN", $"! -i lo {match}-s {entry.Ip} -j {(_isAllow ? "ACCEPT" : configuration["DROP"])}");
            }

            if (entry.Way.Contains("out", StringComparison.Ordinal))
            {
                yield return new Rule(address.IsIPv6, _isAllow ? "ALLOWOUT" : "DENYOUT", $"! -o lo {match}-d {entry.Ip} -j {(_isAllow ? "ACCEPT" : configuration["DROP_OUT"])}");
            }
        }
    }
}

/// <summary><c>-t</c>, <c>-td</c>, <c>-ta</c>, <c>-tr</c>, <c>-trd</c>, <c>-tra</c>, <c>-tf</c>.</summary>
internal sealed partial class TemporaryCommands(Configuration configuration)
{
    private const long Hour = 3600;

    private readonly Firewall _firewall = new(configuration);

    public static void List()
    {
        var lines = TemporaryList.Bans.Read().Select(entry => Row("DENY", entry)).Concat(TemporaryList.Allows.Read().Select(entry => Row("ALLOW", entry))).ToList();
        Console.WriteLine(lines.Count == 0
            ? "csf: There are no temporary IP entries"
            : $"\nA/D   IP address                               Port   Dir   Time To Live     Comment\n{string.Join('\n', lines)}");
    }

    public void Add(TemporaryList list, string argument)
    {
        var words = argument.Split(' ', 3);
        if (Address.Read(words[0]) is not { } address)
        {
            Console.WriteLine($"csf: [{words[0]}] is not a valid PUBLIC IP");
            return;
        }

        var rest = words.Length > 2 ? words[2] : "";
        var ports = PortOption.Match(rest).Groups["ports"].Value;
        if (list.Read().Any(entry => entry.Ip == address.Text && entry.Ports == ports))
        {
            Console.WriteLine($"csf: {address.Text} is already temporarily {(list == TemporaryList.Bans ? "block" : "allow")}ed");
            return;
        }

        var comment = WayOption.Replace(PortOption.Replace(rest, ""), "").Trim();
        var way = WayOption.Match(rest) is { Success: true } match ? match.Groups["way"].Value : list.DefaultWay;
        Put(list, new TemporaryEntry(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), address.Text, ports.Contains('*', StringComparison.Ordinal) ? "" : ports, way, Seconds(words), comment.Length > 0 ? comment : $"Manually added: {address.Text} (-)"));
    }

    /// <summary>Puts an entry into force and into the file.</summary>
    public void Put(TemporaryList list, TemporaryEntry entry)
    {
        foreach (var rule in list.Rules(entry, configuration))
        {
            _firewall.One(rule.IsIPv6, $"{list.Verb} {rule.Chain} {rule.Match}");
        }

        ListFile.Append(list.Path, entry + "\n");
        var way = entry.Way switch { "in" => "inbound", "out" => "outbound", _ => "in and outbound" };
        Console.WriteLine($"csf: {entry.Ip} {list.Word}ed on port {(entry.Ports.Length == 0 ? "*" : entry.Ports)} for {entry.Seconds} seconds {way}");
    }

    public void Remove(string argument, params TemporaryList[] lists)
    {
        if (argument.Length == 0 || Address.Read(argument) is not { } address)
        {
            Console.WriteLine(argument.Length == 0 ? "csf: No IP specified" : $"csf: [{argument}] is not a valid PUBLIC IP");
            return;
        }

        foreach (var list in lists)
        {
            var had = list.Read().Count > 0;
            if (Take(list, entry => entry.Ip == address.Text) == 0)
            {
                Console.WriteLine(had ? $"csf: {address.Text} not found in temporary {list.Plural}" : $"csf: There are no temporary IP {list.Plural}");
            }
        }
    }

    public void RemoveAll()
    {
        foreach (var list in (TemporaryList[])[TemporaryList.Bans, TemporaryList.Allows])
        {
            if (Take(list, _ => true) == 0)
            {
                Console.WriteLine($"csf: There are no temporary IP {list.Plural}");
            }
        }
    }

    private int Take(TemporaryList list, Predicate<TemporaryEntry> isMeant)
    {
        if (!File.Exists(list.Path))
        {
            return 0;
        }

        var count = 0;
        ListFile.Rewrite(list.Path, line =>
        {
            if (TemporaryEntry.Read(line) is not { } entry || !isMeant(entry))
            {
                return true;
            }

            foreach (var rule in list.Rules(entry, configuration))
            {
                _firewall.One(rule.IsIPv6, $"-D {rule.Chain} {rule.Match}");
            }

            Console.WriteLine($"csf: {entry.Ip} temporary {list.Word} removed");
            count++;
            return false;
        });
        return count;
    }

    private static long Seconds(string[] words)
    {
        if (words.Length < 2 || !Duration.IsMatch(words[1]))
        {
            return Hour;
        }

        var number = long.Parse(string.Concat(words[1].TakeWhile(char.IsAsciiDigit)), CultureInfo.InvariantCulture);
        var seconds = words[1][^1] switch { 'm' => number * 60, 'h' => number * Hour, 'd' => number * 24 * Hour, _ => number };
        return seconds < 2 ? Hour : seconds;
    }

    private static string Row(string kind, TemporaryEntry entry)
    {
        var left = TimeSpan.FromSeconds(entry.Seconds - (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - entry.Since));
        var text = left < TimeSpan.FromSeconds(1) ? "<1" : $"{(left.Days > 0 ? $"{left.Days}d " : "")}{(left.Hours > 0 ? $"{left.Hours}h " : "")}{(left.Minutes > 0 ? $"{left.Minutes}m " : "")}{left.Seconds}s";
        return $"{kind,-5} {entry.Ip,-40} {(entry.Ports.Length == 0 ? "*" : entry.Ports),-7} {entry.Way,-5} {text,-16} {entry.Message}";
    }

    [GeneratedRegex(@"-p\s*(?<ports>[\w,*;]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PortOption { get; }

    [GeneratedRegex(@"-d\s*(?<way>inout|in|out)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WayOption { get; }

    [GeneratedRegex(@"^\d+[mhd]?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Duration { get; }
}
