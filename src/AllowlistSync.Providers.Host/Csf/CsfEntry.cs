using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>A rule that CSF would make of an entry, as an argument line of iptables without its command and target.</summary>
/// <param name="Family">The family.</param>
/// <param name="IsOut">True for what goes out.</param>
/// <param name="Match">What it matches.</param>
internal sealed record CsfMatch(IpFamily Family, bool IsOut, string Match);

/// <summary>An entry of a list, where it stands. What CSF makes of it is told as CSF tells it (<c>linefilter</c> in csf.pl 15.00), also of one that is wrong. Pure.</summary>
/// <param name="Path">The file.</param>
/// <param name="Number">The line, from 1.</param>
/// <param name="Text">The line without blanks around it.</param>
internal sealed record CsfEntry(string Path, int Number, string Text)
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>What it is about.</summary>
    public string Subject { get; } = Text.Split(Blanks, 2)[0];

    /// <summary>What stands behind it, without the sign of a comment.</summary>
    public string Comment => Text.Split(Blanks, 2) is [_, var rest] ? rest.TrimStart('#', ' ', '\t') : "";

    /// <summary>True for an entry that CSF's own commands do not take out.</summary>
    public bool IsForGood => Text.Contains("do not delete", StringComparison.OrdinalIgnoreCase);

    /// <summary>The addresses when it is no more than that; null for an advanced entry, and for what CSF skips.</summary>
    public IpPrefix? Address => ReadAddress(Subject);

    /// <summary>True when CSF makes nothing of it, in whatever configuration.</summary>
    public bool IsSkipped => Address is null && Matches().IsEmpty;

    /// <summary>For people: the file and the line.</summary>
    public override string ToString() => $"{Path} line {Number}: {Text}";

    /// <summary>Reads an address or a network as CSF does: bits behind the length do not matter, length 0 is taken, 127.0.0.1 and ::1 are not (CheckIP.pm).</summary>
    public static IpPrefix? ReadAddress(string text)
    {
        var parts = text.Split('/');
        var bits = text.Contains(':', StringComparison.Ordinal) ? 128 : 32;
        var length = bits;
        if (parts.Length > 2 || parts[0] is "127.0.0.1" or "::1" || (parts.Length == 2 && !(int.TryParse(parts[1], out length) && length >= 0 && length <= bits)))
        {
            return null;
        }

        if (!IpPrefix.TryParse($"{parts[0]}/{bits}", out var address))
        {
            return null;
        }

        var kept = length == 0 ? UInt128.Zero : address.First >> (bits - length) << (bits - length);
        return IpPrefix.Create(address.Family, kept, length);
    }

    /// <summary>The rules that CSF makes of it; of plain addresses those for iptables.</summary>
    public ImmutableArray<CsfMatch> Matches()
    {
        var line = Subject.ToLowerInvariant();
        if (ReadAddress(line) is { } address)
        {
            return [new(address.Family, IsOut: false, $"-s {line}"), new(address.Family, IsOut: true, $"-d {line}")];
        }

        return line.AsSpan().IndexOfAny(':', '|') < 0 ? [] : Advanced((line.Contains('|', StringComparison.Ordinal) ? line : line.Replace(':', '|')).Split('|'));
    }

    // Protocol and direction may be left out; the next two fields are looked for in the next two places, a user or a group in the last.
    private static ImmutableArray<CsfMatch> Advanced(string[] fields)
    {
        var from = 0;
        var protocol = "tcp";
        if (fields[0] is "tcp" or "udp" or "icmp")
        {
            (protocol, from) = (fields[0], 1);
        }

        var isOut = false;
        if (Find(fields, from, 2, field => field is "in" or "out") is { } way)
        {
            (isOut, from) = (fields[way] == "out", way + 1);
        }

        var ports = "";
        if (Find(fields, from, 3, IsSide) is { } port)
        {
            (ports, from) = (Ports(Side(fields[port]), protocol), port + 1);
        }

        if (Find(fields, from, 5, field => field.Contains("u=", StringComparison.Ordinal) || field.Contains("g=", StringComparison.Ordinal)) is { } owner)
        {
            var (kind, name) = (fields[owner].Contains("u=", StringComparison.Ordinal) ? "uid" : "gid", fields[owner][(fields[owner].IndexOf('=', StringComparison.Ordinal) + 1)..]);
            return [.. Enum.GetValues<IpFamily>().Select(family => new CsfMatch(family, IsOut: true, $"-p {protocol} {ports} -m owner --{kind}-owner {name}"))];
        }

        var at = Find(fields, from, 4, IsSide);
        return at is { } place && ports.Length > 0 && ReadAddress(Side(fields[place]).Text) is { } address
            ? [new(address.Family, isOut, $"-p {protocol} -{Side(fields[place]).Side} {Side(fields[place]).Text} {ports}")]
            : [];
    }

    private static int? Find(string[] fields, int from, int end, Predicate<string> isIt)
    {
        var at = Array.FindIndex(fields, from, Math.Max(0, Math.Min(end, fields.Length) - from), isIt);
        return at < 0 ? null : at;
    }

    private static bool IsSide(string field) => field.Contains("d=", StringComparison.Ordinal) || field.Contains("s=", StringComparison.Ordinal);

    private static (char Side, string Text) Side(string field)
    {
        var at = field.IndexOf("d=", StringComparison.Ordinal);
        return at >= 0 ? ('d', field[(at + 2)..]) : ('s', field[(field.IndexOf("s=", StringComparison.Ordinal) + 2)..]);
    }

    private static string Ports((char Side, string Text) field, string protocol) => protocol == "icmp"
        ? $"--icmp-type {field.Text}"
        : $"{(field.Text.Contains(',', StringComparison.Ordinal) ? "-m multiport " : "")}--{field.Side}port {field.Text.Replace('_', ':')}";
}
