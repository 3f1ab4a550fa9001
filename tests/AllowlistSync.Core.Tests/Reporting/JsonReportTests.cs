using System.Text.Json;
using AllowlistSync.Core.Reporting;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Reporting;

public sealed class JsonReportTests
{
    [Fact]
    public Task A_run_with_everything_has_every_field() => Golden.MatchAsync("everything.json", Json(Reports.Everything));

    [Fact]
    public Task An_apply_that_waits_to_be_confirmed_has_its_deadline() => Golden.MatchAsync("applied.json", Json(Reports.Applied));

    [Fact]
    public void The_schema_names_the_command() => JsonDocument.Parse(Json(Reports.Applied)).RootElement.GetProperty("schema").GetString().ShouldBe("allowlist-sync/apply/v1");

    [Fact]
    public void Every_target_has_the_same_fields_whatever_happened_to_it()
    {
        var targets = JsonDocument.Parse(Json(Reports.Everything)).RootElement.GetProperty("targets").EnumerateArray().ToList();
        var fields = targets.Select(target => string.Join(' ', target.EnumerateObject().Select(field => field.Name))).Distinct(StringComparer.Ordinal);
        fields.ShouldHaveSingleItem();
    }

    [Fact]
    public void Nothing_is_cut() =>
        JsonDocument.Parse(Json(Reports.Long(3000))).RootElement.GetProperty("targets")[0].GetProperty("add").GetArrayLength().ShouldBe(3000);

    [Fact]
    public void Every_field_that_is_written_stands_in_the_table_of_the_readme_and_the_other_way_round()
    {
        var written = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var report in new[] { Reports.Everything, Reports.Applied, Reports.Hostile })
        {
            written.UnionWith(JsonFields.In(JsonDocument.Parse(Json(report)).RootElement));
        }

        var listed = JsonFields.Listed("`diff`, `apply` and `remove`");
        written.Where(field => !listed.Contains(field)).ShouldBeEmpty();

        // Not everything that is possible happens in the examples: these are the same as their neighbours in the plan itself.
        listed.Where(field => !written.Contains(field) && !field.StartsWith("targets[].ifAccepted.", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_stranger_text_stays_a_string() =>
        JsonDocument.Parse(Json(Reports.Hostile)).RootElement.GetProperty("targets")[0].GetProperty("error").GetProperty("message").GetString()!.ShouldContain("<img src=x");

    private static string Json(RunReport report)
    {
        var output = new StringWriter();
        JsonReport.Write(report, output);
        return output.ToString();
    }
}
