using System.Text.Json;
using AllowlistSync.Core.Planning;

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
        JsonParts.WriteFindings(json, [.. target.Plan?.Findings ?? [], .. target.Findings]);
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
