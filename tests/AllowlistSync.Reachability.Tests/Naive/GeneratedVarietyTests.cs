using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Tests.Generated;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Naive;

public sealed class GeneratedVarietyTests
{
    [Fact]
    public void Generated_rule_sets_make_connections_end_in_every_way()
    {
        var counts = new Dictionary<string, int>();
        for (var seed = 0; seed < 300; seed++)
        {
            var walk = new NaivePacketWalk(RandomRuleSet.Of(seed), World.Device, World.Local);
            foreach (var (source, port) in World.Connections())
            {
                var ends = walk.EndsOf(source, port);
                var kind = ends.Select(end => end.How).Distinct().Count() > 1 ? "several" : ends.First().How?.ToString() ?? "accepted";
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
            }
        }

        foreach (var kind in Enum.GetNames<BlockKind>().Append("several").Append("accepted"))
        {
            counts.GetValueOrDefault(kind).ShouldBeGreaterThan(100, string.Join(", ", counts));
        }

        counts["accepted"].ShouldBeLessThan(counts.Values.Sum() * 3 / 4, string.Join(", ", counts));
    }
}
