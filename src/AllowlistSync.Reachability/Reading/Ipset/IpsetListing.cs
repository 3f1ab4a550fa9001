using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>What <c>ipset save</c> printed: each set as the rules ask it, and as text for those who change it.</summary>
/// <param name="Sets">The sets, read.</param>
/// <param name="Texts">The sets as text; slices of the dump.</param>
internal sealed record IpsetListing(IReadOnlyDictionary<string, SavedSet> Sets, ImmutableDictionary<string, IpSet> Texts);

/// <summary>One set while a dump is read.</summary>
internal sealed class ListedSet(string type, ImmutableArray<string> options)
{
    private readonly List<(int Start, int End)> _pieces = [];
    private bool _isUnknown;

    /// <summary>Collects its elements.</summary>
    internal IpsetBuilder Builder { get; } = new(type, options);

    /// <summary>Remembers where an element stands; lines in a row become one piece.</summary>
    internal void Note((int Start, int End) line)
    {
        if (_pieces.Count > 0 && _pieces[^1].End + 1 == line.Start)
        {
            _pieces[^1] = (_pieces[^1].Start, line.End);
        }
        else
        {
            _pieces.Add(line);
        }
    }

    /// <summary>Forgets all elements.</summary>
    internal void Clear()
    {
        _pieces.Clear();
        Builder.Clear();
    }

    /// <summary>The set holds something that is not known.</summary>
    internal void GiveUp()
    {
        _isUnknown = true;
        Builder.GiveUp();
    }

    /// <summary>The set as text.</summary>
    internal IpSet Text(ReadOnlyMemory<byte> dump) => new(type, options, [.. _pieces.Select(piece => dump[piece.Start..piece.End])]) { IsUnknown = _isUnknown };
}
