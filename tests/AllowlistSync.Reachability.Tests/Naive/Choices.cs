namespace AllowlistSync.Reachability.Tests.Naive;

/// <summary>Walks through every way in which some unknown answers can turn out: one run after the other, each with other choices.</summary>
internal sealed class Choices
{
    private readonly List<(int Taken, int Of)> _choices = [];
    private int _at;

    /// <summary>One of several, from 0.</summary>
    internal int Next(int of)
    {
        if (_at == _choices.Count)
        {
            _choices.Add((0, of));
        }

        return _choices[_at++].Taken;
    }

    internal bool YesOrNo() => Next(2) == 0;

    /// <summary>Whether a choice was made in this run.</summary>
    internal bool Any => _choices.Count > 0;

    /// <summary>Makes ready for the next run; false when all were made.</summary>
    internal bool Advance()
    {
        _at = 0;
        while (_choices.Count > 0)
        {
            var (taken, of) = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            if (taken + 1 < of)
            {
                _choices.Add((taken + 1, of));
                return true;
            }
        }

        return false;
    }
}
