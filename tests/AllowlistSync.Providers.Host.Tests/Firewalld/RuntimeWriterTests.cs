using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Firewalld;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Firewalld;

public sealed class RuntimeWriterTests
{
    private static readonly FirewalldMark Mark = FirewalldMark.Of(MarkTests.Target());
    private static readonly FirewalldPlace Place = FirewalldPlace.Zone("public");
    private static readonly PortSet Web = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443));

    [Fact]
    public void Another_list_takes_two_calls_however_it_overlaps()
    {
        var steps = RuntimeWriter.Steps(Side(["104.16.0.0/13"], [], Web), Goal(Web, "104.16.0.0/14", "104.20.0.0/16"), Mark);

        steps.ShouldAllBe(step => step is RuntimeEntries);
        steps.Select(step => ((RuntimeEntries)step).Set).ShouldBe([Mark.Set(IpFamily.IPv4, isSpare: true), Mark.Set(IpFamily.IPv4, isSpare: false)]);
    }

    [Fact]
    public void What_is_as_it_shall_be_takes_none_in_whichever_of_the_two_sets_it_stands()
    {
        RuntimeWriter.Steps(Side(["104.16.0.0/13"], [], Web), Goal(Web, "104.16.0.0/13"), Mark).ShouldBeEmpty();
        RuntimeWriter.Steps(Side([], ["104.16.0.0/13"], Web), Goal(Web, "104.16.0.0/13"), Mark).ShouldBeEmpty();
    }

    [Fact]
    public void Old_sources_on_old_ports_and_new_ones_on_new_ports_stand_side_by_side()
    {
        var union = TrafficSet.Of(Prefixes("104.16.0.0/13"), Web).Union(TrafficSet.Of(Prefixes("172.64.0.0/13"), PortSet.Of(PortRange.Udp(443))));

        var layout = FirewalldLayout.Of(union, IpFamily.IPv4);

        layout.Rest.IsEmpty.ShouldBeTrue();
        layout.First.Traffic.Union(layout.Second.Traffic).ShouldBe(union);
    }

    // From every state to every goal: at no step is anything shut out that is let in before and wanted after, and nothing is let in that is in neither.
    [Fact]
    public void No_step_on_any_way_shuts_out_what_stays_or_lets_in_what_nobody_wants()
    {
        string[][] lists = [[], ["104.16.0.0/13"], ["104.16.0.0/14", "172.64.0.0/13"], ["104.16.0.0/13", "9.9.9.0/24"]];
        PortSet[] ports = [Web, PortSet.Of(PortRange.Tcp(443)), PortSet.Of(new PortRange(TransportProtocol.Tcp, 80, 90), PortRange.Udp(443))];
        var ways = 0;
        foreach (var (main, spare, open, goal) in from main in lists from spare in lists from open in ports from list in lists where list.Length > 0 from wanted in ports select (main, spare, open, Goal(wanted, list)))
        {
            var side = Side(main, spare, open);
            Walk(side, RuntimeWriter.Steps(side, goal, Mark), goal.Traffic);
            ways++;
        }

        ways.ShouldBe(4 * 4 * 3 * 3 * 3);
    }

    private static void Walk(FirewalldSide side, ImmutableArray<FirewalldStep> steps, TrafficSet wanted)
    {
        var stays = side.Traffic.Intersect(wanted);
        var before = side.Traffic;
        foreach (var step in steps)
        {
            // To fill a set is to empty it first.
            if (step is RuntimeEntries { Entries.IsEmpty: false } filled)
            {
                stays.Except(After(side, filled with { Entries = [] }).Traffic).IsEmpty.ShouldBeTrue($"{filled} empties {filled.Set} first");
            }

            side = After(side, step);
            stays.Except(side.Traffic).IsEmpty.ShouldBeTrue($"{step}");
            side.Traffic.Except(before.Union(wanted)).IsEmpty.ShouldBeTrue($"{step}");
        }

        side.Traffic.ShouldBe(wanted);
        RuntimeWriter.Steps(side, FirewalldGoal.Of(wanted), Mark).ShouldBeEmpty();
    }

    private static FirewalldSide After(FirewalldSide side, FirewalldStep step) => step switch
    {
        RuntimeEntries entries => Fresh(side.Sets.Select(set => set.Name == entries.Set ? set with { Entries = Prefixes([.. entries.Entries]) } : set), side.Rules),
        RuntimeRule { Adds: true } rule => Fresh(side.Sets, side.Rules.Add(new PlacedRule(rule.Place, OwnRichRule.Read(rule.Text, Mark)!))),
        RuntimeRule rule => Fresh(side.Sets, side.Rules.Remove(new PlacedRule(rule.Place, OwnRichRule.Read(rule.Text, Mark)!))),
        _ => throw new NotSupportedException($"{step}"),
    };

    private static FirewalldSide Side(string[] main, string[] spare, PortSet ports) => Fresh(
        Mark.Sets().Select(set => new OwnSet(set.Name, set.Family, set.IsSpare, IsSound: true, set.Family == IpFamily.IPv6 ? PrefixSet.Empty : Prefixes(set.IsSpare ? spare : main), Place)),
        [.. from set in Mark.Sets() from range in ports.Ranges select new PlacedRule(Place, OwnRichRule.Of(Mark, set.Family, set.IsSpare, range))]);

    private static FirewalldSide Fresh(IEnumerable<OwnSet> sets, ImmutableArray<PlacedRule> rules) => new([.. sets], rules, [Place], Mark);

    private static FirewalldGoal Goal(PortSet ports, params string[] list) => FirewalldGoal.Of(TrafficSet.Of(Prefixes(list), ports));

    private static PrefixSet Prefixes(params string[] list) => PrefixSet.Of(list.Select(IpPrefix.Parse));
}
