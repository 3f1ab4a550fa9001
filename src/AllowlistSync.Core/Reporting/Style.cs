namespace AllowlistSync.Core.Reporting;

/// <summary>What a piece of text means; a style decides how that looks.</summary>
public enum Tone
{
    /// <summary>Text that needs no mark.</summary>
    Normal,

    /// <summary>A heading.</summary>
    Strong,

    /// <summary>Something that is as it should be, or that is added.</summary>
    Good,

    /// <summary>Something that should be looked at.</summary>
    Warning,

    /// <summary>Something that failed, was refused, or is removed.</summary>
    Bad,

    /// <summary>Detail that may be passed over.</summary>
    Faint,
}

/// <summary>How text for a shell is coloured: not at all, or with the SGR sequences of ECMA-48 (section 8.3.117).</summary>
public sealed class Style
{
    private readonly bool _coloured;

    private Style(bool coloured) => _coloured = coloured;

    /// <summary>No colour: for files, pipes and <c>NO_COLOR</c>.</summary>
    public static Style Plain { get; } = new(coloured: false);

    /// <summary>Colour for a terminal, of the eight that every terminal has.</summary>
    public static Style Ansi { get; } = new(coloured: true);

    /// <summary>The text with its tone; it is as wide as before.</summary>
    public string Paint(Tone tone, string text)
    {
        if (!_coloured || tone == Tone.Normal || text.Length == 0)
        {
            return text;
        }

        var code = tone switch
        {
            Tone.Strong => "1",
            Tone.Good => "32",
            Tone.Warning => "33",
            Tone.Bad => "31",
            _ => "2",
        };
        return $"\u001b[{code}m{text}\u001b[0m";
    }
}
