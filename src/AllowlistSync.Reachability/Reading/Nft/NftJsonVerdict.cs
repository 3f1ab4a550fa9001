using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads verdicts, and the maps that hold some.</summary>
internal static class NftJsonVerdict
{
    /// <summary>A verdict as a map holds it: <c>{"drop":null}</c>, <c>{"jump":{"target":"x"}}</c>.</summary>
    public static bool TryRead(JsonElement verdict, [NotNullWhen(true)] out Verdict? result)
    {
        result = !NftJson.TrySingle(verdict, out var name, out var inner) ? null : Of(name, inner);
        return result is not null;
    }

    public static void Decide(NftStatement statement)
    {
        if (TryRead(statement.Whole, out var verdict))
        {
            statement.Add(Decision(verdict));
        }
        else
        {
            statement.UnknownStatement();
        }
    }

    public static void Reject(NftStatement statement)
    {
        var type = NftJson.Text(statement.Value, "type");
        if (type is "icmp" or "icmpv6" && statement.Scope.Family is not ("ip" or "ip6"))
        {
            statement.Add(type == "icmp" ? NftGuards.IPv4 : NftGuards.IPv6);
        }

        statement.Add(Decision(type == "tcp reset" ? Verdict.Reset : Verdict.Reject));
    }

    /// <summary><c>{"vmap":{"key","data"}}</c>.</summary>
    public static void Map(NftStatement statement)
    {
        var map = statement.Value;
        if (map.ValueKind != JsonValueKind.Object || !map.TryGetProperty("key"u8, out var key) || !map.TryGetProperty("data"u8, out var data) || !NftJson.HasOnly(map, "key", "data"))
        {
            statement.UnknownStatement();
            return;
        }

        switch (NftJsonOperand.Read(key, statement.Scope.Family))
        {
            case NftOperand.Missing:
                statement.Add(FixedCondition.Never);
                break;
            case NftOperand.Known { Mask: null } known:
                ByFields(statement, [known.Field], data);
                break;
            case NftOperand.Joined joined:
                ByFields(statement, joined.Fields, data);
                break;
            case NftOperand.Unknown unknown:
                statement.UnknownStatement(unknown.Reason);
                break;
            default:
                statement.UnknownStatement();
                break;
        }
    }

    private static void ByFields(NftStatement statement, ImmutableArray<Field> key, JsonElement data)
    {
        var named = statement.Scope.Find(data);
        if (data.ValueKind == JsonValueKind.String && named is null)
        {
            statement.UnknownStatement(UnknownReason.NotRead);
        }
        else if (named is { IsWrittenByRules: true })
        {
            statement.UnknownStatement(UnknownReason.History);
        }
        else if (NftJsonLookup.Map<Verdict>(statement.Scope, key, data, "verdict", TryRead!) is not { } entries)
        {
            statement.UnknownStatement();
        }
        else
        {
            if (named is { HasLimits: true })
            {
                statement.Add(new UnknownCondition(statement.Text, UnknownReason.Rate, named.LimitsUseConntrack));
            }

            statement.Add(new DecideByMap(key, entries));
        }
    }

    private static Verdict? Of(string name, JsonElement inner) => (name, NftJson.Text(inner, "target")) switch
    {
        ("accept", _) => Verdict.Accept,
        ("drop", _) => Verdict.Drop,
        ("continue", _) => Verdict.Continue,
        ("return", _) => Verdict.Return,
        ("jump", { } chain) => Verdict.Jump(chain),
        ("goto", { } chain) => Verdict.Goto(chain),
        _ => null,
    };

    // The same few decisions end nearly all rules.
    private static Decide Decision(Verdict verdict) => Shared.FirstOrDefault(decision => ReferenceEquals(decision.Verdict, verdict)) ?? new(verdict);

    private static readonly Decide[] Shared =
        [new(Verdict.Accept), new(Verdict.Drop), new(Verdict.Return), new(Verdict.Reject), new(Verdict.Reset), new(Verdict.Continue)];
}
