using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Sorts the objects of a document by table and reads them.</summary>
internal sealed class NftJsonTables(NftJsonSource source)
{
    private readonly Dictionary<NftTableName, Draft> _drafts = [];
    private readonly List<Draft> _order = [];
    private readonly ImmutableArray<Gap>.Builder _gaps = ImmutableArray.CreateBuilder<Gap>();
    private readonly ImmutableArray<NftTableName>.Builder _unclear = ImmutableArray.CreateBuilder<NftTableName>();

    public NftReading Read(JsonElement objects)
    {
        foreach (var item in objects.EnumerateArray())
        {
            if (NftJson.TrySingle(item, out var kind, out var value) && value.ValueKind == JsonValueKind.Object)
            {
                Sort(kind, value);
            }
            else
            {
                Missing(Families.Both, "an object that is not understood");
            }
        }

        foreach (var draft in _order)
        {
            ReadRules(draft);
        }

        return new([.. _order.Select(Finish)]) { Gaps = _gaps.ToImmutable(), UnclearFlags = _unclear.ToImmutable() };
    }

    private void Sort(string kind, JsonElement value)
    {
        switch (kind)
        {
            case "metainfo" or "flowtable" or "counter" or "quota" or "limit" or "ct helper" or "ct timeout" or "ct expectation" or "secmark" or "synproxy" or "tunnel":
                break;
            case "table":
                Table(value);
                break;
            case "chain" when DraftOf(value) is { } draft && NftJson.Text(value, "name") is { } name:
                Chain(draft, name, value);
                break;
            case "set" or "map" when DraftOf(value) is { } draft && NftJson.Text(value, "name") is { } name:
                draft.Scope.Sets[name] = new(value, source.LacksElements);
                break;
            case "rule" when DraftOf(value) is { } draft:
                draft.Rules.Add(value);
                MarkWrittenSets(draft, value);
                break;
            default:
                Missing(Families.Both, $"an object of the kind '{kind}' that is not understood, or whose table is missing");
                break;
        }
    }

    private void Table(JsonElement value)
    {
        if (NftJson.Text(value, "family") is not { } family || NftJson.Text(value, "name") is not { } name)
        {
            Missing(Families.Both, "a table without family or name");
            return;
        }

        var draft = new Draft(new(family, name));
        if (_drafts.TryAdd(draft.Name, draft))
        {
            _order.Add(draft);
            ReadFlags(draft, value);
        }
    }

    // nft 1.0.6 prints freed memory for a table with one flag; a newer one prints the flag, or a list of flags.
    private void ReadFlags(Draft draft, JsonElement table)
    {
        if (!table.TryGetProperty("flags"u8, out var flags))
        {
            return;
        }

        var names = flags.ValueKind == JsonValueKind.Array ? flags.EnumerateArray().Select(flag => flag.ToString()).ToList() : [flags.ToString()];
        draft.IsDormant = names.Contains("dormant", StringComparer.Ordinal) && draft.Name.Name != "dormant";
        if (!draft.IsDormant && names.Exists(name => name is not ("owner" or "persist")))
        {
            _unclear.Add(draft.Name);
        }
    }

    private void Chain(Draft draft, string name, JsonElement value)
    {
        draft.Chains[name] = NftJsonChains.Base(value, out var problem);
        if (problem is not null)
        {
            Missing(draft.Sees, $"{draft}, chain {name}, which {problem}");
        }
    }

    private static void MarkWrittenSets(Draft draft, JsonElement rule)
    {
        if (!rule.TryGetProperty("expr"u8, out var statements) || statements.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var statement in statements.EnumerateArray())
        {
            if (statement.ValueKind == JsonValueKind.String)
            {
                draft.Written.UnionWith(WrittenInText(statement.GetString()!));
            }
            else if (statement.ValueKind != JsonValueKind.Object)
            {
                continue;
            }
            else if (statement.TryGetProperty("set"u8, out var written) || statement.TryGetProperty("map"u8, out written))
            {
                _ = draft.Written.Add((NftJson.Text(written, "set") ?? NftJson.Text(written, "map") ?? "").TrimStart('@'));
            }
            else if (statement.TryGetProperty("meter"u8, out var meter))
            {
                _ = draft.Written.Add(NftJson.Text(meter, "name") ?? "");
            }
        }
    }

    // An anonymous chain is text.
    private static IEnumerable<string> WrittenInText(string block)
    {
        var words = block.Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        return words.Zip(words.Skip(1)).Where(pair => pair is (First: "add" or "update" or "delete", Second: ['@', ..])).Select(pair => pair.Second[1..]);
    }

    private void ReadRules(Draft draft)
    {
        foreach (var name in draft.Written)
        {
            if (draft.Scope.Sets.TryGetValue(name, out var set))
            {
                set.IsWrittenByRules = true;
            }
        }

        var reader = new NftJsonRules(draft.Scope, source);
        foreach (var rule in draft.Rules)
        {
            if (NftJson.Text(rule, "chain") is { } chain && draft.Chains.ContainsKey(chain))
            {
                reader.Add(chain, rule);
            }
            else
            {
                Missing(draft.Sees, $"{draft}, a rule whose chain is not in it");
            }
        }

        draft.Finished = reader;
    }

    private Table Finish(Draft draft)
    {
        var chains = ImmutableDictionary.CreateBuilder<string, Chain>(StringComparer.Ordinal);
        foreach (var (name, place) in draft.Chains)
        {
            chains[name] = new(name, []) { Base = place };
        }

        foreach (var (name, rules) in draft.Finished!.Chains)
        {
            chains[name] = new(name, [.. rules]) { Base = draft.Chains.GetValueOrDefault(name) };
        }

        return new(Backend.NfTables, draft.Name.Family, draft.Name.Name, chains.ToImmutable())
        {
            IsDormant = draft.IsDormant,
            Sets = draft.Scope.Sets.ToImmutableDictionary(set => set.Key, set => new NamedSet(set.Key, source.SliceOf(JsonMarshal.GetRawUtf8Value(set.Value.Definition))), StringComparer.Ordinal),
        };
    }

    private Draft? DraftOf(JsonElement value) =>
        NftJson.Text(value, "family") is { } family && NftJson.Text(value, "table") is { } table ? _drafts.GetValueOrDefault(new(family, table)) : null;

    private void Missing(Families families, string what)
    {
        if (families != Families.None)
        {
            _gaps.Add(new(families, $"{source.Name} holds {what}"));
        }
    }

    private sealed class Draft(NftTableName name)
    {
        public NftTableName Name { get; } = name;

        public NftJsonScope Scope { get; } = new(name.Family);

        public Dictionary<string, BaseChain?> Chains { get; } = new(StringComparer.Ordinal);

        public List<JsonElement> Rules { get; } = [];

        public HashSet<string> Written { get; } = new(StringComparer.Ordinal);

        public bool IsDormant { get; set; }

        public NftJsonRules? Finished { get; set; }

        public Families Sees => Name.Family switch { "ip" => Families.IPv4, "ip6" => Families.IPv6, "inet" or "netdev" => Families.Both, _ => Families.None };

        public override string ToString() => $"table {Name.Family} {Name.Name}";
    }
}
