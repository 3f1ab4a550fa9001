using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Output;

namespace AllowlistSync.Daemon.Web;

/// <summary>What the daemon knows as JSON; fields are only ever added. Pure.</summary>
internal static class StatusJson
{
    private const string Schema = "allowlist-sync/daemon/v1";

    /// <summary>All of it; of each target the last run.</summary>
    public static string Write(DaemonSnapshot daemon) => JsonDocuments.Object(json =>
    {
        Head(json, daemon);
        Verdict(json, "alive", Health.AgainstLife(daemon));
        Verdict(json, "ready", Health.AgainstReady(daemon));
        List(json, "targets", daemon.Targets, target => TargetMembers(json, target));
        List(json, "sources", daemon.Sources, source => SourceJson.Members(json, source));
        List(json, "nodes", daemon.Nodes, node => NodeJson.Members(json, node));
        Texts(json, "remarks", Health.Remarks(daemon));
    });

    /// <summary>One target with its newest runs.</summary>
    public static string Write(DaemonSnapshot daemon, TargetStanding target) => JsonDocuments.Object(json =>
    {
        Head(json, daemon);
        List(json, "targets", [target], one =>
        {
            TargetMembers(json, one);
            List(json, "recent", one.Recent, run => RunJson.Members(json, run));
        });
    });

    /// <summary>The members of an answer about health.</summary>
    public static void WriteVerdict(Utf8JsonWriter json, string what, ImmutableArray<string> reasons)
    {
        json.WriteString("schema", Schema);
        Verdict(json, what, reasons);
    }

    /// <summary>A list of objects.</summary>
    public static void List<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> members)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A list of texts.</summary>
    public static void Texts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>A time, or null.</summary>
    public static void Time(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } value)
        {
            json.WriteString(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    /// <summary>Refusals.</summary>
    public static void Refusals(Utf8JsonWriter json, ImmutableArray<Refusal> refusals) => List(json, "refusals", refusals, refusal =>
    {
        json.WriteString("id", refusal.RuleId);
        json.WriteString("message", refusal.Message);
        json.WriteString("remedy", refusal.WayOut);
    });

    private static void Head(Utf8JsonWriter json, DaemonSnapshot daemon)
    {
        json.WriteString("schema", Schema);
        json.WriteString("at", daemon.At);
        json.WriteString("startedAt", daemon.StartedAt);
        json.WriteString("version", daemon.Version);
        json.WriteString("node", daemon.Node);
        json.WriteStartObject("config");
        json.WriteString("hash", daemon.ConfigHash);
        json.WriteString("problem", daemon.ConfigProblem);
        json.WriteEndObject();
    }

    private static void Verdict(Utf8JsonWriter json, string what, ImmutableArray<string> reasons)
    {
        json.WriteStartObject(what);
        json.WriteBoolean("ok", reasons.IsEmpty);
        Texts(json, "reasons", reasons);
        json.WriteEndObject();
    }

    private static void TargetMembers(Utf8JsonWriter json, TargetStanding target)
    {
        json.WriteString("name", target.Target.Name);
        json.WriteString("provider", target.Target.Provider);
        json.WriteString("host", target.Target.Host);
        json.WriteString("mode", JsonReport.Name(target.Target.Mode));
        Texts(json, "allow", target.Target.Allow);
        json.WriteString("ports", target.Target.Ports.ToString());
        json.WriteString("status", target.Last?.Status);
        Time(json, "goodSince", target.GoodSince);
        Time(json, "nextRun", target.NextRun);
        json.WriteString("watches", target.Watches);
        Time(json, "pausedUntil", target.PausedUntil);
        RunJson.Write(json, "last", target.Last);
        RunJson.Write(json, "lastChange", target.LastChange);
    }
}

/// <summary>A source as JSON.</summary>
internal static class SourceJson
{
    public static void Members(Utf8JsonWriter json, SourceStanding source)
    {
        var memory = source.Memory;
        json.WriteString("name", source.Name);
        StatusJson.Time(json, "askedAt", source.AskedAt);
        json.WriteBoolean("answered", source.Answered);
        json.WriteBoolean("stale", source.IsStale);
        StatusJson.Time(json, "fetchedAt", memory?.LastGood.FetchedAt);
        json.WriteString("etag", memory?.LastGood.ETag);
        json.WriteNumber("ipv4", memory?.InForce.PrefixCount(IpFamily.IPv4) ?? 0);
        json.WriteNumber("ipv6", memory?.InForce.PrefixCount(IpFamily.IPv6) ?? 0);
        StatusJson.List(json, "pending", memory?.Pending ?? [], removal =>
        {
            json.WriteString("prefix", removal.Prefix.ToString());
            json.WriteString("until", removal.Until);
        });
        StatusJson.Refusals(json, source.Refusals);
        StatusJson.List(json, "lists", source.Lists, list => List(json, list));
    }

    private static void List(Utf8JsonWriter json, ListRecord list)
    {
        json.WriteString("at", list.At);
        json.WriteString("etag", list.ETag);
        StatusJson.Texts(json, "added", list.Added);
        StatusJson.Texts(json, "removed", list.Removed);
        json.WriteNumber("ipv4", list.IPv4);
        json.WriteNumber("ipv6", list.IPv6);
    }
}

/// <summary>A run as JSON.</summary>
internal static class RunJson
{
    /// <summary>A run, or null.</summary>
    public static void Write(Utf8JsonWriter json, string name, RunRecord? run)
    {
        if (run is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        Members(json, run);
        json.WriteEndObject();
    }

    public static void Members(Utf8JsonWriter json, RunRecord run)
    {
        json.WriteString("run", run.RunId);
        json.WriteString("node", run.Node);
        json.WriteString("trigger", RunWords.NameOf(run.Trigger));
        json.WriteString("at", run.At);
        json.WriteNumber("seconds", Math.Round(run.Took.TotalSeconds, 3));
        json.WriteString("status", run.Status);
        json.WriteBoolean("repair", run.IsRepair);
        json.WriteNumber("addedCount", run.AddedCount);
        json.WriteNumber("removedCount", run.RemovedCount);
        StatusJson.Texts(json, "added", run.Added);
        StatusJson.Texts(json, "removed", run.Removed);
        json.WriteNumber("repairs", run.Repairs);
        json.WriteNumber("lifted", run.Lifted);
        StatusJson.Refusals(json, run.Refusals);
        JsonParts.WriteFindings(json, run.Error is { } error ? [error, .. run.Findings] : run.Findings);
        Reach(json, run);
    }

    private static void Reach(Utf8JsonWriter json, RunRecord run)
    {
        if (run.ReachCounts is { } counts)
        {
            json.WriteStartObject("reach");
            json.WriteNumber("accepted", counts.Accepted);
            json.WriteNumber("blocked", counts.Blocked);
            json.WriteNumber("unknown", counts.Unknown);
            json.WriteEndObject();
        }

        StatusJson.List(json, "verdicts", run.Reach, cell =>
        {
            json.WriteString("from", cell.From);
            json.WriteString("port", cell.Port);
            json.WriteString("verdict", cell.Verdict);
            if (cell.VisitorSees is { } seen)
            {
                json.WriteNumber("visitorSees", seen);
            }

            json.WriteString("rule", cell.Rule);
            json.WriteString("where", cell.Where);
        });
    }
}
