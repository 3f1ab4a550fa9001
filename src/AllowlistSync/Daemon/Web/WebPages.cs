using System.Collections.Immutable;
using AllowlistSync.Daemon.Web.Metrics;
using AllowlistSync.Daemon.Web.Page;
using AllowlistSync.Output;

namespace AllowlistSync.Daemon.Web;

/// <summary>The table of paths: which answer a question gets. Pure but for the look at the board that it is handed.</summary>
internal sealed class WebPages(Func<DaemonSnapshot> look, Func<DaemonSnapshot, ImmutableArray<MetricFamily>> measure)
{
    private const string Targets = "/targets/";

    public WebAnswer Answer(WebQuestion question)
    {
        if (PageOf(question.Path) is not { } page)
        {
            return new(404, WebAnswer.Plain, "there is no such page; see /, /healthz, /readyz, /metrics, /api/status, /targets/NAME\n");
        }

        return question.Method is "GET" or "HEAD"
            ? page(question)
            : new(405, WebAnswer.Plain, "this can be read only: GET or HEAD\n") { Headers = [("Allow", "GET, HEAD")] };
    }

    // A remark is said whether the answer is yes or no.
    private static WebAnswer Ready(WebQuestion question, DaemonSnapshot daemon)
    {
        var answer = Verdict(question, "ready", Health.AgainstReady(daemon));
        var remarks = Health.Remarks(daemon);
        return question.WantsJson || remarks.IsEmpty ? answer : answer with { Text = answer.Text + string.Concat(remarks.Select(remark => $"note: {OneLine(remark)}\n")) };
    }

    private static WebAnswer Verdict(WebQuestion question, string what, ImmutableArray<string> reasons)
    {
        var status = reasons.IsEmpty ? 200 : 503;
        return question.WantsJson
            ? new(status, WebAnswer.Json, JsonDocuments.Object(json => StatusJson.WriteVerdict(json, what, reasons)) + "\n")
            : new(status, WebAnswer.Plain, reasons.IsEmpty ? "ok\n" : string.Join('\n', reasons.Select(OneLine)) + "\n");
    }

    // What a tool said may have several lines; a reason has one.
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));

    private Func<WebQuestion, WebAnswer>? PageOf(string path) => path switch
    {
        "/" => question => question.WantsJson ? Json() : new(200, WebAnswer.Html, StatusPage.Write(look())),
        "/healthz" => question => Verdict(question, "alive", Health.AgainstLife(look())),
        "/readyz" => question => Ready(question, look()),
        "/metrics" => _ => new(200, WebAnswer.Prometheus, PrometheusText.Write(measure(look()))),
        "/api/status" => _ => Json(),
        "/favicon.svg" => _ => new(200, WebAnswer.Svg, PageStyle.Icon),
        _ when path.StartsWith(Targets, StringComparison.Ordinal) => Target(path[Targets.Length..]),
        _ => null,
    };

    private WebAnswer Json() => new(200, WebAnswer.Json, StatusJson.Write(look()) + "\n");

    private Func<WebQuestion, WebAnswer>? Target(string name)
    {
        var daemon = look();
        return daemon.Targets.FirstOrDefault(target => target.Target.Name == name) is { } target
            ? question => question.WantsJson
                ? new(200, WebAnswer.Json, StatusJson.Write(daemon, target) + "\n")
                : new(200, WebAnswer.Html, TargetPage.Write(daemon, target))
            : null;
    }
}
