namespace AllowlistSync.Proposals.Rewriting;

/// <summary>What a token of HCL is.</summary>
internal enum HclKind
{
    /// <summary>A name.</summary>
    Name,

    /// <summary>A text in quotes.</summary>
    Text,

    /// <summary>A text in quotes with <c>${}</c> or <c>%{}</c> in it.</summary>
    Template,

    /// <summary>The end of a line.</summary>
    LineEnd,

    /// <summary>A bracket, an operator, a number, a heredoc: one character of a sign, or the whole of the others.</summary>
    Other,
}

/// <summary>A token of HCL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind it.</param>
internal readonly record struct HclToken(HclKind Kind, int Start, int End);
