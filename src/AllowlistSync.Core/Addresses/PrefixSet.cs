using System.Runtime.InteropServices;

namespace AllowlistSync.Core.Addresses;

/// <summary>
/// An immutable set of addresses of both families, always canonical: sorted, disjoint, merged. Two sets are equal
/// when they hold the same addresses, however they were spelled. Every operation is linear in the number of ranges.
/// </summary>
public sealed class PrefixSet : IEquatable<PrefixSet>
{
    private readonly Interval<Word>[] _v4;
    private readonly Interval<Wide>[] _v6;

    private PrefixSet(Interval<Word>[] v4, Interval<Wide>[] v6)
    {
        _v4 = v4;
        _v6 = v6;
    }

    /// <summary>The set without any address.</summary>
    public static PrefixSet Empty { get; } = new([], []);

    /// <summary>Whether the set holds no address at all.</summary>
    public bool IsEmpty => _v4.Length == 0 && _v6.Length == 0;

    internal ReadOnlySpan<Interval<Word>> V4 => _v4;

    internal ReadOnlySpan<Interval<Wide>> V6 => _v6;

    /// <summary>All addresses of the prefixes, which may come in any order and overlap.</summary>
    public static PrefixSet Of(IEnumerable<IpPrefix> prefixes)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        var collector = default(PrefixSetCollector);
        foreach (var prefix in prefixes)
        {
            collector.Add(prefix.Family, prefix.WideFirst, prefix.WideLast);
        }

        return collector.ToSet();
    }

    /// <inheritdoc cref="Of(IEnumerable{IpPrefix})"/>
    public static PrefixSet Of(params ReadOnlySpan<IpPrefix> prefixes)
    {
        var collector = default(PrefixSetCollector);
        foreach (var prefix in prefixes)
        {
            collector.Add(prefix.Family, prefix.WideFirst, prefix.WideLast);
        }

        return collector.ToSet();
    }

    /// <summary>All addresses of the ranges, which may come in any order and overlap.</summary>
    /// <exception cref="ArgumentException">A range is not valid.</exception>
    public static PrefixSet OfRanges(IEnumerable<IpRange> ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        var collector = default(PrefixSetCollector);
        foreach (var range in ranges)
        {
            if (!range.IsValid)
            {
                throw new ArgumentException("A range ends before it starts, or outside of its family.", nameof(ranges));
            }

            collector.Add(range.Family, Wide.From(range.First), Wide.From(range.Last));
        }

        return collector.ToSet();
    }

    internal static PrefixSet OfCanonical(Interval<Word>[] v4, Interval<Wide>[] v6)
        => v4.Length == 0 && v6.Length == 0 ? Empty : new(v4, v6);

    /// <summary>The addresses that are in this set, the other, or both.</summary>
    public PrefixSet Union(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.IsEmpty || ReferenceEquals(this, other))
        {
            return this;
        }

        return OfCanonical(IntervalAlgebra<Word, IPv4Math>.Union(_v4, other._v4), IntervalAlgebra<Wide, IPv6Math>.Union(_v6, other._v6));
    }

    /// <summary>The addresses of this set that are not in the other.</summary>
    public PrefixSet Except(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.IsEmpty || ReferenceEquals(this, other))
        {
            return other.IsEmpty ? this : Empty;
        }

        return OfCanonical(IntervalAlgebra<Word, IPv4Math>.Except(_v4, other._v4), IntervalAlgebra<Wide, IPv6Math>.Except(_v6, other._v6));
    }

    /// <summary>The addresses that are in both sets.</summary>
    public PrefixSet Intersect(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return OfCanonical(IntervalAlgebra<Word, IPv4Math>.Intersect(_v4, other._v4), IntervalAlgebra<Wide, IPv6Math>.Intersect(_v6, other._v6));
    }

    /// <summary>Whether every address of the other set is in this one; always true for an empty one.</summary>
    public bool Covers(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IntervalAlgebra<Word, IPv4Math>.Covers(_v4, other._v4) && IntervalAlgebra<Wide, IPv6Math>.Covers(_v6, other._v6);
    }

    /// <summary>Whether every address of the prefix is in this set; a binary search.</summary>
    public bool Covers(IpPrefix prefix) => prefix.Family == IpFamily.IPv4
        ? CoversOne<Word, IPv4Math>(_v4, prefix)
        : CoversOne<Wide, IPv6Math>(_v6, prefix);

    /// <summary>Whether the sets share an address.</summary>
    public bool Overlaps(PrefixSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IntervalAlgebra<Word, IPv4Math>.Overlaps(_v4, other._v4) || IntervalAlgebra<Wide, IPv6Math>.Overlaps(_v6, other._v6);
    }

    /// <summary>Whether an address of the prefix is in this set; a binary search.</summary>
    public bool Overlaps(IpPrefix prefix) => prefix.Family == IpFamily.IPv4
        ? OverlapsOne<Word, IPv4Math>(_v4, prefix)
        : OverlapsOne<Wide, IPv6Math>(_v6, prefix);

    /// <summary>The addresses of one family.</summary>
    public PrefixSet Only(IpFamily family) => family == IpFamily.IPv4 ? OfCanonical(_v4, []) : OfCanonical([], _v6);

    /// <summary>The fewest prefixes that hold exactly this set; IPv4 first, ascending.</summary>
    public IEnumerable<IpPrefix> Prefixes() => Prefixes(IpFamily.IPv4).Concat(Prefixes(IpFamily.IPv6));

    /// <summary>The fewest prefixes that hold exactly this set's addresses of one family, ascending.</summary>
    public IEnumerable<IpPrefix> Prefixes(IpFamily family) => family == IpFamily.IPv4
        ? Decomposition.Prefixes<Word, IPv4Math>(_v4)
        : Decomposition.Prefixes<Wide, IPv6Math>(_v6);

    /// <summary>The fewest ranges that hold exactly this set; IPv4 first, ascending.</summary>
    public IEnumerable<IpRange> Ranges() => Ranges(IpFamily.IPv4).Concat(Ranges(IpFamily.IPv6));

    /// <summary>The fewest ranges that hold exactly this set's addresses of one family, ascending.</summary>
    public IEnumerable<IpRange> Ranges(IpFamily family) => family == IpFamily.IPv4
        ? _v4.Select(static range => new IpRange(IpFamily.IPv4, range.First.Value, range.Last.Value))
        : _v6.Select(static range => new IpRange(IpFamily.IPv6, range.First.ToUInt128(), range.Last.ToUInt128()));

    /// <summary>How many prefixes <see cref="Prefixes(IpFamily)"/> gives.</summary>
    public int PrefixCount(IpFamily family) => family == IpFamily.IPv4
        ? Decomposition.Count<Word, IPv4Math>(_v4)
        : Decomposition.Count<Wide, IPv6Math>(_v6);

    /// <summary>
    /// How many addresses of the family are in the set. The whole of IPv6 is 2^128, which does not fit: it gives
    /// <see cref="UInt128.MaxValue"/>, one less. All other counts are exact.
    /// </summary>
    public UInt128 AddressCount(IpFamily family)
    {
        var count = UInt128.Zero;
        foreach (var range in Ranges(family))
        {
            var size = range.Last - range.First;
            if (size == UInt128.MaxValue)
            {
                return size;
            }

            count += size + 1;
        }

        return count;
    }

    /// <inheritdoc/>
    public bool Equals(PrefixSet? other)
        => ReferenceEquals(this, other) || (other is not null && Bytes(_v4).SequenceEqual(Bytes(other._v4)) && Bytes(_v6).SequenceEqual(Bytes(other._v6)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PrefixSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(_v4.Length);
        hash.AddBytes(Bytes(_v4));
        hash.AddBytes(Bytes(_v6));
        return hash.ToHashCode();
    }

    /// <summary>The size in words, such as <c>22 prefixes (15 IPv4, 7 IPv6)</c>.</summary>
    public override string ToString()
    {
        long v4 = PrefixCount(IpFamily.IPv4);
        long v6 = PrefixCount(IpFamily.IPv6);
        return $"{v4 + v6} {(v4 + v6 == 1 ? "prefix" : "prefixes")} ({v4} IPv4, {v6} IPv6)";
    }

    /// <summary>Whether the two sets hold the same addresses.</summary>
    public static bool operator ==(PrefixSet? left, PrefixSet? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether the two sets differ in an address.</summary>
    public static bool operator !=(PrefixSet? left, PrefixSet? right) => !(left == right);

    private static ReadOnlySpan<byte> Bytes<T>(Interval<T>[] intervals)
        where T : unmanaged => MemoryMarshal.AsBytes<Interval<T>>(intervals);

    private static bool CoversOne<T, TMath>(Interval<T>[] all, IpPrefix prefix)
        where T : unmanaged
        where TMath : struct, IAddressMath<T>
    {
        var first = TMath.Narrow(prefix.WideFirst);
        var from = IntervalAlgebra<T, TMath>.From(all, first);
        return !from.IsEmpty && !TMath.Less(first, from[0].First) && !TMath.Less(from[0].Last, TMath.Narrow(prefix.WideLast));
    }

    private static bool OverlapsOne<T, TMath>(Interval<T>[] all, IpPrefix prefix)
        where T : unmanaged
        where TMath : struct, IAddressMath<T>
    {
        var from = IntervalAlgebra<T, TMath>.From(all, TMath.Narrow(prefix.WideFirst));
        return !from.IsEmpty && !TMath.Less(TMath.Narrow(prefix.WideLast), from[0].First);
    }
}
