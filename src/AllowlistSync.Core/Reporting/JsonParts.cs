using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Reporting;

/// <summary>The parts that JSON documents share.</summary>
public static class JsonParts
{
    /// <summary>The array <c>sources</c>, as a field of the object that is open.</summary>
    public static void WriteSources(Utf8JsonWriter json, IEnumerable<SourceOutcome> sources)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(sources);
        json.WriteStartArray("sources");
        foreach (var source in sources)
        {
            JsonSource.Write(json, source);
        }

        json.WriteEndArray();
    }

    /// <summary>The array <c>targets</c>, as a field of the object that is open.</summary>
    public static void WriteTargets(Utf8JsonWriter json, IEnumerable<TargetReport> targets)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(targets);
        json.WriteStartArray("targets");
        foreach (var target in targets)
        {
            JsonTarget.Write(json, target);
        }

        json.WriteEndArray();
    }

    internal static void WriteRefusals(Utf8JsonWriter json, ImmutableArray<Refusal> refusals)
    {
        json.WriteStartArray("refusals");
        foreach (var refusal in refusals)
        {
            json.WriteStartObject();
            json.WriteString("rule", refusal.RuleId);
            json.WriteString("message", refusal.Message);
            json.WriteString("wayOut", refusal.WayOut);
            json.WriteBoolean("canBeAccepted", refusal.CanBeAccepted);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The array <c>findings</c>, as a field of the object that is open.</summary>
    public static void WriteFindings(Utf8JsonWriter json, IEnumerable<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(findings);
        json.WriteStartArray("findings");
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("id", finding.Id);
            json.WriteString("severity", JsonReport.Name(finding.Severity));
            json.WriteString("message", finding.Message);
            json.WriteString("remedy", finding.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The removals that wait, as a field of the object that is open.</summary>
    public static void WritePending(Utf8JsonWriter json, ImmutableArray<PendingRemoval> pending)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray("pending");
        foreach (var removal in pending)
        {
            json.WriteStartObject();
            json.WriteString("prefix", removal.Prefix.ToString());
            JsonReport.WriteTime(json, "until", removal.Until);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>An array of bans, as a field of the object that is open.</summary>
    public static void WriteBans(Utf8JsonWriter json, string name, IEnumerable<Ban> bans)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(bans);
        json.WriteStartArray(name);
        foreach (var ban in bans)
        {
            json.WriteStartObject();
            WriteBan(json, ban);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A ban, as fields of the object that is open.</summary>
    public static void WriteBan(Utf8JsonWriter json, Ban ban)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(ban);
        json.WriteString("prefix", ban.Prefix.ToString());
        json.WriteString("by", ban.By);
        json.WriteString("note", ban.Note);
    }

    /// <summary>What a plan does, as fields of the object that is open; empty arrays for no plan.</summary>
    internal static void WriteChanges(Utf8JsonWriter json, Plan? plan)
    {
        PlanJson.WriteTraffic(json, "add", plan?.Changes.Add ?? Desired.TrafficSet.Empty);
        PlanJson.WriteTraffic(json, "remove", plan?.Changes.Remove ?? Desired.TrafficSet.Empty);
        WritePending(json, plan?.Pending ?? []);
        json.WriteStartArray("repairs");
        foreach (var defect in plan?.Changes.Repairs ?? [])
        {
            json.WriteStartObject();
            json.WriteString("id", defect.Id);
            json.WriteString("message", defect.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteBans(json, "lift", plan?.Changes.Lift ?? []);
    }
}
