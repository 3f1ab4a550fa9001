using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Turns what is there into what it means. Pure.</summary>
internal static class Fail2BanObservation
{
    // 1,000 take a jail 0.6 s, 10,000 take it 28 s (1.0.2).
    private const int ManyEntries = 2_000;

    public static ObservedState Of(Fail2BanState state, Target target, Fail2BanOptions options) => new()
    {
        Existence = state.DropIn.Of(target) is null && state.Own.List is null ? Existence.Absent : Existence.Present,
        Allowed = TrafficSet.Of(PrefixSet.Of(state.Entries), PortSet.Any),
        Foreign = [.. Names(state)],
        Defects = [.. FileDefects(state, target), .. NotInForce(state, target)],
        Findings = [.. Findings(state, options), .. Overridden(state, target)],
        Bans = [.. state.Running.SelectMany(jail => jail.Bans)],
        Revision = Digest([state.Own.DropIn ?? "", state.Own.List ?? "", state.Own.Fallback ?? "", .. state.Running.SelectMany(jail => jail.Ignored.Order(StringComparer.Ordinal).Prepend(jail.Name))]),
        Native = state,
    };

    // What is wrong with our files, whatever the prefixes.
    private static IEnumerable<Defect> FileDefects(Fail2BanState state, Target target)
    {
        var right = state.Right(target, state.Entries);
        if (state.Own == right.Files)
        {
            yield break;
        }

        var part = state.DropIn.Of(target);
        var missing = right.Jails.Except(part?.Jails ?? []).ToList();
        yield return part switch
        {
            null => new Defect("edited", state.Own.List is null ? $"{Fail2BanPlaces.DropIn} was edited: it is written anew" : $"{Fail2BanPlaces.List(target)} is there and nothing refers to it: it is taken out, or used again"),
            _ when (part.List is not null) != state.ReadsLists && !state.Entries.IsEmpty => new Defect(
                "other-version", $"{Fail2BanPlaces.DropIn} was written for another version of fail2ban, which {(state.ReadsLists ? "did not read lists of ranges yet" : "read lists of ranges")}: it is written anew"),
            _ when missing.Count > 0 && !state.Entries.IsEmpty => new Defect(
                "jail-not-covered", $"{Some(missing)} {(missing.Count == 1 ? "was" : "were")} defined since {Fail2BanPlaces.DropIn} was written and would not ignore the ranges: it is written anew"),
            _ when state.Own == right.Files with { Fallback = state.Own.Fallback } => new Defect(
                "fallback", state.NeedsFallback ? $"{Fail2BanPlaces.Fallback}, which gives each jail an ignoreip to add to, is written anew" : $"ignoreip of [DEFAULT] is set ahead of {Fail2BanPlaces.Fallback}, which would hide it: that file is taken out"),
            _ => new Defect("edited", $"{Fail2BanPlaces.DropIn}{(part.List is null ? "" : $" or {part.List}")} was edited: it is written anew, and what was written into it by hand goes"),
        };
    }

    private static IEnumerable<Defect> NotInForce(Fail2BanState state, Target target)
    {
        var words = state.Right(target, state.Entries).Words.Select(IgnoreWord.Of).ToList();
        var lacking = state.Running.Where(jail => words.Except(jail.Ignored.Select(IgnoreWord.Of)).Any()).Select(jail => jail.Name).ToList();
        if (lacking.Count > 0)
        {
            yield return new Defect("not-in-force", $"{Some(lacking)} {(lacking.Count == 1 ? "runs and does" : "run and do")} not ignore all of the ranges that our files hold: the server is told");
        }
    }

    // A file that is read after ours may set ignoreip of a jail anew.
    private static IEnumerable<Finding> Overridden(Fail2BanState state, Target target)
    {
        var right = state.Right(target, state.Entries);
        if (state.Entries.IsEmpty || state.Own != right.Files)
        {
            yield break;
        }

        var words = right.Words;
        var lacking = right.Jails.Where(jail => state.Enabled.TryGetValue(jail, out var ignored) && words.Except(ignored).Any()).ToList();
        if (lacking.Count > 0)
        {
            yield return new Finding("overridden", Severity.Problem, $"a file that fail2ban reads after ours sets ignoreip of {Some(lacking)} anew: the ranges are ignored until fail2ban is reloaded, and not after that", $"give that file a name below {Fail2BanPlaces.DropIns} that sorts before zz-allowlist-sync, or begin its value with %(known/ignoreip)s");
        }
    }

    private static IEnumerable<Finding> Findings(Fail2BanState state, Fail2BanOptions options)
    {
        if (state.Server is null)
        {
            yield return new Finding("fail2ban-not-running", Severity.Warning, "fail2ban does not run, so it bans nobody now; the ranges are kept in its files and hold when it starts", "`systemctl start fail2ban` starts it, `fail2ban-client -t` says whether it can");
        }

        if (!state.Complaints.IsEmpty)
        {
            yield return new Finding("configuration-broken", Severity.Problem, $"fail2ban finds its own configuration wrong, and would neither start nor reload with it: {string.Join("; ", state.Complaints)}", "mend it (`fail2ban-client -t` checks it); we make it no worse");
        }

        if (!state.ReadsLists && state.Entries.Length > ManyEntries)
        {
            yield return new Finding("long-list", Severity.Warning, $"{state.Entries.Length} ranges are many for this version of fail2ban: it compares each with all others when it is told them, and each failure with all of them", "fail2ban 1.1.1 or newer reads a list by itself; or let in fewer sources here");
        }

        if (!state.NotInFiles.IsEmpty)
        {
            yield return new Finding("known-in-use", Severity.Warning, $"ignoreip of {Some([.. state.NotInFiles])} uses %(known/ignoreip)s already, which fail2ban cannot nest: the ranges are ignored there by the running server only, and each run tells it again", "write the addresses of that jail out, without %(known/ignoreip)s");
        }

        foreach (var jail in options.Jails.Except(state.Jails))
        {
            yield return new Finding("jail-not-found", Severity.Warning, $"there is no jail {jail} in fail2ban's files, nor does one run", "take it out of `jails`, or define it");
        }
    }

    private static IEnumerable<Finding> Names(Fail2BanState state)
    {
        var names = state.Running.SelectMany(jail => jail.Ignored).Select(IgnoreWord.Of).Where(word => word.IsName).Select(word => word.Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (names.Count > 0)
        {
            yield return new Finding("ignored-names", Severity.Info, $"jails ignore names besides addresses, which we leave alone: {Some(names)}", "");
        }
    }

    private static string Digest(IEnumerable<string> parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));

    private static string Some(List<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
}
