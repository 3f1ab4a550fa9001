using System.Collections.Frozen;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>How a chain says that it is attached: <c>type filter hook input priority filter - 1; policy drop;</c>.</summary>
/// <param name="Type">The type.</param>
/// <param name="Hook">The hook.</param>
/// <param name="Priority">The number, or the words when they are not understood.</param>
/// <param name="Devices">A name or a list of names; null when there is none.</param>
internal sealed record NftTextChainHead(string Type, string Hook, (int? Number, string Words) Priority, NftTextTree? Devices)
{
    /// <summary>The policy; null when it is not spelled out, which is accept.</summary>
    public string? Policy { get; set; }
}

/// <summary>Parses the head of a chain.</summary>
internal sealed class NftTextChainHeads(NftTextCursor cursor, NftTextExpressions expressions)
{
    // nft(8), "Chains": standard priority names.
    private static readonly FrozenDictionary<string, int> Priorities = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["raw"] = -300,
        ["mangle"] = -150,
        ["dstnat"] = -100,
        ["filter"] = 0,
        ["security"] = 50,
        ["srcnat"] = 100,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, int> BridgePriorities = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["dstnat"] = -300,
        ["filter"] = -200,
        ["out"] = 100,
        ["srcnat"] = 300,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Parses what follows <c>type</c>; the end of the line stays.</summary>
    public NftTextChainHead Parse(string family)
    {
        cursor.Expect("type");
        var type = cursor.Name();
        cursor.Expect("hook");
        var hook = cursor.Name();
        var devices = ParseDevices();
        if (cursor.Is(";"))
        {
            cursor.Next();
        }

        cursor.Expect("priority");
        var priority = Priority(family);
        return new(type, hook, priority, devices ?? ParseDevices());
    }

    /// <summary>Devices, when some are named here.</summary>
    public NftTextTree? ParseDevices()
    {
        if (cursor.Take("device"))
        {
            return cursor.Is("{") ? Names() : NftTextTree.Word(cursor.Now.Kind == NftTextTokenKind.Variable ? "$" + cursor.Next().Text : cursor.Name());
        }

        if (!cursor.Take("devices"))
        {
            return null;
        }

        cursor.Expect("=");
        return Names();
    }

    private NftTextTree Names() => cursor.Is("{") ? NftTextTree.List(expressions.Elements()) : NftTextTree.List([NftTextTree.Word(cursor.Name())]);

    private (int? Number, string Words) Priority(string family)
    {
        var words = new List<string>();
        while (!cursor.IsAtLineEnd && cursor.Now.Text is not ("device" or "devices"))
        {
            words.Add(cursor.Next().Text);
        }

        // In a variable it may be one string: "filter - 1".
        var text = string.Join(' ', words).Replace("+", " + ", StringComparison.Ordinal).Replace("-", " - ", StringComparison.Ordinal);
        return (Number(text.Split(' ', StringSplitOptions.RemoveEmptyEntries), family == "bridge" ? BridgePriorities : Priorities), string.Join(' ', words));
    }

    private static int? Number(string[] words, FrozenDictionary<string, int> names) => words switch
    {
        [var name] when names.TryGetValue(name, out var number) => number,
        [var number] when int.TryParse(number, out var value) => value,
        ["-", var number] when int.TryParse(number, out var value) => -value,
        [var name, "+", var offset] when names.TryGetValue(name, out var number) && int.TryParse(offset, out var value) => number + value,
        [var name, "-", var offset] when names.TryGetValue(name, out var number) && int.TryParse(offset, out var value) => number - value,
        _ => null,
    };
}
