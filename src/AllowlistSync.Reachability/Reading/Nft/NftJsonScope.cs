using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>What the rules of one table can refer to.</summary>
internal sealed class NftJsonScope(string family)
{
    /// <summary>The table's family.</summary>
    public string Family { get; } = family;

    /// <summary>The named sets and maps.</summary>
    public Dictionary<string, NftNamedSet> Sets { get; } = new(StringComparer.Ordinal);

    /// <summary>Steps of matches that come again and again, by their JSON.</summary>
    public NftStepCache Cache { get; } = new();

    /// <summary>The set that <c>@name</c> stands for; null when the dump does not hold it.</summary>
    public NftNamedSet? Find(JsonElement reference) =>
        reference.ValueKind == JsonValueKind.String && reference.GetString() is ['@', .. var name] ? Sets.GetValueOrDefault(name) : null;
}

/// <summary>One statement of a rule while it is read.</summary>
/// <param name="Scope">The table.</param>
/// <param name="Steps">What the rule consists of so far.</param>
/// <param name="Whole">The statement with its tag.</param>
/// <param name="Value">The statement without it.</param>
internal readonly record struct NftStatement(NftJsonScope Scope, List<Step> Steps, JsonElement Whole, JsonElement Value)
{
    /// <summary>The statement as nft writes it.</summary>
    public string Text => NftJsonText.Statement(Whole);

    public void Add(Step step) => Steps.Add(step);

    /// <summary>The statement may do anything.</summary>
    public void UnknownStatement(UnknownReason reason = UnknownReason.NotUnderstood) =>
        Add(new UnknownStatement(Text, reason) { UsesConntrack = NftJsonConntrack.IsUsedIn(Whole) });

    /// <summary>The statement may end the rule or let it go on.</summary>
    public void UnknownCondition(UnknownReason reason) =>
        Add(new UnknownCondition(Text, reason, NftJsonConntrack.IsUsedIn(Whole)));
}
