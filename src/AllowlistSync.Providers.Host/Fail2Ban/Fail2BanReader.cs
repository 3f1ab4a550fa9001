using System.Collections.Immutable;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Reads what fail2ban's programs print and what its files define (captured from 1.0.2 and 1.1.1). Pure.</summary>
internal static partial class Fail2BanReader
{
    /// <summary>What stands before each answer of <c>fail2ban-client -i</c>.</summary>
    public const string Prompt = "fail2ban> ";

    private const string Ignored = "These IP addresses/networks are ignored:";
    private const string NothingIgnored = "No IP address/network is ignored";

    /// <summary>
    /// The jails that the files enable, and what each ignores by them, word by word and in order (<c>fail2ban-client -d</c>). Every jail that is added is started too: a dump that does not say so, or that ends within a line, is half a dump.
    /// </summary>
    public static ImmutableSortedDictionary<string, ImmutableArray<string>> ReadDump(string text, string command)
    {
        var ignored = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        var started = new HashSet<string>(StringComparer.Ordinal);
        var isDump = false;
        foreach (var line in text.Split('\n'))
        {
            switch (line.StartsWith("['", StringComparison.Ordinal) ? PythonList.Read(line) : null)
            {
                case ["add", var jail, ..]:
                    ignored.TryAdd(jail, []);
                    break;
                case ["set", var jail, "addignoreip", .. var words] when ignored.ContainsKey(jail):
                    ignored[jail] = ignored[jail].AddRange(words);
                    break;
                case ["start", var jail]:
                    started.Add(jail);
                    break;
                case ["set", "dbfile" or "loglevel", _]:
                    isDump = true;
                    break;
            }
        }

        return isDump && text.EndsWith('\n') && started.SetEquals(ignored.Keys)
            ? ignored.ToImmutable()
            : throw Garbled(command, text);
    }

    /// <summary>The answers of <c>fail2ban-client -i</c>, one for each command but the last, which is <c>exit</c>; and the client's version from its greeting.</summary>
    public static (string ClientVersion, ImmutableArray<string> Answers) ReadAnswers(string text, int commands, string command)
    {
        var parts = text.Split('\n' + Prompt);
        return parts.Length == commands + 2 && parts[^1].Length == 0
            ? (ReadVersion(text, command), [.. parts[1..^1]])
            : throw Garbled(command, text);
    }

    /// <summary>The client's version from the greeting of <c>fail2ban-client -i</c>.</summary>
    public static string ReadVersion(string text, string command) => Greeting.Match(text) is { Success: true } greeting ? greeting.Groups["version"].Value : throw Garbled(command, text);

    /// <summary>The names of the jails that run: <c>status</c>.</summary>
    public static ImmutableArray<string> ReadJails(string answer, string command) => JailList.Match(answer) is { Success: true } match
        ? [.. match.Groups["names"].Value.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)]
        : throw Garbled(command, answer);

    /// <summary>What a jail ignores now: <c>get JAIL ignoreip</c>, and what <c>addignoreip</c> and <c>delignoreip</c> answer; null for another answer.</summary>
    public static ImmutableArray<string>? ReadIgnored(string answer)
    {
        var lines = answer.Split('\n');
        return lines[0] switch
        {
            NothingIgnored => [],
            Ignored => [.. lines.Skip(1).Where(line => line.Length > 3).Select(line => line[3..].Trim())],
            _ => null,
        };
    }

    /// <summary>Who is banned now: <c>get JAIL banip --with-time</c>. A jail may ban names of other things than addresses; those are nobody's ranges.</summary>
    public static IEnumerable<Ban> ReadBans(string jail, string answer)
    {
        foreach (var line in answer.Split('\n'))
        {
            if (BanLine.Match(line) is { Success: true } match && IpPrefix.TryParse(match.Groups["ip"].ValueSpan, out var prefix))
            {
                yield return new Ban(prefix, JailName.AuthorOf(jail)) { Note = $"since {match.Groups["since"].Value}, {(match.Groups["seconds"].Value == "-1" ? "for good" : $"until {match.Groups["until"].Value}")}" };
            }
        }
    }

    /// <summary>The sections of a file that are jails, and whether each adds to what is known of its <c>ignoreip</c>.</summary>
    public static IEnumerable<(string Jail, bool AddsToKnown)> ReadSections(string text)
    {
        var heads = Section.Matches(text);
        for (var i = 0; i < heads.Count; i++)
        {
            var name = heads[i].Groups["name"].Value;
            var body = text[heads[i].Index..(i + 1 < heads.Count ? heads[i + 1].Index : text.Length)];
            if (name is not ("DEFAULT" or "INCLUDES") && JailName.IsValid(name))
            {
                yield return (name, KnownIgnore.IsMatch(body));
            }
        }
    }

    /// <summary>Whether a file sets <c>ignoreip</c> for all jails.</summary>
    public static bool SetsDefault(string text) => DefaultIgnore.IsMatch(text);

    /// <summary>An answer that is none.</summary>
    public static ProviderException Garbled(string command, string text) => new(
        FailureKind.Protocol,
        Aftermath.Untouched,
        $"`{command}` answered in a way that is not understood: {(text.Trim().Length == 0 ? "nothing at all" : text.Trim().Split('\n')[^1])}",
        "run the command by hand; if its answer looks right, please report it together with `fail2ban-client --version`");

    [GeneratedRegex(@"\A\s*Fail2Ban v(?<version>\d+(\.\d+)*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Greeting { get; }

    [GeneratedRegex(@"^`- Jail list:\t(?<names>[^\n]*)$", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JailList { get; }

    [GeneratedRegex(@"^(?<ip>\S+) \t(?<since>\S+ \S+) \+ (?<seconds>-?\d+) = (?<until>.+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BanLine { get; }

    // The value of ignoreip, with its indented lines.
    [GeneratedRegex(@"^ignoreip\s*[=:]([^\n]|\n[ \t])*%\(known/ignoreip\)s", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex KnownIgnore { get; }

    // Lines of the section [DEFAULT], up to the next head.
    [GeneratedRegex(@"^\[DEFAULT\][^\n]*\n((?!\[)[^\n]*\n)*?ignoreip\s*[=:]", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex DefaultIgnore { get; }

    [GeneratedRegex(@"^\[(?<name>[^\]\n]+)\]", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Section { get; }
}
