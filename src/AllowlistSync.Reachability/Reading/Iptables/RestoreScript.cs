using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>One of the four iptables-restore.</summary>
/// <param name="Backend">Its engine.</param>
/// <param name="Family">Its family.</param>
public sealed record RestoreTool(Backend Backend, IpFamily Family)
{
    internal bool IsNft => Backend == Backend.NfTables;

    internal Families Families => Family == IpFamily.IPv4 ? Families.IPv4 : Families.IPv6;

    /// <summary>As it is called.</summary>
    public override string ToString() => $"{(Family == IpFamily.IPv4 ? "iptables" : "ip6tables")}-{(IsNft ? "nft" : "legacy")}-restore";
}

/// <summary>Says what a rule set becomes when <c>iptables-restore --noflush</c> carries out a script on it, without the kernel. Pure.</summary>
public static class RestoreScript
{
    /// <summary>
    /// Carries out a script. Each table counts from its COMMIT on. A line that is not understood, or that the tool or the kernel would refuse, ends
    /// the script and is a gap of the result; so is a script that ends before a COMMIT.
    /// </summary>
    public static RuleSet Apply(RuleSet before, RestoreTool tool, string script)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(tool);
        ArgumentNullException.ThrowIfNull(script);
        var run = new RestoreRun(before, tool);
        ReadOnlyMemory<byte> rest = Encoding.UTF8.GetBytes(script);
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (run.Do(line, isWhole: end >= 0) is { } refusal)
            {
                return run.Refused($"line {number} of the script for {tool}, \"{Shown(line.Span)}\": {refusal}; the tool refuses that, or does what is not followed here");
            }
        }

        return run.IsOpen ? run.Refused($"the script for {tool} ends without a COMMIT: the tool does nothing of its last table") : run.RuleSet;
    }

    private static string Shown(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line);
        return text.Length <= 100 ? text : text[..100] + "...";
    }
}

/// <summary>A run of iptables-restore.</summary>
internal sealed class RestoreRun(RuleSet before, RestoreTool tool)
{
    private RestoreTable? _table;
    private RestoreCommands? _commands;

    /// <summary>What the tables committed so far make of the rule set.</summary>
    internal RuleSet RuleSet { get; private set; } = before;

    /// <summary>Whether a table has begun and not ended.</summary>
    internal bool IsOpen => _table is not null;

    /// <summary>The result when the script ends with a refusal.</summary>
    internal RuleSet Refused(string message) => RuleSet with { Gaps = RuleSet.Gaps.Add(new(tool.Families, message)) };

    /// <summary>Carries out a line.</summary>
    /// <param name="line">Without its end.</param>
    /// <param name="isWhole">Whether it had one: iptables-legacy-restore wants it behind COMMIT.</param>
    /// <returns>Null when it was done, else why it is refused.</returns>
    internal string? Do(ReadOnlyMemory<byte> line, bool isWhole)
    {
        var text = line.Span;
        if (text.IsEmpty || text[0] == '#')
        {
            return null;
        }

        if (_table is null)
        {
            return Start(text);
        }

        if (text.SequenceEqual("COMMIT"u8) && (isWhole || tool.IsNft))
        {
            return Commit(_table);
        }

        return text[0] == ':' ? _commands!.Declare(text[1..]) : _commands!.Do(text);
    }

    private string? Start(ReadOnlySpan<byte> line)
    {
        var name = line[0] == '*' ? Encoding.UTF8.GetString(line[1..]).Trim() : "";
        if (!ChainPlaces.IsTable(name))
        {
            return "a table was to start here, and there is no such table";
        }

        _table = new(Find(name), name, tool);
        _commands = new(_table, tool, RuleSet);
        return null;
    }

    private string? Commit(RestoreTable table)
    {
        if (table.HasNewJumps && ChainLoops.Find(table, tool) is { } loop)
        {
            return loop;
        }

        var (old, closed) = (Find(table.Name), table.Close());
        if (old is not null)
        {
            RuleSet = RuleSet with { Tables = RuleSet.Tables.Replace(old, closed) };
        }
        else if (!closed.Chains.IsEmpty)
        {
            // Tables of x_tables stand before those of nf_tables, as readers have them.
            var at = tool.IsNft ? RuleSet.Tables.Length : RuleSet.Tables.TakeWhile(other => other.Backend == Backend.Legacy).Count();
            RuleSet = RuleSet with { Tables = RuleSet.Tables.Insert(at, closed) };
        }

        _table = null;
        return null;
    }

    private Table? Find(string name) => RuleSet.Tables.FirstOrDefault(table => table.Backend == tool.Backend && table.Name == name && table.Sees == tool.Families);
}
