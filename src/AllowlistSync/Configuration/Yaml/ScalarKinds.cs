namespace AllowlistSync.Configuration.Yaml;

/// <summary>What a plain scalar means.</summary>
internal enum ScalarKind
{
    Text,
    Nothing,
    Truth,
    Integer,
    Fraction,
}

/// <summary>The core schema of YAML 1.2.2 (section 10.3.2), which is what editors with a JSON schema go by.</summary>
internal static class ScalarKinds
{
    internal static ScalarKind Resolve(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => ScalarKind.Nothing,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarKind.Truth,
        ".nan" or ".NaN" or ".NAN" => ScalarKind.Fraction,
        _ => ResolveNumber(plain),
    };

    private static ScalarKind ResolveNumber(string plain)
    {
        var digits = plain.AsSpan(plain[0] is '+' or '-' ? 1 : 0);
        if (IsAll(digits, "0123456789") || IsPrefixed(plain, "0x", "0123456789abcdefABCDEF") || IsPrefixed(plain, "0o", "01234567"))
        {
            return ScalarKind.Integer;
        }

        return digits is ".inf" or ".Inf" or ".INF" || IsFraction(digits) ? ScalarKind.Fraction : ScalarKind.Text;
    }

    private static bool IsPrefixed(string plain, string prefix, string digits) =>
        plain.StartsWith(prefix, StringComparison.Ordinal) && IsAll(plain.AsSpan(prefix.Length), digits);

    private static bool IsAll(ReadOnlySpan<char> text, string digits) => !text.IsEmpty && !text.ContainsAnyExcept(digits);

    // ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    private static bool IsFraction(ReadOnlySpan<char> text)
    {
        var e = text.IndexOfAny('e', 'E');
        if (e >= 0)
        {
            var power = text[(e + 1)..];
            if (!IsAll(power.StartsWith("+") || power.StartsWith("-") ? power[1..] : power, "0123456789"))
            {
                return false;
            }

            text = text[..e];
        }

        var dot = text.IndexOf('.');
        return dot < 0
            ? IsAll(text, "0123456789")
            : text.Length > 1 && (dot == 0 || IsAll(text[..dot], "0123456789")) && (dot == text.Length - 1 || IsAll(text[(dot + 1)..], "0123456789"));
    }
}
