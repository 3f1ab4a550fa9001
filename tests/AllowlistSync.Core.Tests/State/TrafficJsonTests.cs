using System.Text;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.State;

/// <summary>Traffic in state files.</summary>
public sealed class TrafficJsonTests
{
    private static readonly JsonSerializerOptions Options = new() { Converters = { new TrafficSetConverter() } };

    [Fact]
    public void Ports_with_the_same_sources_stand_together_and_come_back_apart()
    {
        var traffic = Of("198.51.100.0/24", 80).Union(Of("198.51.100.0/24", 443)).Union(Of("2001:db8::/32", 8080));

        var json = Encoding.UTF8.GetString(Write(traffic));

        json.ShouldBe("""{"80,443":["198.51.100.0/24"],"8080":["2001:db8::/32"]}""");
        Read(json).ShouldBe(traffic);
    }

    [Fact]
    public void One_entry_for_each_port_is_read_as_well() =>
        Read("""{"80":["198.51.100.0/24"],"443":["198.51.100.0/24"]}""").ShouldBe(Of("198.51.100.0/24", 80).Union(Of("198.51.100.0/24", 443)));

    [Theory]
    [InlineData("""{"80,":["198.51.100.0/24"]}""")]
    [InlineData("""{"80":["198.51.100.1/24"]}""")]
    [InlineData("""{"80":[5]}""")]
    public void What_is_no_port_or_no_prefix_is_an_error(string json) => Should.Throw<JsonException>(() => Read(json));

    private static TrafficSet Of(string prefix, ushort port) =>
        TrafficSet.Of(PrefixSet.Of(IpPrefix.Parse(prefix)), PortSet.Of(new PortRange(TransportProtocol.Tcp, port, port)));

    private static byte[] Write(TrafficSet traffic)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            new TrafficSetConverter().Write(writer, traffic, Options);
        }

        return stream.ToArray();
    }

    private static TrafficSet Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return new TrafficSetConverter().Read(ref reader, typeof(TrafficSet), Options);
    }
}
