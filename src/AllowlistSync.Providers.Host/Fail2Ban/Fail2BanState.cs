using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>A jail that runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ignored">What it ignores now, as fail2ban says it.</param>
/// <param name="Bans">Whom it bans now.</param>
public sealed record RunningJail(string Name, ImmutableArray<string> Ignored, ImmutableArray<Ban> Bans);

/// <summary>The server that runs.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Jails">Its jails, all of them.</param>
public sealed record Fail2BanServer(string Version, ImmutableArray<RunningJail> Jails);

/// <summary>What is there of fail2ban, and of ours in it.</summary>
public sealed record Fail2BanState : NativeState
{
    /// <summary>Our files as they are.</summary>
    public required OwnFiles Own { get; init; }

    /// <summary>What our drop-in says, of this target and of others.</summary>
    public required DropIn DropIn { get; init; }

    /// <summary>The prefixes that our files hold.</summary>
    public required ImmutableArray<IpPrefix> Entries { get; init; }

    /// <summary>The jails that the files define and the target keeps, enabled or not, sorted.</summary>
    public required ImmutableArray<string> Jails { get; init; }

    /// <summary>Those of them whose own <c>ignoreip</c> already uses <c>%(known/ignoreip)s</c>, which fail2ban cannot nest: our drop-in leaves them out.</summary>
    public required ImmutableArray<string> NotInFiles { get; init; }

    /// <summary>Whether no file that is read before our fallback sets <c>ignoreip</c> of [DEFAULT]: then the fallback hides nothing, and whatever is taken out of later files, there is something to add to.</summary>
    public bool NeedsFallback { get; init; }

    /// <summary>The jails that the files enable, and the words that each ignores by them, ours among them.</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<string>> Enabled { get; init; }

    /// <summary>The server; null when none runs.</summary>
    public required Fail2BanServer? Server { get; init; }

    /// <summary>True when both the installed and the running version read lists (1.1.1 and newer).</summary>
    public required bool ReadsLists { get; init; }

    /// <summary>What fail2ban says against its own configuration; empty when nothing.</summary>
    public required ImmutableArray<string> Complaints { get; init; }

    /// <summary>Our files as they should be for some prefixes.</summary>
    internal Fail2BanFiles Right(Target target, ImmutableArray<IpPrefix> entries) => new(target, DropIn, entries, [.. Jails.Except(NotInFiles)], ReadsLists, NeedsFallback);

    /// <summary>The jails that run and that the target keeps.</summary>
    public IEnumerable<RunningJail> Running => Server?.Jails.Where(jail => Jails.Contains(jail.Name)) ?? [];
}
