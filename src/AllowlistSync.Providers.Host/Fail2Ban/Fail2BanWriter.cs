using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Turns a wish into an edit. Pure.</summary>
internal static class Fail2BanWriter
{
    /// <summary>The edit that makes fail2ban ignore just these prefixes because of us.</summary>
    public static Fail2BanEdit Edit(Fail2BanState state, Target target, PrefixSet wanted, ImmutableArray<Ban> lift)
    {
        var goal = state.Right(target, [.. wanted.Prefixes()]);
        var both = goal with { Entries = goal.Entries.Except(state.Entries).Any() ? [.. goal.Entries.Concat(state.Entries).Distinct()] : state.Entries };
        var changes = state.Running.Select(jail => Words(state, target, jail, goal)).ToList();
        return new(
            state.Own,
            goal.Entries.IsEmpty ? state.Own : both.Files,
            goal.Files,
            [.. changes.SelectMany(change => change.Commands()), .. lift.GroupBy(JailName.Of).Select(jail => new Fail2BanCommand(jail.Key, Fail2BanCommand.Unban, [.. jail.Select(Address)]))],
            [.. changes.SelectMany(change => change.Reversed().Commands())]);
    }

    /// <summary>The bans of a state that are to be lifted and are still there.</summary>
    public static ImmutableArray<Ban> StillThere(Fail2BanState state, ImmutableArray<Ban> lift) => [.. lift.Intersect(state.Running.SelectMany(jail => jail.Bans))];

    // What the operator lists himself stays ignored, also when it is the same as ours: in what the files make of a jail it then stands twice.
    private static WordChange Words(Fail2BanState state, Target target, RunningJail jail, Fail2BanFiles goal)
    {
        var said = jail.Ignored.Select(IgnoreWord.Of).ToList();
        var mine = OwnWords(state, target).ToHashSet();
        var isCovered = state.DropIn.Of(target)?.Jails.Contains(jail.Name) == true;
        var theirs = state.Enabled.GetValueOrDefault(jail.Name, []).Select(IgnoreWord.Of).GroupBy(word => word).Where(group => group.Count() > (isCovered && mine.Contains(group.Key) ? 1 : 0)).Select(group => group.Key);
        var wanted = goal.Words.Select(IgnoreWord.Of).ToList();
        ImmutableArray<IgnoreWord> remove = [.. said.Where(mine.Contains).Except(wanted).Except(theirs)];
        return new(jail.Name, [.. wanted.Except(said)], remove, [.. said.Where(word => word.IsList).Except(remove)]);
    }

    // As the files are now, which may be in the words of another version of fail2ban.
    private static IEnumerable<IgnoreWord> OwnWords(Fail2BanState state, Target target) =>
        (state.Right(target, state.Entries) with { ReadsLists = state.DropIn.Of(target)?.List is not null }).Words.Select(IgnoreWord.Of);

    private static string Address(Ban ban) => ban.Prefix.Length == (ban.Prefix.Family == IpFamily.IPv4 ? 32 : 128) ? ban.Prefix.ToString().Split('/')[0] : ban.Prefix.ToString();

    /// <summary>What changes in a jail that runs.</summary>
    /// <param name="Jail">The jail.</param>
    /// <param name="Add">What it shall ignore too.</param>
    /// <param name="Remove">What it shall ignore no longer.</param>
    /// <param name="Lists">The lists that stay.</param>
    private sealed record WordChange(string Jail, ImmutableArray<IgnoreWord> Add, ImmutableArray<IgnoreWord> Remove, ImmutableArray<IgnoreWord> Lists)
    {
        public WordChange Reversed() => new(Jail, Remove, Add, Lists);

        // 1.1.1 refuses to add an address to a jail that has a list (FileIPAddrSet.__eq__ in its ipdns.py): only then lists step aside for that moment.
        public IEnumerable<Fail2BanCommand> Commands()
        {
            ImmutableArray<IgnoreWord> aside = Add.Any(word => !word.IsList) ? [.. Lists, .. Remove.Where(word => word.IsList)] : [];
            ImmutableArray<IgnoreWord> add = [.. Add.Where(word => !word.IsList), .. Add.Where(word => word.IsList), .. aside.Intersect(Lists)];
            return
            [
                .. aside.Select(NoLonger),
                .. add.IsEmpty ? [] : new[] { new Fail2BanCommand(Jail, Fail2BanCommand.Ignore, [.. add.Select(word => word.Text)]) },
                .. Remove.Except(aside).Select(NoLonger),
            ];
        }

        // Of several words it takes the first and forgets the others (1.0.2 and 1.1.1).
        private Fail2BanCommand NoLonger(IgnoreWord word) => new(Jail, Fail2BanCommand.NoLongerIgnore, [word.Text]);
    }
}
