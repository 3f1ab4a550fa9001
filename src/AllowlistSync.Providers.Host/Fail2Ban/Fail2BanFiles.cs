using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Our files as they should be for some prefixes of a target. Pure.</summary>
/// <param name="Target">Whose they are.</param>
/// <param name="Found">The drop-in as it is, with the parts of other targets.</param>
/// <param name="Entries">The prefixes; none means that the target has no part and no list.</param>
/// <param name="Jails">The jails that the drop-in can cover.</param>
/// <param name="ReadsLists">Whether fail2ban reads lists by itself.</param>
/// <param name="NeedsFallback">Whether the fallback is to be there.</param>
internal sealed record Fail2BanFiles(Target Target, DropIn Found, ImmutableArray<IpPrefix> Entries, ImmutableArray<string> Jails, bool ReadsLists, bool NeedsFallback)
{
    /// <summary>The files.</summary>
    public OwnFiles Files => Found.With(Target, Part).Write() is { } dropIn
        ? new(dropIn, Entries.IsEmpty || !ReadsLists ? null : RangeList.Write(Target, Entries), NeedsFallback ? DropIn.Fallback : null)
        : new(null, null);

    /// <summary>The words that jails ignore because of us: the prefixes, or the one that names the list.</summary>
    public ImmutableArray<string> Words => ReadsLists && !Entries.IsEmpty ? [$"file:{Fail2BanPlaces.List(Target)}"] : [.. Entries.Select(entry => entry.ToString())];

    private DropInPart? Part => Entries.IsEmpty ? null : new DropInPart(DropInPart.MarkOf(Target), ReadsLists ? [] : Entries, ReadsLists ? Fail2BanPlaces.List(Target) : null, Jails);
}

/// <summary>Our files; null for one that is not there.</summary>
/// <param name="DropIn">The drop-in.</param>
/// <param name="List">The list.</param>
/// <param name="Fallback">The fallback, which all targets share as they share the drop-in.</param>
public sealed record OwnFiles(string? DropIn, string? List, string? Fallback = null);
