using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>What our drop-in holds of one target.</summary>
/// <param name="Mark">Owner and target, such as <c>allowlist-sync/web</c>.</param>
/// <param name="Entries">The prefixes; empty when they are in a list.</param>
/// <param name="List">The list's path; null when the prefixes are here.</param>
/// <param name="Jails">The jails that ignore them.</param>
public sealed record DropInPart(string Mark, ImmutableArray<IpPrefix> Entries, string? List, ImmutableArray<string> Jails)
{
    /// <summary>The mark of a target. The slash cannot be part of either name.</summary>
    public static string MarkOf(Target target) => $"{target.Owner}/{target.Mark}";

    /// <summary>The name of the variable. ConfigParser folds the case of names, so capitals are told apart by a sign that no name of ours holds.</summary>
    public string Variable => "allowlist_sync." + string.Concat(Mark.Select(c => char.IsAsciiLetterUpper(c) ? "+" + char.ToLowerInvariant(c) : c == '/' ? "@" : c.ToString()));
}

/// <summary>
/// Our drop-in, one for all targets of this program: for each target a variable that holds the ranges, or the name of a list that does, and for each jail one line that adds them to whatever the jail ignores
/// otherwise. Measured with 1.0.2: <c>%(known/ignoreip)s</c> is the value that an earlier file gives; it cannot be used in [DEFAULT] nor twice for one jail (a recursion), so there is a section for each jail and one
/// file for all targets. Where neither the jail nor [DEFAULT] has an ignoreip, as Debian ships it, that reference leads nowhere and fail2ban does not start: then <see cref="Fallback"/> stands beside it. Jails that are defined and not enabled have a section too, so that they are covered when somebody enables them.
/// </summary>
/// <param name="Parts">One for each target, in the order of their marks.</param>
public sealed record DropIn(ImmutableArray<DropInPart> Parts)
{
    private const string Head = "# Made by allowlist-sync: edits are lost. `allowlist-sync remove` takes the ranges of a target out.\n\n[DEFAULT]\n";
    private const string Ignore = "ignoreip = ";
    private const string Known = "%(known/ignoreip)s";
    private const string PartHead = "# allowlist-sync: ";

    /// <summary>The file that gives jails an empty list to add to, whatever other files say or no longer say; it says what fail2ban does without it.</summary>
    public const string Fallback = Head + Ignore + "\n";

    /// <summary>True for a file that this program made.</summary>
    public static bool IsOurs(string text) => text.StartsWith(Head[..(Head.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.Ordinal);

    /// <summary>The part of a target; null when there is none.</summary>
    public DropInPart? Of(Target target) => Parts.FirstOrDefault(part => part.Mark == DropInPart.MarkOf(target));

    /// <summary>The same with another part of a target; without any for null.</summary>
    public DropIn With(Target target, DropInPart? part) =>
        new([.. Parts.Where(one => one.Mark != DropInPart.MarkOf(target)).Concat(part is null ? [] : [part]).OrderBy(one => one.Mark, StringComparer.Ordinal)]);

    /// <summary>The file; null when nothing is in it. ConfigParser takes an indented line for more of the value above it; prefixes stand ten a line.</summary>
    public string? Write()
    {
        if (Parts.IsEmpty)
        {
            return null;
        }

        var text = new StringBuilder(Head);
        foreach (var part in Parts)
        {
            text.Append(CultureInfo.InvariantCulture, $"{PartHead}{part.Mark}\n{part.Variable} ={(part.List is null ? "" : $" file:{part.List}")}");
            foreach (var line in part.Entries.Chunk(10))
            {
                text.Append("\n    ").AppendJoin(' ', line);
            }

            text.Append('\n');
        }

        foreach (var jail in Parts.SelectMany(part => part.Jails).Distinct().Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n[{jail}]\n{Ignore}{string.Join(' ', Words(jail))}\n");
        }

        return text.ToString();
    }

    // 1.1.1 cannot take an address for a jail that has a list already: whatever the operator has, addresses of ours are ahead of it and lists of ours behind it.
    private IEnumerable<string> Words(string jail)
    {
        var parts = Parts.Where(part => part.Jails.Contains(jail)).ToLookup(part => part.List is not null, part => $"%({part.Variable})s");
        return [.. parts[false], Known, .. parts[true]];
    }

    /// <summary>What a file of ours says, as far as it is as we write it; whoever compares it with what is written of it sees whether that is all.</summary>
    public static DropIn Read(string? text)
    {
        var parts = new List<DropInPart>();
        string? jail = null;
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.StartsWith(PartHead, StringComparison.Ordinal) && line[PartHead.Length..].Split('/') is [{ Length: > 0 }, { Length: > 0 }])
            {
                parts.Add(new(line[PartHead.Length..], [], null, []));
            }
            else if (jail is null && parts.Count > 0 && line.StartsWith(parts[^1].Variable + " = file:", StringComparison.Ordinal))
            {
                parts[^1] = parts[^1] with { List = line.Split("file:", 2)[1] };
            }
            else if (jail is null && parts.Count > 0 && line.StartsWith("    ", StringComparison.Ordinal))
            {
                parts[^1] = parts[^1] with { Entries = parts[^1].Entries.AddRange(RangeList.Prefixes(line)) };
            }
            else if (line is ['[', .., ']'] && line != "[DEFAULT]")
            {
                jail = line[1..^1];
            }
            else if (jail is not null && line.StartsWith(Ignore, StringComparison.Ordinal))
            {
                parts = [.. parts.Select(part => line.Contains($"%({part.Variable})s", StringComparison.Ordinal) ? part with { Jails = part.Jails.Add(jail) } : part)];
            }
        }

        return new([.. parts.OrderBy(part => part.Mark, StringComparer.Ordinal)]);
    }
}
