using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>Turns what is there into what it means. Pure.</summary>
internal static class CsfObservation
{
    private const int MostLines = 5;

    public static ObservedState Of(CsfState state, CsfMark mark)
    {
        var view = CsfView.Of(state, mark);
        var sources = PrefixSet.Of(view.Written.Select(rule => rule.Source));
        return new ObservedState
        {
            Existence = view.IsThere || !view.InForce.IsEmpty ? Existence.Present : Existence.Absent,
            Allowed = CsfRule.Traffic(view.InForce),
            Families = state.Families,
            Bans = [.. CsfBans.Of(state).Select(ban => ban.Ban).Distinct()],
            Foreign = [.. Unrecognised(state, mark), .. CsfBans.NotLifted(state, sources)],
            Defects = [.. Defects(view)],
            Findings = [.. Findings(state)],
            Revision = CsfRevision.Of(view),
            Native = state,
        };
    }

    private static IEnumerable<Defect> Defects(CsfView view)
    {
        foreach (var own in (CsfOwnFile[])[view.State.OwnAllow, view.State.OwnIgnore])
        {
            if (view.IsThere && own.Includes != 1)
            {
                var list = own == view.State.OwnAllow ? CsfPlaces.Allow : CsfPlaces.Ignore;
                yield return new Defect("include-missing", $"{list} includes {own.Path} {own.Includes} times; it is included once");
            }

            if (view.IsThere && Difference(view, own) is { } difference)
            {
                yield return new Defect("file-edited", $"{own.Path} {difference}; it is written again");
            }
        }

        if (view.NotLoaded > 0)
        {
            yield return new Defect("not-loaded", $"{view.NotLoaded} entries of {view.State.OwnAllow.Path} are not in the kernel; csf is restarted");
        }

        if (view.NotWritten > 0)
        {
            yield return new Defect("not-saved", $"{view.NotWritten} rules of the shape of ours are in the kernel, and no file has them; csf is restarted");
        }

        if (view.IsLfdBehind)
        {
            yield return new Defect("lfd-not-told", $"lfd has not read {view.State.OwnIgnore.Path} since it was changed; it is restarted");
        }
    }

    // Told line by line, as far as there is room.
    private static string? Difference(CsfView view, CsfOwnFile own)
    {
        if (own.Text is not { } text)
        {
            return "is missing";
        }

        var rules = CsfRule.For(CsfRule.Traffic(view.State.OwnAllow.Entries.Select(entry => CsfRule.Read(entry.Subject)).OfType<CsfRule>())).ToList();
        var right = own == view.State.OwnAllow ? CsfWriter.AllowText(view.Mark, rules) : CsfWriter.IgnoreText(view.Mark, PrefixSet.Of(rules.Select(rule => rule.Source)), CsfWriter.IsUnread(text));
        if (text == right)
        {
            return null;
        }

        var known = right.Split('\n').ToHashSet(StringComparer.Ordinal);
        var there = text.Split('\n').ToHashSet(StringComparer.Ordinal);
        var odd = text.Split('\n').Index().Where(line => !known.Contains(line.Item)).Select(line => $"line {line.Index + 1}: {line.Item}")
            .Concat(right.Split('\n').Where(line => !there.Contains(line)).Select(line => $"not there: {line}")).ToList();
        return $"was changed by hand, or left half done ({(odd.Count == 0 ? "its lines are in another order" : string.Join("; ", odd.Take(MostLines)))}{(odd.Count > MostLines ? $"; and {odd.Count - MostLines} more" : "")})";
    }

    private static IEnumerable<Finding> Unrecognised(CsfState state, CsfMark mark) => state.Allow.Files.Where(file => file.Path != mark.AllowFile).SelectMany(CsfList.EntriesOf)
        .Where(entry => entry.IsSkipped && !entry.Subject.StartsWith("127.0.0.1", StringComparison.Ordinal))
        .Select(entry => new Finding("unrecognised-line", Severity.Warning, $"{entry}: CSF makes nothing of this line and does not say so; it is left alone", "mend it or take it out"));

    private static IEnumerable<Finding> Findings(CsfState state)
    {
        if (NotRunning(state) is { } not)
        {
            yield return not;
        }

        if (state.Configuration.IsTesting)
        {
            yield return new Finding("csf-testing", Severity.Warning, $"CSF is in TESTING mode: cron clears all of its rules every {state.Configuration.TestingInterval} minutes", "set TESTING = \"0\" in /etc/csf/csf.conf when you are sure of it, and run `csf -r`");
        }

        if (state.Lfd is null && !state.IsDisabled)
        {
            yield return new Finding("lfd-not-running", Severity.Warning, "lfd does not run, so nobody is banned by it; it reads csf.ignore when it starts", "`csf --lfd start` starts it");
        }

        if (!state.Configuration.HasIPv6)
        {
            yield return new Finding("family-not-held", Severity.Warning, "IPv6 prefixes are not held here, because IPV6 = \"0\" in /etc/csf/csf.conf: CSF then filters nothing of IPv6, whatever comes in", "set IPV6 = \"1\" there and run `csf -r`; or take IPv6 off this host");
        }
    }

    /// <summary>Why CSF does not filter; null when it does.</summary>
    public static Finding? NotRunning(CsfState state) => state switch
    {
        { IsDisabled: true } => new("csf-disabled", Severity.Warning, "CSF is disabled, so nothing is filtered by it; entries are kept in its files and hold when it is enabled", "`csf -e` enables it; or keep the firewall that does filter here"),
        { Error: { } error } => new("csf-error", Severity.Problem, $"the last start of CSF failed, and it left everything open: {error}", "mend what it names, then run `csf -r`; entries are kept in its files and hold then"),
        { IsLoaded: false } => new("csf-not-loaded", Severity.Problem, "CSF is enabled, and its rules are not in the kernel, so nothing is filtered by it (somebody ran `csf -f`?); entries are kept in its files", "run `csf -r`"),
        _ => null,
    };
}
