using System.Runtime.CompilerServices;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>What happened to a packet in a base chain, or why it is not sure what happened.</summary>
/// <param name="Packet">Which packet of the handshake.</param>
/// <param name="Hook">The hook.</param>
/// <param name="Table">The table; null for what no table holds.</param>
/// <param name="Chain">The chain that holds the rule.</param>
/// <param name="Rule">The rule; null for the policy of the chain.</param>
/// <param name="Verdict">What was decided, or the reason of the doubt.</param>
/// <param name="IsDoubt">True when it says why nothing is sure from here on.</param>
internal sealed record Event(PacketKind Packet, Hook Hook, Table? Table, Chain? Chain, Rule? Rule, string Verdict, bool IsDoubt = false)
{
    /// <summary>The rule that led the packet into the rule's chain; null in a base chain.</summary>
    public Call? Caller { get; init; }
}

/// <summary>A rule that leads to another chain.</summary>
/// <param name="Chain">Its chain.</param>
/// <param name="Rule">The rule.</param>
internal sealed record Call(Chain Chain, Rule Rule);

/// <summary>The way of a piece of traffic so far: a list that grows at its end and shares its beginning. Compared by reference.</summary>
internal sealed class Track
{
    private readonly int _length;

    // Nearly all ways go on in one way only; those that many rules divide have as many.
    private Track? _only;
    private Dictionary<Event, Track>? _next;

    private Track(Track? previous, Event? last)
    {
        Previous = previous;
        Last = last;
        _length = previous is null ? 0 : previous._length + 1;
        IsDoubtful = previous?.IsDoubtful == true || last?.IsDoubt == true;
    }

    public Track? Previous { get; }

    public Event? Last { get; }

    /// <summary>True when a doubt is on the way: the piece may have gone another way as well.</summary>
    public bool IsDoubtful { get; }

    public static Track Start() => new(null, null);

    /// <summary>This way and one event more; the same event gives the same track.</summary>
    public Track Then(Event next)
    {
        if (_only is null)
        {
            return _only = new(this, next);
        }

        if (ReferenceEquals(_only.Last, next))
        {
            return _only;
        }

        _next ??= new(ByReference.Instance);
        if (!_next.TryGetValue(next, out var track))
        {
            _next[next] = track = new(this, next);
        }

        return track;
    }

    /// <summary>The events, the first one first.</summary>
    public Event[] Events()
    {
        var events = new Event[_length];
        for (var track = this; track is { Last: not null }; track = track.Previous)
        {
            events[track._length - 1] = track.Last;
        }

        return events;
    }

    private sealed class ByReference : IEqualityComparer<Event>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(Event? x, Event? y) => ReferenceEquals(x, y);

        public int GetHashCode(Event obj) => RuntimeHelpers.GetHashCode(obj);
    }
}

/// <summary>A piece of traffic that met its end.</summary>
/// <param name="Piece">The sources and their way, whose last event is the blocking one.</param>
/// <param name="How">How.</param>
internal readonly record struct BlockedPiece(Piece Piece, BlockKind How);
