using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>A file before and after; null where there is none.</summary>
/// <param name="Path">The file.</param>
/// <param name="Before">As it is.</param>
/// <param name="After">As it shall be.</param>
internal sealed record CsfEdit(string Path, string? Before, string? After)
{
    /// <summary>Whether anything changes.</summary>
    public bool Changes => Before != After;
}

/// <summary>Which part of CSF must read its files again.</summary>
[Flags]
internal enum CsfRestart
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The firewall: all rules are flushed and made again.</summary>
    Firewall = 1,

    /// <summary>The daemon that bans: it reads csf.ignore only when it starts.</summary>
    Lfd = 2,
}

/// <summary>A change in its order.</summary>
/// <param name="First">Files to write before CSF reads them.</param>
/// <param name="Restart">What must read them.</param>
/// <param name="Lift">Bans that csf is told to lift, one by one: they are few.</param>
/// <param name="Last">Files to write when all is in force.</param>
/// <param name="Wanted">Our rules that shall be in force then.</param>
internal sealed record CsfPlan(ImmutableArray<CsfEdit> First, CsfRestart Restart, ImmutableArray<CsfBan> Lift, ImmutableArray<CsfEdit> Last, ImmutableHashSet<CsfRule> Wanted)
{
    /// <summary>True when nothing is to be done.</summary>
    public bool IsEmpty => First.IsEmpty && Last.IsEmpty && Lift.IsEmpty && Restart == CsfRestart.None;
}

/// <summary>Writes our files, and the lines by which CSF reads them; every other byte of CSF's own files stays. Pure.</summary>
internal static class CsfWriter
{
    // Each costs a program of 0.3 to 0.5 s (measured with CSF 15.00), a restart of the firewall costs more than that and connections besides.
    private const int MostByCommand = 8;

    private const string Unread = "# lfd has not read this yet";
    private const string Notice = "# Made by allowlist-sync and written again by it: what is changed here by hand is lost.";

    /// <summary>The change that makes our rules exactly these and lifts these bans.</summary>
    public static CsfPlan Plan(CsfView view, ImmutableArray<CsfRule> rules, ImmutableArray<Ban> lift)
    {
        var state = view.State;
        var lifted = CsfBans.Of(state).Where(ban => lift.Contains(ban.Ban)).ToImmutableArray();
        var isByCommand = state.IsRunning && lifted.Select(ban => ban.Address).Distinct(StringComparer.OrdinalIgnoreCase).Count() <= MostByCommand;
        var unban = isByCommand ? [] : Unban(state, lifted);
        ImmutableHashSet<CsfRule> wanted = [.. rules.Where(rule => state.Families.Contains(rule.Source.Family))];
        var ignored = PrefixSet.Of(rules.Select(rule => rule.Source));
        var isLfdDue = state.Lfd is not null && (rules.IsEmpty ? state.OwnIgnore.IsThere : !IsInOrder(view, ignored));
        var tellsLfd = isLfdDue && state.CanTellLfd;
        var restart = (state.IsRunning && (!view.InForce.SetEquals(wanted) || unban.Length > 0) ? CsfRestart.Firewall : CsfRestart.None) | (tellsLfd ? CsfRestart.Lfd : CsfRestart.None);
        var (first, last) = rules.IsEmpty ? Removal(view, restart) : Placing(view, rules, ignored, isLfdDue);
        return new CsfPlan([.. first.Concat(unban).Where(edit => edit.Changes)], restart, isByCommand ? lifted : [], [.. last.Where(edit => edit.Changes)], wanted);
    }

    /// <summary>Our file of allowed prefixes.</summary>
    public static string AllowText(CsfMark mark, IEnumerable<CsfRule> rules) => $"{mark.FirstLine}\n{Notice}\n{string.Concat(rules.Select(rule => rule.Line(mark) + "\n"))}";

    /// <summary>Our file of ignored prefixes. Its third line says whether lfd has yet to read it, so that a run which was killed in between leaves a trace.</summary>
    public static string IgnoreText(CsfMark mark, PrefixSet prefixes, bool isUnread) =>
        $"{mark.FirstLine}\n{Notice}\n{(isUnread ? Unread + "\n" : "")}{string.Concat(prefixes.Prefixes().Select(prefix => $"{prefix}\n"))}";

    /// <summary>True for a file that says that lfd has not read it.</summary>
    public static bool IsUnread(string text) => text.Contains($"\n{Unread}\n", StringComparison.Ordinal);

    /// <summary>A list that includes a file once: behind the last line that has an end, so that no line is glued to another and no byte changes.</summary>
    public static string WithInclude(string text, string file)
    {
        var others = WithoutInclude(text, file);
        return others.Insert(others.LastIndexOf('\n') + 1, CsfMark.IncludeLine(file) + "\n");
    }

    /// <summary>A list that does not include a file.</summary>
    public static string WithoutInclude(string text, string file) => string.Concat(CsfText.Lines(text).Where(line => CsfMark.Included(CsfText.Bare(line)) != file));

    /// <summary>True when our file of ignored prefixes says exactly these, CSF's list includes it once, and lfd has read it.</summary>
    public static bool IsInOrder(CsfView view, PrefixSet ignored) => view.State.OwnIgnore is { Includes: 1 } own && own.Text == IgnoreText(view.Mark, ignored, isUnread: false);

    private static (IEnumerable<CsfEdit> First, IEnumerable<CsfEdit> Last) Placing(CsfView view, ImmutableArray<CsfRule> rules, PrefixSet ignored, bool isLfdDue)
    {
        var (state, mark) = (view.State, view.Mark);
        var read = IgnoreText(mark, ignored, isUnread: false);
        var written = isLfdDue ? IgnoreText(mark, ignored, isUnread: true) : read;
        return (
            [
                new(mark.IgnoreFile, state.OwnIgnore.Text, written),
                Including(CsfPlaces.Ignore, state.Ignore, state.OwnIgnore),
                new(mark.AllowFile, state.OwnAllow.Text, AllowText(mark, rules)),
                Including(CsfPlaces.Allow, state.Allow, state.OwnAllow),
            ],
            state.CanTellLfd ? [new(mark.IgnoreFile, written, read)] : []);
    }

    // What is in force goes first, with files that say nothing; only then the files and the lines that include them. So a kill in between leaves a trace of ours.
    private static (IEnumerable<CsfEdit> First, IEnumerable<CsfEdit> Last) Removal(CsfView view, CsfRestart restart)
    {
        var (state, mark) = (view.State, view.Mark);
        var isInForce = restart != CsfRestart.None;
        var ignore = isInForce && state.OwnIgnore.IsThere ? IgnoreText(mark, PrefixSet.Empty, isUnread: true) : state.OwnIgnore.Text;
        var allow = isInForce && view.IsThere ? AllowText(mark, []) : state.OwnAllow.Text;
        return (
            [new(mark.IgnoreFile, state.OwnIgnore.Text, ignore), new(mark.AllowFile, state.OwnAllow.Text, allow)],
            [
                new(CsfPlaces.Allow, state.Allow.Files[0].Text, Excluding(state.Allow.Files[0].Text, mark.AllowFile)),
                new(mark.AllowFile, allow, null),
                new(CsfPlaces.Ignore, state.Ignore.Files[0].Text, Excluding(state.Ignore.Files[0].Text, mark.IgnoreFile)),
                new(mark.IgnoreFile, ignore, null),
            ]);
    }

    private static CsfEdit Including(string path, CsfList list, CsfOwnFile own) => new(path, list.Files[0].Text, own.Includes == 1 ? list.Text : WithInclude(list.Text, own.Path));

    private static string? Excluding(string? text, string file) => text is null ? null : WithoutInclude(text, file);

    private static ImmutableArray<CsfEdit> Unban(CsfState state, ImmutableArray<CsfBan> lifted)
    {
        var bans = lifted.Select(ban => ban.Ban).ToHashSet();
        CsfEdit[] edits =
        [
            new(CsfPlaces.Deny, state.Deny.Files[0].Text, state.Deny.Files[0].Text is { } text ? CsfBans.Without(text, bans, isTemporary: false) : null),
            new(CsfPlaces.TemporaryBans, state.TemporaryBans, CsfBans.Without(state.TemporaryBans, bans, isTemporary: true)),
        ];
        return [.. edits.Where(edit => edit.Changes)];
    }
}
