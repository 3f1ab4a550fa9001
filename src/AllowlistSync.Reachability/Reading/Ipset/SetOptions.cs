using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>What a set was created with, and what its elements may carry because of it (ipset(8), "GENERIC CREATE AND ADD OPTIONS").</summary>
internal static class SetOptions
{
    /// <summary>The kernel's limit when none is given.</summary>
    private const int UsualLimit = 65536;

    // A set that is there already is the same for the kernel when these are; sizes of hashes do not matter (ip_set_hash_gen.h, mtype_same_set).
    private static readonly string[] Compared = ["family", "maxelem", "timeout", "netmask", "bitmask", "markmask", "range", "size"];

    private static readonly string[] Flags = ["counters", "comment", "skbinfo"];

    private static readonly string[] WithValue = [.. Compared, "hashsize", "bucketsize", "initval"];

    /// <summary>The word behind an option; null without it.</summary>
    internal static string? Value(IpSet set, string name) => set.Options.IndexOf(name) is var at and >= 0 && at + 1 < set.Options.Length ? set.Options[at + 1] : null;

    /// <summary>How many elements it takes; null for a number that is none.</summary>
    internal static int? Limit(IpSet set) => set.Type.StartsWith("hash:", StringComparison.Ordinal)
        ? Value(set, "maxelem") is not { } text ? UsualLimit : int.TryParse(text, out var most) ? most : null
        : Value(set, "size") is { } size && int.TryParse(size, out var members) ? members : int.MaxValue;

    /// <summary>Whether all options of a new set are understood.</summary>
    internal static bool AreUnderstood(IpSet set)
    {
        for (var i = 0; i < set.Options.Length; i++)
        {
            if (WithValue.Contains(set.Options[i]) && i + 1 < set.Options.Length)
            {
                i++;
            }
            else if (!Flags.Contains(set.Options[i]))
            {
                return false;
            }
        }

        return Value(set, "family") is null or "inet" or "inet6" && Limit(set) is not null;
    }

    /// <summary>Whether <c>create -exist</c> takes one for the other.</summary>
    internal static bool AreSame(IpSet set, IpSet other) =>
        set.Type == other.Type && Array.TrueForAll(Compared, name => Settled(set, name) == Settled(other, name)) && Array.TrueForAll(Flags, flag => set.Options.Contains(flag) == other.Options.Contains(flag));

    /// <summary>Whether an element may carry options; a name that is none is refused.</summary>
    internal static bool Allow(IpSet set, IReadOnlyList<string> options)
    {
        for (var i = 0; i < options.Count; i++)
        {
            var isAllowed = options[i] switch
            {
                "timeout" => Value(set, "timeout") is not null && uint.TryParse(options.ElementAtOrDefault(++i), out _),
                "comment" => set.Options.Contains("comment") && ++i < options.Count,
                "packets" or "bytes" => set.Options.Contains("counters") && ++i < options.Count,
                "skbmark" or "skbprio" or "skbqueue" => set.Options.Contains("skbinfo") && ++i < options.Count,
                "nomatch" => set.Type.Contains("net", StringComparison.Ordinal),
                "wildcard" => set.Type == "hash:net,iface",
                _ => false,
            };
            if (!isAllowed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Of the options of an element those that change what it matches, or how long.</summary>
    internal static string Kept(IReadOnlyList<string> options) =>
        (options.Contains("nomatch") ? " nomatch" : "") + (options.Contains("wildcard") ? " wildcard" : "");

    private static string? Settled(IpSet set, string name) => Value(set, name) ?? name switch
    {
        "family" => "inet",
        "maxelem" when set.Type.StartsWith("hash:", StringComparison.Ordinal) => $"{UsualLimit}",
        "size" when set.Type == "list:set" => "8",
        _ => null,
    };

    /// <summary>The options of an empty set of a type.</summary>
    internal static IpSet New(string type, IEnumerable<string> options) => new(type, [.. options], ImmutableArray<ReadOnlyMemory<byte>>.Empty);
}
