using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>A set while a script is carried out. Its elements are taken apart when the script first touches them.</summary>
internal sealed class ScriptedSet(IpSet before)
{
    private const string Doubt = "what the set holds is not known";

    private readonly ElementKeys _keys = new(before);
    private readonly int _limit = SetOptions.Limit(before) ?? 0;
    private Dictionary<ElementKey, ReadOnlyMemory<byte>>? _elements;
    private bool _isUnknown = before.IsUnknown;

    /// <summary>What it was created with.</summary>
    internal IpSet Head => before;

    /// <summary>The names of the members of a list of sets.</summary>
    internal IEnumerable<string> Members => before.Type == "list:set" ? Open().Keys.Select(key => key.Text!) : [];

    /// <summary>Adds an element; null when it was added, else why it is not.</summary>
    /// <param name="line">The line as it stands in the script.</param>
    /// <param name="element">The element.</param>
    /// <param name="options">What stands behind it.</param>
    /// <param name="isLenient">Set by <c>-exist</c>: an element that is there is written anew.</param>
    internal string? Add(ReadOnlyMemory<byte> line, ReadOnlySpan<byte> element, IReadOnlyList<string> options, bool isLenient)
    {
        if (_keys.Of(element) is not { } keys || !SetOptions.Allow(before, options))
        {
            return "the element cannot be added to such a set, or is not understood";
        }

        var isPlain = keys.Count == 1 && options.Count == 0 && !line.IsEmpty;
        foreach (var key in keys)
        {
            var isThere = Open().ContainsKey(key);
            if (_isUnknown || (isThere && !isLenient) || (!isThere && Open().Count >= _limit))
            {
                return _isUnknown ? Doubt : isThere ? "the element is in the set already" : "the set is full";
            }

            Open()[key] = isPlain ? line : Encoding.UTF8.GetBytes($"add - {(keys.Count == 1 ? Encoding.UTF8.GetString(element) : _keys.Spell(key))}{SetOptions.Kept(options)}");
        }

        return null;
    }

    /// <summary>Deletes an element; null when it was deleted, else why it is not.</summary>
    internal string? Delete(ReadOnlySpan<byte> element, bool isLenient)
    {
        if (_keys.Of(element) is not { } keys)
        {
            return "the element cannot be in such a set, or is not understood";
        }

        foreach (var key in keys)
        {
            if (!Open().Remove(key) && !isLenient)
            {
                return "the element is not in the set";
            }
        }

        return _isUnknown ? Doubt : null;
    }

    /// <summary>Deletes all elements.</summary>
    internal void Clear() => (_elements, _isUnknown) = ([], false);

    /// <summary>The set as the script leaves it.</summary>
    internal IpSet Close() => _elements is null ? before : before with { Lines = [.. _elements.Values], IsUnknown = _isUnknown };

    private Dictionary<ElementKey, ReadOnlyMemory<byte>> Open()
    {
        if (_elements is null)
        {
            _elements = [];
            foreach (var line in SetText.Lines(before))
            {
                if (_keys.Of(line.Element.Span) is [var key])
                {
                    _elements[key] = line.Whole;
                }
                else
                {
                    _isUnknown = true;
                }
            }
        }

        return _elements;
    }
}
