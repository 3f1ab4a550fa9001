using System.Runtime.InteropServices;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads the rules of one table. An anonymous chain becomes a chain with the name of its rule.</summary>
internal sealed class NftJsonRules(NftJsonScope scope, NftJsonSource source)
{
    private readonly Dictionary<string, List<Rule>> _chains = new(StringComparer.Ordinal);
    private readonly List<Step> _steps = [];

    /// <summary>The rules of each chain that has some.</summary>
    public IReadOnlyDictionary<string, List<Rule>> Chains => _chains;

    public void Add(string chain, JsonElement rule)
    {
        if (!_chains.TryGetValue(chain, out var rules))
        {
            _chains[chain] = rules = [];
        }

        var number = rules.Count + 1;
        var start = _steps.Count;
        ReadSteps(rule, chain, number);
        var steps = CollectionsMarshal.AsSpan(_steps)[start..];
        rules.Add(new([.. steps], TextOf(rule), number) { Handle = HandleOf(rule) });
        _steps.RemoveRange(start, _steps.Count - start);
    }

    private void ReadSteps(JsonElement rule, string chain, int number)
    {
        if (!NftJson.HasOnly(rule, "family", "table", "chain", "handle", "expr", "comment", "index", "position"))
        {
            _steps.Add(new UnknownStatement(NftJsonText.Rule(rule), UnknownReason.NotUnderstood));
        }

        if (!rule.TryGetProperty("expr"u8, out var statements) || statements.ValueKind != JsonValueKind.Array)
        {
            _steps.Add(new UnknownStatement(NftJsonText.Rule(rule), UnknownReason.NotUnderstood));
            return;
        }

        foreach (var statement in statements.EnumerateArray())
        {
            if (statement.ValueKind == JsonValueKind.String)
            {
                ReadBlock(statement.GetString()!, $"{chain}{{{number}}}");
            }
            else if (!NftJsonStatements.Read(scope, _steps, statement))
            {
                _steps.Add(new UnknownStatement(NftJsonText.Statement(statement), UnknownReason.NotUnderstood));
            }
        }
    }

    private void ReadBlock(string text, string name)
    {
        var isJump = text.StartsWith("jump", StringComparison.Ordinal);
        if ((!isJump && !text.StartsWith("goto", StringComparison.Ordinal)) || source.AnonymousChain?.Invoke(text) is not { ValueKind: JsonValueKind.Array } rules)
        {
            _steps.Add(new UnknownStatement(NftJsonText.OneLine(text), UnknownReason.NotUnderstood) { UsesConntrack = text.Contains("ct ", StringComparison.Ordinal) });
            return;
        }

        _chains[name] = [];
        foreach (var rule in rules.EnumerateArray().Where(rule => rule.ValueKind == JsonValueKind.Object))
        {
            Add(name, rule);
        }

        _steps.Add(new Decide(isJump ? Verdict.Jump(name) : Verdict.Goto(name)));
    }

    private RuleText TextOf(JsonElement rule) =>
        source.TextOf?.Invoke(rule) ?? new(source.SliceOf(JsonMarshal.GetRawUtf8Value(rule)), NftJsonText.Render);

    private static long? HandleOf(JsonElement rule) =>
        rule.TryGetProperty("handle"u8, out var handle) && handle.ValueKind == JsonValueKind.Number && handle.TryGetInt64(out var number) ? number : null;
}
