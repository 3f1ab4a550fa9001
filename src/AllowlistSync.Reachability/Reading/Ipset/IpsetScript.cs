using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>Says what a rule set becomes when <c>ipset restore</c> carries out a script on it, without the kernel. Pure.</summary>
public static class IpsetScript
{
    /// <summary>
    /// Carries out a script, and reads the rules again that ask a set it changed. A line that is not understood, or that ipset would refuse, ends
    /// it and is a gap of the result. Costs what the script, the sets that it changes and the rules that ask them cost.
    /// </summary>
    public static RuleSet Apply(RuleSet before, string script)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(script);
        if (before.IpSets is null)
        {
            return before with { Gaps = before.Gaps.Add(new(Families.Both, "the change is about ipsets, and those of the host were not listed")) };
        }

        var state = new IpsetScriptState(before);
        Run(Encoding.UTF8.GetBytes(script), new IpsetCommands(state));
        var sets = state.Close();
        return SetRules.Reread(before with { IpSets = sets, Gaps = before.Gaps.AddRange(state.Gaps) }, state.Changed(sets));
    }

    private static void Run(ReadOnlyMemory<byte> rest, IpsetCommands commands)
    {
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!commands.Do(line, number))
            {
                return;
            }
        }
    }
}
