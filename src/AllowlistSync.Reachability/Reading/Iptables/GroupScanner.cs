namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>What a group of words in a rule is about: its first option says so.</summary>
internal enum GroupKind
{
    /// <summary>An option that is none of the others.</summary>
    Other,

    /// <summary><c>-s</c></summary>
    Source,

    /// <summary><c>-d</c></summary>
    Destination,

    /// <summary><c>-i</c></summary>
    Input,

    /// <summary><c>-o</c></summary>
    Output,

    /// <summary><c>-p</c>, and the options of that protocol's own match after it.</summary>
    Protocol,

    /// <summary><c>-f</c></summary>
    Fragment,

    /// <summary><c>-m</c> with its options.</summary>
    Match,

    /// <summary><c>-j</c> with its options.</summary>
    Jump,

    /// <summary><c>-g</c></summary>
    Goto,

    /// <summary><c>-c</c> and <c>-t</c>: nothing that a packet is asked.</summary>
    Silent,
}

/// <summary>Splits a rule into groups: a short option (or its long name), a <c>!</c> before it, and all words up to the next such option.</summary>
internal ref struct GroupScanner
{
    private readonly ReadOnlySpan<byte> _rule;
    private WordScanner _words;
    private int _start = -1;
    private GroupKind _nextKind;

    internal GroupScanner(ReadOnlySpan<byte> rule)
    {
        _rule = rule;
        _words = new(rule);
        Advance();
    }

    /// <summary>The kind of the present group.</summary>
    internal GroupKind Kind { get; private set; }

    /// <summary>All words of the present group, as they stand in the rule.</summary>
    internal ReadOnlySpan<byte> Group { get; private set; }

    /// <summary>Goes to the next group; false at the end.</summary>
    internal bool Next()
    {
        if (_start < 0)
        {
            return false;
        }

        Kind = _nextKind;
        var (start, end) = (_start, Advance());
        Group = _rule[start..end];
        return true;
    }

    /// <summary>Goes to the start of the following group, and gives the end of this one.</summary>
    private int Advance()
    {
        var (end, exclamation, first) = (_words.End, -1, _start < 0);
        _start = -1;
        while (_words.Next())
        {
            var word = _words.Word;
            var kind = _words.IsQuoted ? null : StartOf(word);
            if (kind is not null || (first && exclamation < 0 && !word.SequenceEqual("!"u8)))
            {
                (_start, _nextKind) = (exclamation >= 0 ? exclamation : _words.Start, kind ?? GroupKind.Other);
                return end;
            }

            if (exclamation >= 0)
            {
                end = _words.Start;
            }

            exclamation = word.SequenceEqual("!"u8) && !_words.IsQuoted ? _words.Start : -1;
            end = exclamation >= 0 ? end : _words.End;
        }

        return exclamation >= 0 ? exclamation + 1 : end;
    }

    private static GroupKind? StartOf(ReadOnlySpan<byte> word)
    {
        if (word.Length < 2 || word[0] != '-')
        {
            return null;
        }

        if (word[1] == '-')
        {
            return LongName(word);
        }

        return word.Length > 2 ? char.IsAsciiLetter((char)word[1]) ? GroupKind.Other : null : word[1] switch
        {
            (byte)'s' => GroupKind.Source,
            (byte)'d' => GroupKind.Destination,
            (byte)'i' => GroupKind.Input,
            (byte)'o' => GroupKind.Output,
            (byte)'p' => GroupKind.Protocol,
            (byte)'f' => GroupKind.Fragment,
            (byte)'m' => GroupKind.Match,
            (byte)'j' => GroupKind.Jump,
            (byte)'g' => GroupKind.Goto,
            (byte)'c' or (byte)'t' => GroupKind.Silent,
            >= (byte)'0' and <= (byte)'9' => null,
            _ => GroupKind.Other,
        };
    }

    private static GroupKind? LongName(ReadOnlySpan<byte> word) => word[2..] switch
    {
        [(byte)'s', ..] when word.SequenceEqual("--source"u8) => GroupKind.Source,
        [(byte)'d', ..] when word.SequenceEqual("--destination"u8) || word.SequenceEqual("--dst"u8) => GroupKind.Destination,
        [(byte)'s', ..] when word.SequenceEqual("--src"u8) => GroupKind.Source,
        [(byte)'i', ..] when word.SequenceEqual("--in-interface"u8) => GroupKind.Input,
        [(byte)'o', ..] when word.SequenceEqual("--out-interface"u8) => GroupKind.Output,
        [(byte)'p', ..] when word.SequenceEqual("--protocol"u8) => GroupKind.Protocol,
        [(byte)'f', ..] when word.SequenceEqual("--fragment"u8) => GroupKind.Fragment,
        [(byte)'m', ..] when word.SequenceEqual("--match"u8) => GroupKind.Match,
        [(byte)'j', ..] when word.SequenceEqual("--jump"u8) => GroupKind.Jump,
        [(byte)'g', ..] when word.SequenceEqual("--goto"u8) => GroupKind.Goto,
        [(byte)'t', ..] when word.SequenceEqual("--table"u8) => GroupKind.Silent,
        [(byte)'s', ..] when word.SequenceEqual("--set-counters"u8) => GroupKind.Silent,
        _ => null,
    };
}
