using AllowlistSync.Reachability.Tests.Generated;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>The same rules have the same verdicts, whatever the format that they are written in.</summary>
public sealed class FormatTests
{
    private const int Seeds = 600;

    public static TheoryData<string> Names => [.. TextFormats.All.Keys.Where(name => name != "iptables-legacy-save")];

    [Theory]
    [MemberData(nameof(Names))]
    public void Verdicts_are_those_of_iptables_legacy_save_when_written_as(string format)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var table = TextTable.Of(seed);
            Verdicts.Line(TextFormats.All[format](table)).ShouldBe(Verdicts.Line(TextFormats.All["iptables-legacy-save"](table)), $"seed {seed}, {format}: {table}");
        }
    }

    [Fact]
    public void The_tables_have_traffic_of_every_kind()
    {
        var letters = string.Concat(Enumerable.Range(0, 100).Select(seed => Verdicts.Line(TextFormats.All["iptables-legacy-save"](TextTable.Of(seed)))));
        foreach (var letter in "ADRNE")
        {
            letters.Count(other => other == letter).ShouldBeGreaterThan(50, $"{letter}");
        }
    }
}
