using AllowlistSync.Core.Desired;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Desired;

public sealed class PortSetTests
{
    [Fact]
    public void A_set_is_the_same_however_it_is_written()
    {
        var set = PortSet.Of(new PortRange(TransportProtocol.Tcp, 8000, 8004), PortRange.Tcp(8005), PortRange.Tcp(443), PortRange.Tcp(443));
        set.ShouldBe(PortSet.Of(PortRange.Tcp(443), new PortRange(TransportProtocol.Tcp, 8000, 8005)));
        set.GetHashCode().ShouldBe(PortSet.Of(PortRange.Tcp(443), new PortRange(TransportProtocol.Tcp, 8000, 8005)).GetHashCode());
        set.ToString().ShouldBe("443,8000-8005");
    }

    [Fact]
    public void The_same_port_of_two_transports_is_two_ports() =>
        PortSet.Of(PortRange.Udp(443), PortRange.Tcp(443)).ToString().ShouldBe("443,443/udp");

    [Fact]
    public void Port_65535_is_kept_and_does_not_wrap_around() =>
        PortSet.Of(new PortRange(TransportProtocol.Tcp, 65000, 65535), PortRange.Tcp(1)).ToString().ShouldBe("1,65000-65535");

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("10-9")]
    [InlineData("80/sctp")]
    [InlineData("80 ")]
    [InlineData("+80")]
    [InlineData("any")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_port_is_not_read(string? text) => PortRange.TryParse(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("80")]
    [InlineData("8000-8010")]
    [InlineData("443/udp")]
    [InlineData("1-65535/udp")]
    public void A_port_is_written_as_it_was_read(string text)
    {
        PortRange.TryParse(text, out var range).ShouldBeTrue();
        range.ToString().ShouldBe(text);
    }

    [Fact]
    public void A_set_holds_exactly_the_ports_that_went_in() =>
        Prop.ForAll(TrafficModel.Ranges, ranges =>
        {
            var set = PortSet.Of(ranges);
            var model = ranges.SelectMany(TrafficModel.PortsOf).ToHashSet();
            var apart = set.Ranges.Zip(set.Ranges.Skip(1)).All(pair => pair.First.Protocol != pair.Second.Protocol || pair.First.Last + 1 < pair.Second.First);
            return apart && set.Ranges.SelectMany(TrafficModel.PortsOf).ToHashSet().SetEquals(model);
        }).QuickCheckThrowOnFailure();
}
