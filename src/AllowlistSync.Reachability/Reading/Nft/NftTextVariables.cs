namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Puts the values of <c>define</c> in the place of <c>$name</c>. A name that nobody defined stays a variable, which no rule understands.</summary>
internal static class NftTextVariables
{
    // Definitions of definitions can double at each step; no rule set that a person wrote comes near.
    private const int Most = 20_000_000;

    /// <summary>The tokens without definitions and variables.</summary>
    public static List<NftTextToken> Expand(List<NftTextToken> tokens)
    {
        if (!tokens.Exists(token => token.Kind == NftTextTokenKind.Variable || token.Is("define") || token.Is("undefine")))
        {
            return tokens;
        }

        var (values, expanded) = (new Dictionary<string, List<NftTextToken>>(StringComparer.Ordinal), new List<NftTextToken>(tokens.Count));
        for (var i = 0; i < tokens.Count; i++)
        {
            if (StartsLine(tokens, i) && tokens[i].Text is "define" or "redefine" && i + 2 < tokens.Count && tokens[i + 2].Is("="))
            {
                i = Define(tokens, i, values) - 1;
            }
            else if (StartsLine(tokens, i) && tokens[i].Is("undefine") && i + 1 < tokens.Count)
            {
                values.Remove(tokens[++i].Text);
            }
            else
            {
                Put(tokens[i], values, expanded);
            }
        }

        return expanded;
    }

    private static bool StartsLine(List<NftTextToken> tokens, int i) =>
        tokens[i].Kind == NftTextTokenKind.Word && (i == 0 || tokens[i - 1].Kind is NftTextTokenKind.Break or NftTextTokenKind.Comment || tokens[i - 1].Is("{"));

    private static int Define(List<NftTextToken> tokens, int i, Dictionary<string, List<NftTextToken>> values)
    {
        var (name, value, depth) = (tokens[i + 1].Text, new List<NftTextToken>(), 0);
        for (i += 3; tokens[i].Kind != NftTextTokenKind.End; i++)
        {
            depth += tokens[i].Is("{") ? 1 : tokens[i].Is("}") ? -1 : 0;
            if (depth < 0 || (depth == 0 && tokens[i].Kind is NftTextTokenKind.Break or NftTextTokenKind.Comment))
            {
                break;
            }

            if (tokens[i].Kind is not (NftTextTokenKind.Break or NftTextTokenKind.Comment))
            {
                Put(tokens[i], values, value);
            }
        }

        values[name] = value;
        return i;
    }

    private static void Put(NftTextToken token, Dictionary<string, List<NftTextToken>> values, List<NftTextToken> target)
    {
        if (token.Kind != NftTextTokenKind.Variable || !values.TryGetValue(token.Text, out var value) || target.Count + value.Count > Most)
        {
            target.Add(token);
            return;
        }

        foreach (var part in value)
        {
            target.Add(part with { Start = token.Start, End = token.End });
        }
    }
}
