using System.Buffers;
using System.Text;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// Makes the tables of a state: what the script wrote, and the old rules that refer to named sets, are written as nft's JSON and read by
/// the reader of JSON; the other rules stay as they are, marked by empty rules that keep the numbers.
/// </summary>
internal static class NftScriptResult
{
    /// <summary>The tables, and what is missing in them.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="state">The state at the end of the script.</param>
    public static NftReading Of(string name, NftScriptState state)
    {
        var touched = state.Tables.Where(table => table.IsTouched || table.Before is null).ToList();
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true, MaxDepth = 1000 }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("nftables");
            touched.ForEach(table => WriteTable(writer, table));
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        foreach (var (table, set) in touched.SelectMany(table => table.Sets.Values.Select(set => (table, set))).Where(item => item.set.Refused > 0))
        {
            state.Miss(table.Family, $"{name} deletes {set.Refused} elements of set {table.Family} {table.Name} {set.Name} that it does not hold as whole elements; the kernel refuses such a script");
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory, new() { MaxDepth = 1000 });
        var source = new NftJsonSource(name) { Content = buffer.WrittenMemory, AnonymousChain = NftTextReader.AnonymousChain };
        var read = NftJsonReader.Read(document.RootElement, source);
        var fresh = read.Tables.ToDictionary(table => (table.Family, table.Name));
        return new([.. state.Tables.Select(table => fresh.TryGetValue((table.Family, table.Name), out var made) ? Join(table, made, state) : table.Before!)])
        {
            Gaps = [.. state.Gaps, .. read.Gaps],
        };
    }

    private static void WriteTable(Utf8JsonWriter writer, NftScriptTable table)
    {
        WriteObject(writer, "table", table, table.Name, static (_, _) => { });
        foreach (var set in table.Sets.Values)
        {
            writer.WriteStartObject();
            writer.WritePropertyName(set.IsMap ? "map" : "set");
            set.WriteTo(writer, table.Family, table.Name);
            writer.WriteEndObject();
        }

        foreach (var chain in table.Chains)
        {
            WriteObject(writer, "chain", table, chain.Name, (json, _) => WriteHead(json, chain));
        }

        foreach (var chain in table.Chains)
        {
            foreach (var rule in chain.Rules)
            {
                WriteRule(writer, table, chain, rule);
            }
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, string kind, NftScriptTable table, string name, Action<Utf8JsonWriter, string> more)
    {
        writer.WriteStartObject();
        writer.WriteStartObject(kind);
        writer.WriteString("family", table.Family);
        writer.WriteString("name", name);
        if (kind != "table")
        {
            writer.WriteString("table", table.Name);
        }

        more(writer, kind);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteHead(Utf8JsonWriter writer, NftScriptChain chain)
    {
        if (chain.Head is not { } head)
        {
            return;
        }

        writer.WriteString("type", head.Type);
        writer.WriteString("hook", head.Hook);
        if (head.Priority.Number is { } number)
        {
            writer.WriteNumber("prio", number);
        }
        else
        {
            writer.WriteString("prio", head.Priority.Words);
        }

        writer.WriteString("policy", head.Policy ?? (chain.Before?.Base is { DropsByDefault: true } ? "drop" : "accept"));
        if (head.Devices is { } devices)
        {
            writer.WritePropertyName("dev");
            devices.WriteTo(writer);
        }
    }

    private static void WriteRule(Utf8JsonWriter writer, NftScriptTable table, NftScriptChain chain, NftScriptRule rule)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("rule");
        writer.WriteString("family", table.Family);
        writer.WriteString("table", table.Name);
        writer.WriteString("chain", chain.Name);
        writer.WriteStartArray("expr");
        foreach (var part in rule.Before is { } before ? NftScriptRules.PartsOf(before) ?? [] : rule.Parts)
        {
            part.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static Table Join(NftScriptTable table, Table made, NftScriptState state)
    {
        var chains = made.Chains.ToBuilder();
        foreach (var chain in table.Chains)
        {
            var read = made.Chains[chain.Name];
            chains[chain.Name] = new(chain.Name, [.. chain.Rules.Select((rule, i) => Join(rule, i < read.Rules.Length ? read.Rules[i] : null, i + 1))])
            {
                Base = BaseOf(chain, read, table, state),
            };
        }

        var joined = made with { Chains = chains.ToImmutable(), IsDormant = table.IsDormant };
        foreach (var target in joined.Chains.Values.SelectMany(chain => chain.Rules).SelectMany(Targets).Where(target => !joined.Chains.ContainsKey(target)).Distinct(StringComparer.Ordinal))
        {
            state.Miss(table.Family, $"a rule of table {table.Family} {table.Name} leads to chain {target}, which is not there; the kernel refuses that");
        }

        return joined;
    }

    private static IEnumerable<string> Targets(Rule rule) => rule.Steps.SelectMany(step => step switch
    {
        Decide { Verdict.Chain: { } chain } => [chain],
        DecideByMap map => map.Entries.Select(entry => entry.Value.Chain).OfType<string>(),
        _ => Enumerable.Empty<string>(),
    });

    private static Rule Join(NftScriptRule rule, Rule? read, int number) => rule.Before is { } before
        ? before with { Number = number, Steps = NftScriptRules.PartsOf(before) is null || read is null ? before.Steps : read.Steps }
        : new Rule(read?.Steps ?? [new UnknownStatement(rule.Text, UnknownReason.NotRead)], RuleText.OfUtf8(Encoding.UTF8.GetBytes(rule.Text)), number) { Handle = rule.Handle };

    private static BaseChain? BaseOf(NftScriptChain chain, Chain read, NftScriptTable table, NftScriptState state)
    {
        if (chain.Policy is not null and not ("accept" or "drop"))
        {
            state.Miss(table.Family, $"the policy {chain.Policy} of chain {table.Family} {table.Name} {chain.Name} is not understood");
        }

        var place = chain.Head is null ? chain.Before?.Base : read.Base;
        return place is not null && chain.Policy is { } policy ? place with { DropsByDefault = policy == "drop" } : place;
    }
}
