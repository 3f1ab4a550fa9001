using System.Net;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class ProbePlanTests
{
    [Theory]
    [InlineData("104.16.0.0/13", "104.16.0.0", "104.23.255.255", "104.15.255.255", "104.24.0.0")]
    [InlineData("131.0.72.0/22", "131.0.72.0", "131.0.75.255", "131.0.71.255", "131.0.76.0")]
    [InlineData("10.0.0.7/32", "10.0.0.7", "10.0.0.7", "10.0.0.6", "10.0.0.8")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255", null, null)]
    [InlineData("2a06:98c0::/29", "2a06:98c0::", "2a06:98c7:ffff:ffff:ffff:ffff:ffff:ffff", "2a06:98bf:ffff:ffff:ffff:ffff:ffff:ffff", "2a06:98c8::")]
    [InlineData("::/1", "::", "7fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", null, "8000::")]
    public void A_prefix_has_two_ends_and_two_neighbours(string cidr, string first, string last, string? before, string? after)
    {
        var expected = new ProbePlan(IPAddress.Parse(first), IPAddress.Parse(last), Parse(before), Parse(after));

        ProbePlan.For(cidr).ShouldBe(expected);
    }

    [Fact]
    public void A_single_address_is_probed_once()
    {
        ProbePlan.For("10.0.0.7/32").Inside.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_neighbour_that_is_on_the_list_itself_is_not_beside()
    {
        var (inside, beside) = ProbePlan.ForList(["104.16.0.0/13", "104.24.0.0/14"]);

        inside.Count.ShouldBe(4);
        beside.ShouldBe([IPAddress.Parse("104.15.255.255"), IPAddress.Parse("104.28.0.0")]);
    }

    [Fact]
    public void The_real_list_has_44_ends_and_42_neighbours()
    {
        var (inside, beside) = ProbePlan.ForList(Publication.Real.All);

        inside.Count.ShouldBe(44);
        beside.Count.ShouldBe(42);
    }

    private static IPAddress? Parse(string? address)
    {
        return address is null ? null : IPAddress.Parse(address);
    }
}
