using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>
/// What belongs to whom. A rule in the kernel carries no comment: one of the shape that we make, which no entry of others explains, is taken for ours as long as a file
/// of ours is there (a run that was killed between file and kernel leaves such). Pure.
/// </summary>
internal sealed record CsfView
{
    private CsfView(CsfState state, CsfMark mark) => (State, Mark) = (state, mark);

    /// <summary>What it is a view of.</summary>
    public CsfState State { get; }

    /// <summary>Whose.</summary>
    public CsfMark Mark { get; }

    /// <summary>Our rules in our file, of the families that CSF filters, if CSF reads the file.</summary>
    public ImmutableHashSet<CsfRule> Written { get; private init; } = [];

    /// <summary>Our rules that are in force: in the kernel, or in the file while CSF is not loaded.</summary>
    public ImmutableHashSet<CsfRule> InForce { get; private init; } = [];

    /// <summary>True when anything of ours is there.</summary>
    public bool IsThere => State.OwnAllow.IsThere || State.OwnIgnore.IsThere;

    /// <summary>Our rules that are written and not in the kernel.</summary>
    public int NotLoaded => State.IsRunning ? Written.Except(InForce).Count : 0;

    /// <summary>Our rules that are in the kernel and not written.</summary>
    public int NotWritten => State.IsRunning ? InForce.Except(Written).Count : 0;

    /// <summary>True when a running lfd has not read our file of ignored prefixes yet.</summary>
    public bool IsLfdBehind => State is { CanTellLfd: true, OwnIgnore.Text: { } text } && CsfWriter.IsUnread(text);

    /// <summary>Looks at a state; a file of our name that is not ours is a conflict.</summary>
    public static CsfView Of(CsfState state, CsfMark mark)
    {
        RequireOurs(state.OwnAllow, mark);
        RequireOurs(state.OwnIgnore, mark);
        var written = state.OwnAllow.Includes == 0 ? [] : state.OwnAllow.Entries.Select(entry => CsfRule.Read(entry.Subject)).OfType<CsfRule>().Where(rule => state.Families.Contains(rule.Source.Family)).ToImmutableHashSet();
        var view = new CsfView(state, mark) { Written = written, InForce = written };
        return state.IsLoaded ? view with { InForce = view.OursInKernel() } : view;
    }

    private ImmutableHashSet<CsfRule> OursInKernel()
    {
        var kernel = State.Chains.Where(chain => State.Families.Contains(chain.Family)).SelectMany(chain => chain.Rules ?? []).ToList();
        if (!IsThere)
        {
            return [];
        }

        var explained = State.Allow.Files.Where(file => file.Path != Mark.AllowFile).SelectMany(CsfList.EntriesOf).SelectMany(Shapes).Concat(CsfText.Lines(State.TemporaryAllows).SelectMany(OfTemporary)).ToHashSet();
        return [.. kernel.Where(rule => Written.Contains(rule) || !explained.Contains(rule))];
    }

    // What an entry of others looks like in the kernel, read back in the way in which the kernel's own rules are read.
    private static IEnumerable<CsfRule> Shapes(CsfEntry entry) => entry.Matches().Where(match => !match.IsOut)
        .Select(match => CsfRule.ReadKernel($"-A {CsfPlaces.AllowChain} {Canonical(match.Match, entry)} -j ACCEPT", match.Family)).OfType<CsfRule>();

    // The kernel shows a network without the bits behind its length.
    private static string Canonical(string match, CsfEntry entry)
    {
        var words = match.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "-s");
        if (at >= 0 && CsfEntry.ReadAddress(words[at + 1]) is { } address)
        {
            words[at + 1] = address.ToString();
        }

        return string.Join(' ', words);
    }

    // epoch|address|ports|direction|seconds|message; ports are 80 or 53;udp, each a rule of its own.
    private static IEnumerable<CsfRule> OfTemporary(string line)
    {
        var fields = line.Split('|', 6);
        if (fields.Length < 6 || CsfEntry.ReadAddress(fields[1]) is not { } address)
        {
            return [];
        }

        return fields[2].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(port => port.Split(';'))
            .Select(port => CsfRule.Read($"{(port.Length > 1 ? port[1] : "tcp")}|in|d={port[0]}|s={address}")).OfType<CsfRule>();
    }

    private static void RequireOurs(CsfOwnFile file, CsfMark mark)
    {
        if (file.Text is { } text && CsfText.Lines(text).Select(CsfText.Bare).FirstOrDefault() != mark.FirstLine)
        {
            throw new ProviderException(
                FailureKind.Conflict,
                Aftermath.Untouched,
                $"{file.Path} does not begin with `{mark.FirstLine}`, so it is not a file of ours, and its name is the one that we would use; it was left as it is",
                "move that file to another name (and change the line that includes it), or give the target another name");
        }
    }
}
