using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Iptables;

public sealed class IptablesModuleTests
{
    public static TheoryData<string, Step[]> Understood => new()
    {
        { "-i eth+ -j DROP", [new FieldCondition(Field.InputInterface, Names("eth*")), Drop] },
        { "! -i docker0 -j DROP", [new AnyOfCondition([new FieldCondition(Field.InputInterface, Names("docker0"))], IsNegated: true), Drop] },
        { "-p all -j DROP", [Drop] },
        { "-p 6 -j DROP", [Tcp, Drop] },
        { "! -p tcp -j DROP", [Tcp with { IsNegated = true }, Drop] },
        { "-s ! 10.0.0.0/8 -j DROP", [new FieldCondition(Field.IPv4Source, NumberSet.Of(0x0a000000, 0x0affffff), IsNegated: true), Drop] },
        { "! -s 0.0.0.0/0 -j DROP", [new FieldCondition(Field.IPv4Source, NumberSet.Of(0, uint.MaxValue), IsNegated: true), Drop] },
        { "-s 10.1.2.3,10.1.2.4 -j DROP", [new FieldCondition(Field.IPv4Source, NumberSet.Of(0x0a010203, 0x0a010204)), Drop] },
        { "-d 10.0.2.0/255.0.255.0 -j DROP", [new FieldCondition(Field.IPv4Destination, NumberSet.Of(0x0a000200)) { Mask = 0xff00ff00 }, Drop] },
        { "-f -j DROP", [FixedCondition.Never, Drop] },
        { "-p tcp -m tcp --dport http -j DROP", [Tcp, Ports(Field.TcpDestinationPort, 80, 80), Drop] },
        { "-p tcp --sport :1023 ! --dport 22:30 -j DROP", [Tcp, Ports(Field.TcpSourcePort, 0, 1023), Ports(Field.TcpDestinationPort, 22, 30) with { IsNegated = true }, Drop] },
        { "-p tcp -m state --state NEW --dport 22 -j DROP", [Tcp, Ports(Field.DestinationPort, 22, 22), State(CtStateBits.New), Drop] },
        { "-p tcp -j DROP --dport 22", [Tcp, Ports(Field.DestinationPort, 22, 22), Drop] },
        { "-p tcp --syn -j DROP", [Tcp, new FieldCondition(Field.TcpFlags, NumberSet.Of(2)) { Mask = 0x17 }, Drop] },
        { "-p tcp -m tcp --tcp-flags ALL NONE -j DROP", [Tcp, new FieldCondition(Field.TcpFlags, NumberSet.Of(0)) { Mask = 0x3f }, Drop] },
        { "-m conntrack ! --ctstate NEW,DNAT -j DROP", [State(CtStateBits.New | CtStateBits.DestinationNat) with { IsNegated = true }, Drop] },
        { "-m conntrack --ctstatus NONE -j DROP", [new BitsCondition(Field.CtStatus, 0), Drop] },
        { "-m mark ! --mark 0x10/0xf0 -j DROP", [new FieldCondition(Field.Mark, NumberSet.Of(16), IsNegated: true) { Mask = 0xf0 }, Drop] },
        { "-m addrtype --dst-type LOCAL,BROADCAST -j DROP", [new FieldCondition(Field.DestinationType, NumberSet.Of(2, 3)), Drop] },
        { "-m iprange --src-range 10.0.0.1-10.0.0.9 -j DROP", [new FieldCondition(Field.IPv4Source, NumberSet.Of(0x0a000001, 0x0a000009)), Drop] },
        { "-m mac --mac-source 00:00:00:00:01:02 -j DROP", [new FieldCondition(Field.EtherSource, NumberSet.Of(0x102)), Drop] },
        { "-m rpfilter --invert -j DROP", [new FieldCondition(Field.ReversePathOk, NumberSet.Of(1), IsNegated: true), Drop] },
        { "-m recent --set --name a -m comment --comment \"-j ACCEPT\" -j DROP", [new ListFill("a"), Drop] },
        { "-m recent ! --update --seconds 9 -j DROP", [new ListLookup("DEFAULT", "recent ! --update --seconds 9", IsNegated: true), Drop] },
        { "-m physdev --physdev-in eth0 -j DROP", [FixedCondition.Never, Drop] },
        { "-m limit --limit 5/min -j DROP", [new UnknownCondition("limit --limit 5/min", UnknownReason.Rate), Drop] },
        { "-m connlimit --connlimit-above 3 -j DROP", [new UnknownCondition("connlimit --connlimit-above 3", UnknownReason.Rate, UsesConntrack: true), Drop] },
        { "-m set --match-set gone src -j DROP", [new UnknownCondition("set --match-set gone src: the set is not in any dump", UnknownReason.NotRead), Drop] },
        { "-m frobnicate --level 3 -j DROP", [new UnknownCondition("-m frobnicate --level 3", UnknownReason.NotUnderstood), Drop] },
        { "-p tcp -m tcp --new-option 3 -j DROP", [Tcp, new UnknownCondition("--new-option 3", UnknownReason.NotUnderstood), Drop] },
        { "-s host.example.com -j DROP", [new UnknownCondition("-s host.example.com", UnknownReason.NotUnderstood), Drop] },
        { "-j LOG --log-prefix \"a \\\"b\\\" -j DROP\"", [] },
        { "-j REJECT --reject-with tcp-reset", [new Decide(Verdict.Reset)] },
        { "-j REJECT --reject-with icmp-host-prohibited", [new Decide(Verdict.Reject)] },
        { "-g user", [new Decide(Verdict.Goto("user"))] },
        { "-j MARK --set-xmark 0x5/0x7", [new SetMark(MarkKind.Packet, MarkKind.Packet, 0xfffffff8, 5)] },
        { "-j MARK --set-mark 0x8/0x7", [new SetMark(MarkKind.Packet, MarkKind.Packet, 0xfffffff0, 8)] },
        { "-j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xff", [new SetMark(MarkKind.Packet, MarkKind.Connection, 0xff, 0)] },
        { "-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff", [new SetMark(MarkKind.Packet, MarkKind.Connection, 0xff, 0) { IsUnknown = true }] },
        { "-j CT --notrack", [NoTrack.Instance] },
        { "-j CT --zone 5", [ConntrackUse.Instance] },
        { "-j DNAT --to-destination 10.0.0.1-10.0.0.5:80-90", [new DestinationNat(One(0x0a000001, 0x0a000005), One(80, 90))] },
        { "-j DNAT --to-destination :80", [new DestinationNat(null, One(80, 80))] },
        { "-j REDIRECT --to-ports 8443", [new DestinationNat(null, One(8443, 8443)) { ToLocal = true }] },
        { "-j MASQUERADE", [SourceNat.Instance] },
        { "-j NFQUEUE --queue-num 3", [new UnknownStatement("-j NFQUEUE --queue-num 3", UnknownReason.Host)] },
        { "-j nowhere", [new UnknownStatement("Jump nowhere: the table has no such chain", UnknownReason.NotRead)] },
    };

    private static FieldCondition Tcp => new(Field.Protocol, NumberSet.Of(6));

    private static Decide Drop => new(Verdict.Drop);

    [Theory]
    [MemberData(nameof(Understood))]
    public void A_rule_means_what_the_kernel_makes_of_it(string rule, Step[] steps) => Same(Read("", rule), steps);

    [Fact]
    public void Counters_blanks_and_carriage_returns_change_nothing()
    {
        var rules = Tables("*nat\r\n:PREROUTING ACCEPT [1:2]\r\n[3:4] -A PREROUTING  -p tcp\t-j DNAT --to-destination 10.0.0.1  \r\nCOMMIT\r\n");
        var chain = rules.Chains["PREROUTING"];
        chain.Base.ShouldBe(new(ChainType.Nat, Hook.Prerouting, -100, DropsByDefault: false));
        chain.Rules[0].Text.ToString().ShouldBe("-A PREROUTING  -p tcp\t-j DNAT --to-destination 10.0.0.1");
        Same(chain.Rules[0].Steps, [Tcp, new DestinationNat(One(0x0a000001, 0x0a000001), null)]);
    }

    [Fact]
    public void Without_a_connection_the_kernel_asks_the_state_only()
    {
        var steps = Read("", "-m conntrack --ctstate INVALID --ctorigdstport 443 -j DROP");
        steps[0].ShouldBe(State(CtStateBits.Invalid));
        var either = steps[1].ShouldBeOfType<AnyOfCondition>();
        either.Conditions.ShouldBe([Ports(Field.CtOriginalDestinationPort, 443, 443), State(CtStateBits.Invalid | CtStateBits.Untracked)]);
    }

    [Fact]
    public void Of_IPv6_all_types_of_an_address_must_hold_and_brackets_hold_its_port_apart()
    {
        Read("6", "-m addrtype --dst-type UNICAST,LOCAL -j DROP")[..2].ShouldBe(
            [new FieldCondition(Field.IPv6DestinationTypeBits, NumberSet.Of(1)) { Mask = 1 }, new BitsCondition(Field.IPv6DestinationTypeBits, 2)]);
        var port = Read("6", "-s 2001:db8::/32 -j DNAT --to-destination [2001:db8::1]:80")[^1].ShouldBeOfType<DestinationNat>();
        port.Port.ShouldBe(One(80, 80));
        port.Address.ShouldBeOfType<NatValue.OneOf>();
    }

    [Fact]
    public void Equal_parts_of_rules_are_one_instance()
    {
        var rules = Tables("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.1/32 -p tcp -m multiport --dports 80,443 -j DROP\n-A INPUT -s 10.0.0.2/32 -p tcp -m multiport --dports 80,443 -j DROP\nCOMMIT\n").Chains["INPUT"].Rules;
        rules[0].Steps[2].ShouldBeSameAs(rules[1].Steps[2]);
        rules[0].Steps[0].ShouldNotBe(rules[1].Steps[0]);
    }

    private static void Same(IEnumerable<Step> steps, Step[] expected) => steps.Select(Show).ShouldBe(expected.Select(Show));

    private static string Show(Step step) => step switch
    {
        AnyOfCondition any => $"{any.IsNegated} any {string.Join(", ", any.Conditions.Select(Show))}",
        FieldCondition { Values: NumberSet numbers } field => $"{field.Field} {field.IsNegated} {field.Mask} {string.Join(',', numbers.Ranges)}",
        FieldCondition { Values: NameSet names } field => $"{field.Field} {field.IsNegated} {string.Join(',', names.Names)}",
        _ => step.ToString(),
    };

    private static Step[] Read(string family, string rule) =>
        [.. Tables($"# Generated by ip{family}tables-save v1.8.9\n*filter\n:INPUT ACCEPT [0:0]\n:user - [0:0]\n-A INPUT {rule}\nCOMMIT\n").Chains["INPUT"].Rules.Single().Steps];

    private static Table Tables(string text) => RuleSetReader.Read([new("save", Encoding.UTF8.GetBytes(text))]).Tables.Single();

    private static BitsCondition State(CtStateBits bits) => new(Field.CtState, (UInt128)(int)bits);

    private static FieldCondition Ports(Field field, ushort first, ushort last) => new(field, NumberSet.Of(first, last));

    private static NatValue.OneOf One(uint first, uint last) => new(new(first, last));

    private static NameSet Names(string name) => new([name]);
}
