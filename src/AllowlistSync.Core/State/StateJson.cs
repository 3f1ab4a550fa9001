using System.Text.Json.Serialization;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.State;

/// <summary>The JSON of the state directory.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    Converters = [typeof(IpPrefixConverter), typeof(PrefixSetConverter), typeof(TrafficSetConverter)])]
[JsonSerializable(typeof(SourceMemory))]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(JournalEntry))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(ListRecord))]
[JsonSerializable(typeof(NoticeMemory))]
public sealed partial class StateJson : JsonSerializerContext;
