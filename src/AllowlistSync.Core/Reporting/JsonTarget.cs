using System.Text.Json;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>One element of <c>targets</c>.</summary>
internal static class JsonTarget
{
    public static void Write(Utf8JsonWriter json, TargetReport target)
    {
        json.WriteStartObject();
        json.WriteString("name", target.Target.Name);
        json.WriteString("provider", target.Target.Provider);
        json.WriteString("host", target.Target.Host);
        json.WriteString("mode", JsonReport.Name(target.Target.Mode));
        json.WriteString("status", JsonReport.Name(target.Status));
        json.WriteString("fingerprint", target.Plan?.Fingerprint);
        json.WriteString("acceptFingerprint", Approval.Offered(target)?.Fingerprint);
        JsonParts.WriteChanges(json, target.Plan);
        WriteIfAccepted(json, target);
        WriteWanted(json, target);
        WriteReach(json, target.Rehearsal);
        JsonParts.WriteFindings(json, [.. target.Plan?.Findings ?? [], .. target.Findings, .. target.Rehearsal.Findings]);
        JsonParts.WriteRefusals(json, target.Refusals);
        WriteError(json, target.Error);
        json.WriteStartArray("actions");
        foreach (var action in target.Actions)
        {
            json.WriteStringValue(action);
        }

        json.WriteEndArray();
        JsonReport.WriteTime(json, "confirmBy", target.ConfirmBy);
        json.WriteEndObject();
    }

    private static void WriteReach(Utf8JsonWriter json, Rehearsal rehearsal)
    {
        if (rehearsal.Difference is { } difference)
        {
            json.WriteStartObject("effect");
            PlanJson.WriteTraffic(json, "opens", difference.Opens);
            PlanJson.WriteTraffic(json, "closes", difference.Closes);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("effect");
        }

        if (rehearsal.Proof.Pieces.IsEmpty)
        {
            json.WriteNull("proof");
            return;
        }

        json.WriteStartObject("proof");
        PlanJson.WriteTraffic(json, "accepted", rehearsal.Proof.With(ReachabilityVerdict.Accepted));
        PlanJson.WriteTraffic(json, "blocked", rehearsal.Proof.With(ReachabilityVerdict.Blocked));
        PlanJson.WriteTraffic(json, "unknown", rehearsal.Proof.With(ReachabilityVerdict.Unknown));
        json.WriteEndObject();
    }

    private static void WriteIfAccepted(Utf8JsonWriter json, TargetReport target)
    {
        if (Approval.Offered(target) is not Plan plan)
        {
            json.WriteNull("ifAccepted");
            return;
        }

        json.WriteStartObject("ifAccepted");
        JsonParts.WriteChanges(json, plan);
        json.WriteEndObject();
    }

    private static void WriteWanted(Utf8JsonWriter json, TargetReport target)
    {
        if (target.Plan is null && target.Wanted is { } wanted)
        {
            PlanJson.WriteTraffic(json, "wanted", wanted);
        }
        else
        {
            json.WriteNull("wanted");
        }
    }

    private static void WriteError(Utf8JsonWriter json, TargetError? error)
    {
        if (error is null)
        {
            json.WriteNull("error");
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("kind", JsonReport.Name(error.Kind));
        json.WriteString("aftermath", JsonReport.Name(error.Aftermath));
        json.WriteString("message", error.Message);
        json.WriteString("remedy", error.Remedy);
        json.WriteEndObject();
    }
}
