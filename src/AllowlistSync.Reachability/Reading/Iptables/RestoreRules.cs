using System.Globalization;
using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>The commands about rules: -A, -I, -D, -R. Rules that nft wrote count in the numbers as all others do, and <c>-D</c> takes them for what iptables-save prints of them.</summary>
internal sealed class RestoreRules
{
    // iptables-nft-restore 1.8.9 hands a table over as one batch; -R of a rule that the batch makes kills it, and -D fails now and then.
    private const string NotThereYet = "the rule is made by the same script and is not in the kernel yet";

    private readonly RestoreTable _table;
    private readonly RestoreTool _tool;
    private readonly RuleSet _ruleSet;
    private readonly RuleReader _reader;

    internal RestoreRules(RestoreTable table, RestoreTool tool, RuleSet ruleSet)
    {
        (_table, _tool, _ruleSet) = (table, tool, ruleSet);
        _reader = new(new(tool.Family, SetRules.CatalogOf(ruleSet)));
    }

    internal string? Append(string name, ReadOnlySpan<byte> spec) => _table.Use(name) is { } chain ? Add(chain, chain.Rules.Count, spec, isAppended: true) : Missing(name);

    internal string? Insert(string name, ReadOnlySpan<byte> rest)
    {
        if (_table.Use(name) is not { } chain)
        {
            return Missing(name);
        }

        var number = TakeNumber(ref rest) ?? 1;
        return number < 1 || number > chain.Rules.Count + 1 || !AreKnown(chain)
            ? $"chain {name} has {chain.Rules.Count} rules, or they are not known one by one"
            : Add(chain, number - 1, rest, isAppended: false);
    }

    internal string? Replace(string name, ReadOnlySpan<byte> rest)
    {
        if (_table.Find(name) is not { } chain || TakeNumber(ref rest) is not { } number || number < 1 || number > chain.Rules.Count || !AreKnown(chain))
        {
            return $"chain {name} has no rule of that number";
        }

        if (_tool.IsNft && chain.Rules[number - 1].IsNew)
        {
            return NotThereYet;
        }

        var rule = RuleSpeller.Spell(rest, _tool.Family, out var why);
        if (why is not null || rule.Texts(_tool.IsNft).Skip(1).Any())
        {
            return why ?? "several rules cannot take the place of one";
        }

        var refusal = Add(chain, number, rest, isAppended: false);
        if (refusal is null)
        {
            _table.Remove(chain, number - 1);
        }

        return refusal;
    }

    internal string? Delete(string name, ReadOnlySpan<byte> rest)
    {
        if (_table.Find(name) is not { } chain)
        {
            return Missing(name);
        }

        if (TakeNumber(ref rest) is { } number)
        {
            if (number < 1 || number > chain.Rules.Count || !rest.IsEmpty || !AreKnown(chain))
            {
                return $"chain {name} has no rule of that number";
            }

            return Remove(chain, number - 1);
        }

        var rule = RuleSpeller.Spell(rest, _tool.Family, out var why);
        return why ?? rule.Texts(_tool.IsNft).Select(text => Delete(chain, text)).FirstOrDefault(refusal => refusal is not null);
    }

    private static string Missing(string chain) => $"there is no such chain {chain}";

    /// <summary>A number where the rule would start.</summary>
    private static int? TakeNumber(ref ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] is (byte)'-' or (byte)'!')
        {
            return null;
        }

        var words = new WordScanner(rest);
        _ = words.Next();
        var number = int.TryParse(words.Word, NumberStyles.None, CultureInfo.InvariantCulture, out var read) ? read : 0;
        rest = rest[words.End..].TrimStart(" \t"u8);
        return number;
    }

    private static bool AreKnown(RestoreChain chain) => !chain.Rules.Exists(rule => rule.IsStandIn);

    // The tool takes the first rule that is the same; one before it that only nft can show might be it.
    private string? Delete(RestoreChain chain, string text)
    {
        var index = chain.Rules.FindIndex(rule => !rule.IsSaved || rule.TextFor(_tool) == text);
        if (index < 0 || !chain.Rules[index].IsSaved)
        {
            return $"chain {chain.Name} has no such rule, or has rules that iptables-save does not show";
        }

        return Remove(chain, index);
    }

    private string? Remove(RestoreChain chain, int index)
    {
        if (_tool.IsNft && chain.Rules[index].IsNew)
        {
            return NotThereYet;
        }

        _table.Remove(chain, index);
        return null;
    }

    private string? Add(RestoreChain chain, int index, ReadOnlySpan<byte> spec, bool isAppended)
    {
        var spelled = RuleSpeller.Spell(spec, _tool.Family, out var why);
        why ??= RestoreRefusals.Find(spelled, chain, _table, _tool, _ruleSet);
        if (why is not null)
        {
            return why;
        }

        foreach (var text in spelled.Texts(_tool.IsNft))
        {
            var rule = Read(chain, text);
            if (rule.Steps.FirstOrDefault(step => step is UnknownCondition { Reason: UnknownReason.NotUnderstood } or UnknownStatement { Reason: UnknownReason.NotUnderstood or UnknownReason.NotRead }) is { } step)
            {
                return $"\"{(step as UnknownCondition)?.Text ?? ((UnknownStatement)step).Text}\" is not understood";
            }

            // Of several rules in one line each comes before the last when they are inserted.
            _table.Insert(chain, isAppended ? chain.Rules.Count : index, new(rule) { IsNew = true });
        }

        return null;
    }

    private Rule Read(RestoreChain chain, string text)
    {
        var line = Encoding.UTF8.GetBytes(text.Length == 0 ? $"-A {chain.Name}" : $"-A {chain.Name} {text}");
        var steps = IptablesReader.ReadRule(new(line, 3 + Encoding.UTF8.GetByteCount(chain.Name)), _reader, _table.IsUserChain);
        return new(steps, RuleText.OfUtf8(line), 0) { Saved = line };
    }
}
