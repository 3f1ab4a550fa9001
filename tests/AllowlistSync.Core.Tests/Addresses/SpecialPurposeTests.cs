using AllowlistSync.Core.Addresses;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Addresses;

public sealed class SpecialPurposeTests
{
    [Theory]
    [InlineData("10.1.0.0/16", "Private-Use")]
    [InlineData("100.64.0.0/10", "Shared Address Space")]
    [InlineData("0.0.0.0/0", "\"This network\"")]
    [InlineData("127.0.0.1", "Loopback")]
    [InlineData("169.254.169.254", "Link Local")]
    [InlineData("192.0.0.8/30", "IETF Protocol Assignments")]
    [InlineData("224.0.0.1", "Multicast")]
    [InlineData("255.255.255.255", "Reserved")]
    [InlineData("192.88.99.0/24", "Deprecated (6to4 Relay Anycast)")]
    [InlineData("::1", "Loopback Address")]
    [InlineData("2001:db8:1::/48", "Documentation")]
    [InlineData("2002::/16", "6to4")]
    [InlineData("fe80::1", "Link-Local Unicast")]
    [InlineData("ff02::1", "Multicast")]
    [InlineData("6000::/3", "Outside of global unicast 2000::/3")]
    [InlineData("64:ff9b::/96", "Outside of global unicast 2000::/3")]
    [InlineData("2000::/3", "IETF Protocol Assignments")]
    public void What_is_not_public_is_named(string prefix, string name)
        => SpecialPurpose.FindOverlap(IpPrefix.Parse(prefix)).ShouldNotBeNull().Name.ShouldBe(name);

    [Theory]
    [InlineData("104.16.0.0/13")]
    [InlineData("2606:4700::/32")]
    [InlineData("2400:cb00::/32")]
    [InlineData("192.0.0.9")]
    [InlineData("2001:4:112::/48")]
    [InlineData("223.255.255.255")]
    [InlineData("198.17.255.255")]
    [InlineData("172.32.0.0/11")]
    public void What_is_public_is_let_through(string prefix)
        => SpecialPurpose.FindOverlap(IpPrefix.Parse(prefix)).ShouldBeNull();

    [Fact]
    public void An_IPv4_mapped_block_is_in_the_table_and_prints_with_its_IPv4_part()
        => SpecialPurpose.Blocks.Select(block => block.Prefix.ToString()).ShouldContain("::ffff:0.0.0.0/96");

    [Fact]
    public void No_block_is_listed_twice_and_all_have_a_source()
    {
        SpecialPurpose.Blocks.Select(block => block.Prefix).ShouldBeUnique();
        SpecialPurpose.Blocks.ShouldAllBe(block => block.Rfc.StartsWith("RFC "));
        SpecialPurpose.NotPublic.Covers(IpPrefix.Parse("ff00::/8")).ShouldBeTrue();
    }
}
