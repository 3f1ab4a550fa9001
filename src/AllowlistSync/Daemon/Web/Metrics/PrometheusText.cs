using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace AllowlistSync.Daemon.Web.Metrics;

/// <summary>Writes numbers in Prometheus' text format 0.0.4. Pure.</summary>
internal static class PrometheusText
{
    /// <summary>The families, each with its help and type.</summary>
    public static string Write(ImmutableArray<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (var family in families)
        {
            Write(text, family);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, MetricFamily family)
    {
        var definition = family.Definition;
        var name = definition.Kind == MetricKind.Counter ? definition.Name + "_total" : definition.Name;
        text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(definition.Help)).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(definition.Kind)).Append('\n');
        foreach (var sample in family.Samples)
        {
            text.Append(name).Append(sample.Suffix);
            Labels(text, sample.Labels);
            text.Append(' ').Append(Number(sample.Value)).Append('\n');
        }
    }

    private static void Labels(StringBuilder text, ImmutableArray<MetricLabel> labels)
    {
        for (var i = 0; i < labels.Length; i++)
        {
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(EscapeLabel(labels[i].Value)).Append('"');
        }

        text.Append(labels.IsEmpty ? "" : "}");
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string EscapeHelp(string help) => help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string value) => EscapeHelp(value).Replace("\"", "\\\"", StringComparison.Ordinal);
}
