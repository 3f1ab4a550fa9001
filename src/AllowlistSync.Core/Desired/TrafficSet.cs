using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Desired;

/// <summary>Some sources on some ports: one part of a <see cref="TrafficSet"/>.</summary>
/// <param name="Ports">One run of ports.</param>
/// <param name="Sources">Who may reach each of them; never empty.</param>
public sealed record TrafficSlice(PortRange Ports, PrefixSet Sources);

/// <summary>One line for people and for JSON: a prefix and all the ports that it stands for.</summary>
/// <param name="Prefix">The source prefix.</param>
/// <param name="Ports">The ports.</param>
public sealed record TrafficEntry(IpPrefix Prefix, PortSet Ports);

/// <summary>
/// A canonical set of traffic, that is of (source address, transport, port). All comparing and subtracting of what a target
/// lets in and what it should let in is done here, so it is by meaning and never by the text of a rule. Immutable.
/// </summary>
public sealed class TrafficSet : IEquatable<TrafficSet>
{
    private ImmutableArray<TrafficEntry> _entries;

    private TrafficSet(ImmutableArray<TrafficSlice> slices) => Slices = slices;

    /// <summary>No traffic.</summary>
    public static TrafficSet Empty { get; } = new([]);

    /// <summary>The slices, ascending by port, disjoint; neighbours with equal sources are merged.</summary>
    public ImmutableArray<TrafficSlice> Slices { get; }

    /// <summary>True when nothing is in the set.</summary>
    public bool IsEmpty => Slices.IsEmpty;

    /// <summary>All sources, whatever their ports.</summary>
    public PrefixSet Sources => field ??= Slices.Aggregate(PrefixSet.Empty, (all, slice) => all.Union(slice.Sources));

    /// <summary>Every given source on every given port.</summary>
    public static TrafficSet Of(PrefixSet sources, PortSet ports) =>
        sources.IsEmpty ? Empty : new([.. ports.Ranges.Select(range => new TrafficSlice(range, sources))]);

    /// <summary>What is in either.</summary>
    public TrafficSet Union(TrafficSet other) => Combine(this, other, (mine, theirs) => mine.Union(theirs));

    /// <summary>What is here and not in <paramref name="other"/>.</summary>
    public TrafficSet Except(TrafficSet other) => Combine(this, other, (mine, theirs) => mine.Except(theirs));

    /// <summary>What is in both.</summary>
    public TrafficSet Intersect(TrafficSet other) => Combine(this, other, (mine, theirs) => mine.Intersect(theirs));

    /// <summary>The same traffic, of one address family only.</summary>
    public TrafficSet Only(IpFamily family) =>
        Canonical(Slices.Select(slice => slice with { Sources = slice.Sources.Only(family) }));

    /// <summary>The set as lines: each prefix once for each distinct group of ports, IPv4 first, ascending.</summary>
    public ImmutableArray<TrafficEntry> Entries()
    {
        // Made once: fingerprint, journal and reports all ask, and a set may hold a hundred thousand.
        if (_entries.IsDefault)
        {
            _entries = Slices.All(slice => slice.Sources.Equals(Slices[0].Sources)) ? EntriesOfOne() : EntriesOfMany();
        }

        return _entries;
    }

    // All sources have the same ports, as they nearly always do.
    private ImmutableArray<TrafficEntry> EntriesOfOne()
    {
        var ports = PortSet.Of(Slices.Select(slice => slice.Ports));
        return [.. Sources.Prefixes().Select(prefix => new TrafficEntry(prefix, ports))];
    }

    private ImmutableArray<TrafficEntry> EntriesOfMany()
    {
        var ports = new SortedDictionary<IpPrefix, List<PortRange>>();
        foreach (var slice in Slices)
        {
            foreach (var prefix in slice.Sources.Prefixes())
            {
                if (!ports.TryGetValue(prefix, out var list))
                {
                    ports[prefix] = list = [];
                }

                list.Add(slice.Ports);
            }
        }

        return [.. ports.Select(pair => new TrafficEntry(pair.Key, PortSet.Of(pair.Value)))];
    }

    /// <inheritdoc/>
    public bool Equals(TrafficSet? other) => other is not null && Slices.AsSpan().SequenceEqual(other.Slices.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TrafficSet);

    /// <inheritdoc/>
    public override int GetHashCode() => Slices.Aggregate(17, HashCode.Combine);

    // Cuts the ports where either side changes, combines the sources of each piece, and merges what became equal again.
    private static TrafficSet Combine(TrafficSet left, TrafficSet right, Func<PrefixSet, PrefixSet, PrefixSet> operation)
    {
        var pieces = new List<TrafficSlice>();
        (PrefixSet Left, PrefixSet Right, PrefixSet Result)? last = null;
        foreach (var protocol in Enum.GetValues<TransportProtocol>())
        {
            var cuts = left.Slices.Concat(right.Slices)
                .Where(slice => slice.Ports.Protocol == protocol)
                .SelectMany(slice => new[] { (int)slice.Ports.First, slice.Ports.Last + 1 })
                .Distinct().Order().ToArray();
            for (var i = 0; i + 1 < cuts.Length; i++)
            {
                var ports = new PortRange(protocol, (ushort)cuts[i], (ushort)(cuts[i + 1] - 1));
                var (mine, theirs) = (left.At(ports), right.At(ports));

                // Several ports mostly share their sources, and those are combined once.
                if (last is null || !ReferenceEquals(last.Value.Left, mine) || !ReferenceEquals(last.Value.Right, theirs))
                {
                    last = (mine, theirs, operation(mine, theirs));
                }

                pieces.Add(new TrafficSlice(ports, last.Value.Result));
            }
        }

        return Canonical(pieces);
    }

    private static TrafficSet Canonical(IEnumerable<TrafficSlice> ascending)
    {
        var slices = ImmutableArray.CreateBuilder<TrafficSlice>();
        foreach (var slice in ascending.Where(slice => !slice.Sources.IsEmpty))
        {
            if (slices.Count > 0 && slices[^1] is var last
                && last.Ports.Protocol == slice.Ports.Protocol && last.Ports.Last + 1 == slice.Ports.First && last.Sources.Equals(slice.Sources))
            {
                slices[^1] = last with { Ports = last.Ports with { Last = slice.Ports.Last } };
            }
            else
            {
                slices.Add(slice);
            }
        }

        return slices.Count == 0 ? Empty : new TrafficSet(slices.ToImmutable());
    }

    private PrefixSet At(PortRange piece) =>
        Slices.FirstOrDefault(slice => slice.Ports.Protocol == piece.Protocol && slice.Ports.First <= piece.First && slice.Ports.Last >= piece.Last)?.Sources
        ?? PrefixSet.Empty;
}
