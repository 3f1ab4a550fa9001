namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>What a token of nft's language is.</summary>
internal enum NftTextTokenKind
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>A keyword, name, number or address.</summary>
    Word,

    /// <summary>A quoted string, without its quotes.</summary>
    Quoted,

    /// <summary>Punctuation.</summary>
    Symbol,

    /// <summary>The end of a line, or a semicolon.</summary>
    Break,

    /// <summary>From <c>#</c> to the end of the line; without the <c>#</c>.</summary>
    Comment,

    /// <summary><c>$name</c>, without the dollar.</summary>
    Variable,
}

/// <summary>One token.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text.</param>
/// <param name="Start">Where it starts in the source.</param>
/// <param name="End">Where it ends; of a token that stands for a variable, the place of the variable.</param>
internal readonly record struct NftTextToken(NftTextTokenKind Kind, string Text, int Start, int End)
{
    /// <summary>Whether it is this word, unquoted, or this symbol.</summary>
    public bool Is(string text) => Kind is NftTextTokenKind.Word or NftTextTokenKind.Symbol && Text == text;
}
