using System.Text.Json.Serialization;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>An alert of <c>cscli decisions list -o json</c> (captured from 1.4.6).</summary>
/// <param name="Decisions">What was decided for it.</param>
internal sealed record AlertJson(DecisionJson[]? Decisions);

/// <summary>A decision.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Duration">How long it is still in force, as Go writes durations.</param>
/// <param name="Origin">Who decided.</param>
/// <param name="Scenario">Why.</param>
/// <param name="Scope">What it is about: <c>Ip</c>, <c>Range</c>, or others.</param>
/// <param name="Simulated">True when it is not carried out.</param>
/// <param name="Type">What is done, such as <c>ban</c>.</param>
/// <param name="Value">The address, range, country or number.</param>
internal sealed record DecisionJson(long Id, string? Duration, string? Origin, string? Scenario, string? Scope, bool Simulated, string? Type, string? Value);

/// <summary>An allowlist of <c>cscli allowlists list -o json</c> (<c>GetAllowlistResponse</c> in pkg/models of crowdsec 1.7).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description.</param>
/// <param name="ConsoleManaged">True when crowdsec's console keeps it.</param>
/// <param name="Items">Its entries.</param>
internal sealed record AllowlistJson(string? Name, string? Description, bool ConsoleManaged, AllowlistItemJson[]? Items);

/// <summary>An entry (<c>AllowlistItem</c>).</summary>
/// <param name="Value">An address or a range.</param>
/// <param name="Description">Its comment.</param>
/// <param name="Expiration">Its end; the year 1 for none.</param>
internal sealed record AllowlistItemJson(string? Value, string? Description, DateTimeOffset? Expiration);

/// <summary>The JSON of cscli.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AlertJson[]))]
[JsonSerializable(typeof(AllowlistJson[]))]
internal sealed partial class CrowdSecJson : JsonSerializerContext;
