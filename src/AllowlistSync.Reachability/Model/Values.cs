using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Model;

/// <summary>What a field is compared with.</summary>
public abstract record Values
{
    private protected Values()
    {
    }
}

/// <summary>All numbers from First to Last, both included.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public readonly record struct NumberRange(UInt128 First, UInt128 Last)
{
    /// <summary>One number.</summary>
    public static NumberRange One(UInt128 value) => new(value, value);
}

/// <summary>A set of numbers: sorted, disjoint, neighbours merged. Immutable.</summary>
public sealed record NumberSet : Values
{
    private NumberSet(ImmutableArray<NumberRange> ranges) => Ranges = ranges;

    /// <summary>No number.</summary>
    public static NumberSet Empty { get; } = new([]);

    /// <summary>Every number.</summary>
    public static NumberSet All { get; } = new([new(UInt128.Zero, UInt128.MaxValue)]);

    /// <summary>The ranges, ascending.</summary>
    public ImmutableArray<NumberRange> Ranges { get; }

    /// <summary>True without any number.</summary>
    public bool IsEmpty => Ranges.IsEmpty;

    /// <summary>True with exactly one number.</summary>
    public bool IsOne => Ranges is [var only] && only.First == only.Last;

    /// <summary>One range.</summary>
    public static NumberSet Of(UInt128 first, UInt128 last) => new([new(first, last)]);

    /// <summary>One number.</summary>
    public static NumberSet Of(UInt128 value) => new([new(value, value)]);

    /// <summary>Ranges in any order; they may overlap. A range that ends before it starts is left out.</summary>
    public static NumberSet OfRanges(IEnumerable<NumberRange> ranges)
    {
        var sorted = ranges.Where(range => range.First <= range.Last).ToArray();
        if (sorted.Length == 0)
        {
            return Empty;
        }

        Array.Sort(sorted, static (left, right) => left.First.CompareTo(right.First));
        var count = 0;
        for (var i = 1; i < sorted.Length; i++)
        {
            ref var last = ref sorted[count];
            if (last.Last == UInt128.MaxValue || sorted[i].First <= last.Last + 1)
            {
                last = new(last.First, UInt128.Max(last.Last, sorted[i].Last));
            }
            else
            {
                sorted[++count] = sorted[i];
            }
        }

        return new(ImmutableArray.Create(sorted, 0, count + 1));
    }

    /// <summary>Whether the number is in the set; a binary search.</summary>
    public bool Contains(UInt128 value)
    {
        var at = IndexFrom(value);
        return at < Ranges.Length && Ranges[at].First <= value;
    }

    /// <summary>Whether every number of the range is in the set.</summary>
    public bool Covers(NumberRange range)
    {
        var at = IndexFrom(range.First);
        return at < Ranges.Length && Ranges[at].First <= range.First && range.Last <= Ranges[at].Last;
    }

    /// <summary>Whether a number of the range is in the set.</summary>
    public bool Overlaps(NumberRange range)
    {
        var at = IndexFrom(range.First);
        return at < Ranges.Length && Ranges[at].First <= range.Last;
    }

    /// <summary>The index of the first range that ends at or after the number; the count when there is none.</summary>
    public int IndexFrom(UInt128 value)
    {
        var (low, high) = (0, Ranges.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Ranges[middle].Last < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>All numbers that are not in the set, up to the greatest given.</summary>
    public NumberSet Complement(UInt128 greatest)
    {
        var gaps = ImmutableArray.CreateBuilder<NumberRange>();
        var next = UInt128.Zero;
        foreach (var range in Ranges)
        {
            if (range.First > next)
            {
                gaps.Add(new(next, range.First - 1));
            }

            if (range.Last >= greatest)
            {
                return new(gaps.ToImmutable());
            }

            next = range.Last + 1;
        }

        gaps.Add(new(next, greatest));
        return new(gaps.ToImmutable());
    }

    /// <summary>All numbers that are in one of the sets.</summary>
    public NumberSet Union(NumberSet other) => other.IsEmpty ? this : IsEmpty ? other : OfRanges(Ranges.Concat(other.Ranges));

    /// <summary>All numbers that are in both.</summary>
    public NumberSet Intersect(NumberSet other)
    {
        var common = ImmutableArray.CreateBuilder<NumberRange>();
        var (few, many) = Ranges.Length <= other.Ranges.Length ? (this, other) : (other, this);
        foreach (var range in few.Ranges)
        {
            for (var at = many.IndexFrom(range.First); at < many.Ranges.Length && many.Ranges[at].First <= range.Last; at++)
            {
                common.Add(new(UInt128.Max(range.First, many.Ranges[at].First), UInt128.Min(range.Last, many.Ranges[at].Last)));
            }
        }

        return new(common.ToImmutable());
    }

    /// <inheritdoc/>
    public bool Equals(NumberSet? other) => other is not null && (ReferenceEquals(this, other) || Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan()));

    /// <inheritdoc/>
    public override int GetHashCode() => Ranges.IsEmpty ? 0 : HashCode.Combine(Ranges.Length, Ranges[0], Ranges[^1]);
}

/// <summary>Names of interfaces; one that ends with <c>*</c> (nft) or <c>+</c> (iptables, turned into <c>*</c> by the reader) stands for all that start so.</summary>
/// <param name="Names">The names.</param>
public sealed record NameSet(ImmutableArray<string> Names) : Values
{
    /// <summary>Whether the name is one of them.</summary>
    public bool Contains(string name) =>
        Names.Any(pattern => pattern.EndsWith('*') ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal) : pattern == name);
}

/// <summary>The elements of a set with several fields.</summary>
/// <param name="Elements">The elements.</param>
public sealed record ElementTable(ImmutableArray<Element> Elements);

/// <summary>One element: a part for each field of the key.</summary>
/// <param name="Parts">The parts.</param>
/// <param name="IsExcluded">Set by <c>nomatch</c> of ipset: of the elements that fit, the one with the most specific prefix decides, and this one says no (ipset(8), "hash:net").</param>
public sealed record Element(ImmutableArray<Values> Parts, bool IsExcluded = false);
