using System.Collections.Immutable;

namespace AllowlistSync.Core.Desired;

/// <summary>A canonical set of ports: sorted, disjoint, adjacent ranges merged. Two sets are equal when they hold the same ports, however they were written. Immutable, safe to share.</summary>
public sealed class PortSet : IEquatable<PortSet>
{
    private PortSet(ImmutableArray<PortRange> ranges) => Ranges = ranges;

    /// <summary>No port.</summary>
    public static PortSet Empty { get; } = new([]);

    /// <summary>The set of a target that leaves ports to somebody else's rule.</summary>
    public static PortSet Any { get; } = new([PortRange.Any]);

    /// <summary>The fewest ranges that make this set, ascending, TCP before UDP.</summary>
    public ImmutableArray<PortRange> Ranges { get; }

    /// <summary>True when the set holds no port.</summary>
    public bool IsEmpty => Ranges.IsEmpty;

    /// <summary>True for <see cref="Any"/>.</summary>
    public bool IsAny => Ranges.Length == 1 && Ranges[0].Protocol == TransportProtocol.Any;

    /// <summary>Makes the canonical set of the given ranges, in any order, overlapping or not.</summary>
    public static PortSet Of(params IEnumerable<PortRange> ranges)
    {
        var merged = ImmutableArray.CreateBuilder<PortRange>();
        foreach (var range in ranges.Order())
        {
            if (merged.Count > 0 && merged[^1] is var last && last.Protocol == range.Protocol && range.First <= last.Last + 1)
            {
                merged[^1] = last with { Last = Math.Max(last.Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged.Count == 0 ? Empty : new PortSet(merged.ToImmutable());
    }

    /// <inheritdoc/>
    public bool Equals(PortSet? other) => other is not null && Ranges.AsSpan().SequenceEqual(other.Ranges.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as PortSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var range in Ranges)
        {
            hash.Add(range);
        }

        return hash.ToHashCode();
    }

    /// <summary>The ranges, separated by a comma: <c>80,443,443/udp</c>.</summary>
    public override string ToString() => string.Join(',', Ranges);
}
