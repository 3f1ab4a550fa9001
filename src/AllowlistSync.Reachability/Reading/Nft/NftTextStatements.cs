using System.Collections.Frozen;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// Parses the conditions and statements of a rule into the <c>expr</c> array of libnftables-json(5). What the grammar does not know becomes an
/// object with the key <c>not understood</c>, which no reader of JSON knows either, so that it ends up as an unknown statement in its place.
/// </summary>
internal sealed class NftTextStatements
{
    private static readonly FrozenSet<string> Starts = new[]
    {
        "accept", "drop", "continue", "return", "jump", "goto", "counter", "log", "limit", "quota", "reject", "snat", "dnat", "masquerade", "redirect", "notrack", "tproxy", "synproxy",
        "queue", "dup", "fwd", "flow", "add", "update", "delete", "meter", "comment", "last", "reset", "xt",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly NftTextCursor cursor;
    private readonly NftTextExpressions expressions;
    private readonly NftTextActions actions;
    private readonly NftTextNat nat;

    /// <param name="cursor">Where the text is read.</param>
    /// <param name="expressions">Reads the expressions in it.</param>
    public NftTextStatements(NftTextCursor cursor, NftTextExpressions expressions)
    {
        this.cursor = cursor;
        this.expressions = expressions;
        actions = new(cursor, expressions);
        nat = new(cursor, expressions);
    }

    /// <summary>Parses one rule, up to the end of its line.</summary>
    public List<NftTextTree> ParseRule()
    {
        var parts = new List<NftTextTree>();
        while (!cursor.IsAtLineEnd || IsNoteOfExtension(parts))
        {
            if (!cursor.IsAtLineEnd)
            {
                ParsePart(parts);
            }
        }

        return parts;
    }

    // Without libxtables nft prints an extension of iptables as a comment: # xt_multiport.
    private bool IsNoteOfExtension(List<NftTextTree> parts)
    {
        var note = cursor.Now.Text.AsSpan().Trim();
        if (cursor.Now.Kind != NftTextTokenKind.Comment || !note.StartsWith("xt_", StringComparison.Ordinal))
        {
            return false;
        }

        parts.Add(NftTextActions.Extension("match", note[3..].ToString()));
        cursor.Next();
        return true;
    }

    private void ParsePart(List<NftTextTree> parts)
    {
        var (start, count) = (cursor.Position, parts.Count);
        cursor.HasFailed = false;
        if (cursor.Is("comment") && cursor.Ahead(1).Kind == NftTextTokenKind.Quoted)
        {
            cursor.Next();
            cursor.Next();
            return;
        }

        Parse(parts);
        if (!cursor.HasFailed)
        {
            return;
        }

        cursor.HasFailed = false;
        parts.RemoveRange(count, parts.Count - count);
        SkipToStart(start);
        parts.Add(NftTextTree.Of("not understood", cursor.TextFrom(start)));
    }

    // The next part that is understood, so that a verdict behind what is not is kept.
    private void SkipToStart(int start)
    {
        cursor.Position = start;
        do
        {
            if (cursor.Is("{"))
            {
                cursor.SkipBlock();
            }
            else
            {
                cursor.Next();
            }
        }
        while (!cursor.IsAtLineEnd && !(cursor.Now.Kind == NftTextTokenKind.Word && (Starts.Contains(cursor.Now.Text) || NftTextSelectors.StartsAt(cursor.Now, cursor.Ahead(1)))));
    }

    private void Parse(List<NftTextTree> parts)
    {
        if (expressions.Verdict() is { } verdict)
        {
            parts.Add(verdict);
        }
        else if (cursor.Now.Text is "jump" or "goto" && cursor.Ahead(1).Is("{"))
        {
            parts.Add(AnonymousChain());
        }
        else if (cursor.Now.Kind == NftTextTokenKind.Word && (actions.TryParse() ?? nat.TryParse()) is { } action)
        {
            parts.Add(action);
        }
        else if (NftTextSelectors.StartsAt(cursor.Now, cursor.Ahead(1)))
        {
            parts.Add(Match());
        }
        else
        {
            cursor.Fail();
        }
    }

    // As nft's JSON does it: the text, which the reader of the JSON hands back to be read as a chain.
    private NftTextTree AnonymousChain()
    {
        var start = cursor.Position;
        cursor.Next();
        cursor.SkipBlock();
        return NftTextTree.Word(cursor.Render(start));
    }

    private NftTextTree Match()
    {
        var left = expressions.Concatenation(keys: true);
        if (cursor.Take("vmap"))
        {
            return NftTextTree.Of("vmap", NftTextTree.Object(("key", left), ("data", NftTextServices.Resolve(expressions.SetOrName(), left))));
        }

        if (cursor.Take("set"))
        {
            return Write(left);
        }

        var operation = Operation();
        if (operation is null && left["ct"]?["key"]?.AsWord == "status" && cursor.Is("counter"))
        {
            // Of --ctstatus NONE iptables tells nft no bit, and without any it never holds (xt_conntrack.c).
            return NftTextTree.Of("match", NftTextTree.Object(("op", NftTextTree.Word("in")), ("left", left), ("right", NftTextTree.Number(0))));
        }

        var right = NftTextServices.Resolve(expressions.ValueList(), left);
        if (cursor.Take("/"))
        {
            left = NftTextTree.Of("&", NftTextTree.List([left, expressions.ValueList()]));
            operation ??= "==";
        }

        return NftTextTree.Of("match", NftTextTree.Object(
            ("op", NftTextTree.Word(operation ?? (IsBits(left) && right["set"] is null && right.AsWord?.StartsWith('@') is not true ? "in" : "=="))),
            ("left", left),
            ("right", right)));
    }

    private NftTextTree Write(NftTextTree target)
    {
        var value = expressions.Value(keys: true);
        return target["ct"]?["key"]?.AsWord is "helper" or "timeout" or "expectation" && target["ct"]?["key"]?.AsWord is { } kind
            ? NftTextTree.Of("ct " + kind, value)
            : NftTextTree.Of("mangle", NftTextTree.Object(("key", target), ("value", value)));
    }

    private string? Operation()
    {
        var text = cursor.Now.Kind is NftTextTokenKind.Symbol or NftTextTokenKind.Word ? cursor.Now.Text : "";
        var operation = text switch
        {
            "==" or "!=" or "<" or ">" or "<=" or ">=" or "!" => text,
            "eq" => "==",
            "ne" => "!=",
            "lt" => "<",
            "gt" => ">",
            "le" => "<=",
            "ge" => ">=",
            _ => null,
        };
        cursor.Position += operation is null ? 0 : 1;
        return operation;
    }

    // Types of which nft asks whether one of the bits is set, unless told otherwise.
    private static bool IsBits(NftTextTree left) =>
        left["ct"]?["key"]?.AsWord is "state" or "status" or "label" or "event" or "eventmask" || (left["payload"]?["field"]?.AsWord == "flags" && left["payload"]?["protocol"]?.AsWord == "tcp");
}
