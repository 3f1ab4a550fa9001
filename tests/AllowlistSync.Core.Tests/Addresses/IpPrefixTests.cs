using System.Globalization;
using System.Net;
using System.Text;
using AllowlistSync.Core.Addresses;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Addresses;

public sealed class IpPrefixTests
{
    [Theory]
    [InlineData("104.16.0.0/13", "104.16.0.0/13")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("255.255.255.255", "255.255.255.255/32")]
    [InlineData("1.2.3.4", "1.2.3.4/32")]
    [InlineData("::/0", "::/0")]
    [InlineData("2606:4700::/32", "2606:4700::/32")]
    [InlineData("2001:0DB8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1/128")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1/128")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3/128")]
    [InlineData("1::", "1::/128")]
    [InlineData("::1", "::1/128")]
    [InlineData("64:ff9b::192.0.2.1", "64:ff9b::c000:201/128")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0/128")]
    public void A_prefix_reads_and_prints_canonically(string text, string canonical)
    {
        var prefix = IpPrefix.Parse(text);
        prefix.ToString().ShouldBe(canonical);
        IpPrefix.Parse(canonical).ShouldBe(prefix);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("104.16.0.1/13", "the prefix would be 104.16.0.0/13, the one address 104.16.0.1/32")]
    [InlineData("2606:4700::1/32", "the prefix would be 2606:4700::/32")]
    [InlineData("10.0.0.0/33", "/33 is out of range; IPv4 has 0 to 32")]
    [InlineData("2606:4700::/129", "/129 is out of range; IPv6 has 0 to 128")]
    [InlineData("10.0.0.0/99999999999999999999", "out of range")]
    [InlineData("10.0.0.0/", "length after the slash is missing")]
    [InlineData("10.0.0.0/a", "length after the slash is not a number")]
    [InlineData("10.0.0.0/08", "length has a leading zero")]
    [InlineData("10.0.0.0/255.0.0.0", "write a length: /8")]
    [InlineData("010.0.0.0", "leading zero")]
    [InlineData("10.00.0.0", "leading zero")]
    [InlineData("10.256.0.0", "more than 255")]
    [InlineData("10.0.0", "four octets")]
    [InlineData("10.0.0.0.0", "after the fourth octet")]
    [InlineData("10..0.0", "octet of the IPv4 address is missing")]
    [InlineData("+1.2.3.4", "sign")]
    [InlineData("example.org", "not an address")]
    [InlineData("::ffff:192.0.2.1", "write it as IPv4: 192.0.2.1")]
    [InlineData("::ffff:c000:201", "IPv4-mapped")]
    [InlineData("::ffff:0:0/96", "IPv4-mapped")]
    [InlineData("fe80::1%eth0", "zone id")]
    [InlineData("1::2::3", "no more than one \"::\"")]
    [InlineData("1:2:3:4:5:6:7", "has eight groups")]
    [InlineData("1:2:3:4:5:6:7:8:9", "no more than eight groups")]
    [InlineData("1:2:3:4:5:6:7::8", "no more than eight groups")]
    [InlineData("12345::", "no more than four digits")]
    [InlineData("1:", "ends in a single colon")]
    [InlineData(":1:2:3:4:5:6:7", "starts with a single colon")]
    [InlineData(":::", "colon too many")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4", "no more than eight groups")]
    [InlineData("::1.2.3", "four octets")]
    [InlineData("::x", "not an address")]
    [InlineData("[::1]", "JSON")]
    [InlineData("131.0.72.0/222400:cb00::/32", "two prefixes glued together")]
    [InlineData("173.245.48.0/20103.21.244.0/22", "two prefixes glued together")]
    [InlineData("2400:cb00::/322606:4700::/32", "two prefixes glued together")]
    [InlineData("1.2.3.41.2.3.5", "two prefixes glued together")]
    [InlineData("1.2.3.42400:cb00::", "two prefixes glued together")]
    [InlineData(" 1.2.3.4", "more on the line")]
    public void What_is_no_prefix_is_refused_with_the_reason(string text, string reason)
    {
        IpPrefix.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => IpPrefix.Parse(text)).Message.ShouldContain(reason);
    }

    [Fact]
    public void A_text_that_is_far_too_long_is_refused()
        => Should.Throw<FormatException>(() => IpPrefix.Parse(new string('1', 5000))).Message.Length.ShouldBeLessThan(200);

    [Fact]
    public void The_default_is_all_of_IPv4()
    {
        default(IpPrefix).ShouldBe(IpPrefix.Parse("0.0.0.0/0"));
        default(IpPrefix).ToString().ShouldBe("0.0.0.0/0");
    }

    [Fact]
    public void First_and_last_are_the_ends_of_the_prefix()
    {
        var v4 = IpPrefix.Parse("104.16.0.0/13");
        v4.First.ShouldBe((UInt128)0x68100000u);
        v4.Last.ShouldBe((UInt128)0x6817ffffu);
        v4.Length.ShouldBe(13);
        v4.Family.ShouldBe(IpFamily.IPv4);
        IpPrefix.Parse("::/0").Last.ShouldBe(UInt128.MaxValue);
        IpPrefix.Parse("2606:4700::/32").Last.ShouldBe((new UInt128(0x26064701_00000000, 0)) - 1);
        IpPrefix.Parse("2606:4700::/65").Last.ShouldBe(new UInt128(0x26064700_00000000, ulong.MaxValue >> 1));
    }

    [Fact]
    public void Create_refuses_host_bits_bad_lengths_and_foreign_bits()
    {
        IpPrefix.Create(IpFamily.IPv4, 0x0a000000, 8).ToString().ShouldBe("10.0.0.0/8");
        IpPrefix.Create(IpFamily.IPv6, UInt128.MaxValue, 128).Last.ShouldBe(UInt128.MaxValue);
        Should.Throw<ArgumentException>(() => IpPrefix.Create(IpFamily.IPv4, 0x0a000001, 8));
        Should.Throw<ArgumentException>(() => IpPrefix.Create(IpFamily.IPv4, 0, 33));
        Should.Throw<ArgumentException>(() => IpPrefix.Create(IpFamily.IPv4, 0, -1));
        Should.Throw<ArgumentException>(() => IpPrefix.Create(IpFamily.IPv4, UInt128.One << 32, 0));
        Should.Throw<ArgumentException>(() => IpPrefix.Create(IpFamily.IPv6, 1, 127));
        Should.Throw<ArgumentException>(() => IpPrefix.Create((IpFamily)2, 0, 0));
    }

    [Fact]
    public void Contains_and_overlaps_know_wider_narrower_and_the_other_family()
    {
        var wide = IpPrefix.Parse("10.0.0.0/8");
        var narrow = IpPrefix.Parse("10.255.255.255");
        wide.Contains(narrow).ShouldBeTrue();
        narrow.Contains(wide).ShouldBeFalse();
        narrow.Overlaps(wide).ShouldBeTrue();
        wide.Contains(IpPrefix.Parse("11.0.0.0/9")).ShouldBeFalse();
        wide.Overlaps(IpPrefix.Parse("11.0.0.0/9")).ShouldBeFalse();
        IpPrefix.Parse("::/0").Contains(wide).ShouldBeFalse();
        IpPrefix.Parse("2606:4700::/32").Contains(IpPrefix.Parse("2606:4700:ffff::1")).ShouldBeTrue();
    }

    [Fact]
    public void Prefixes_sort_by_family_then_address_then_wider_first()
    {
        string[] sorted = ["0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.0.0.1/32", "200.0.0.0/8", "::/0", "::/128", "::1/128", "ff00::/8"];
        sorted.Reverse().Select(IpPrefix.Parse).Order().Select(p => p.ToString()).ShouldBe(sorted);
        (IpPrefix.Parse("10.0.0.0/8") < IpPrefix.Parse("10.0.0.0/9")).ShouldBeTrue();
        (IpPrefix.Parse("10.0.0.0/8") >= IpPrefix.Parse("::/0")).ShouldBeFalse();
    }

    [Fact]
    public void Formatting_to_a_span_says_when_it_does_not_fit()
    {
        var prefix = IpPrefix.Parse("10.0.0.0/8");
        Span<byte> utf8 = stackalloc byte[10];
        prefix.TryFormat(utf8, out int bytes, [], CultureInfo.InvariantCulture).ShouldBeTrue();
        Encoding.ASCII.GetString(utf8[..bytes]).ShouldBe("10.0.0.0/8");
        prefix.TryFormat(new char[10], out int chars, [], CultureInfo.InvariantCulture).ShouldBeTrue();
        chars.ShouldBe(10);
        prefix.TryFormat(new byte[9], out bytes, [], CultureInfo.InvariantCulture).ShouldBeFalse();
        bytes.ShouldBe(0);
        prefix.TryFormat(new char[9], out chars, [], CultureInfo.InvariantCulture).ShouldBeFalse();
        $"{prefix}".ShouldBe("10.0.0.0/8");
    }

    [Fact]
    public void Random_addresses_print_as_the_framework_prints_them_and_read_back()
    {
        var random = new Random(52);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            int zeros = random.Next(8);
            bytes.AsSpan(2 + zeros, random.Next(0, 14 - zeros)).Clear();
            bytes[0] |= 0x20;
            var six = new IPAddress(bytes);
            IpPrefix.Parse(six.ToString()).ToString().ShouldBe(six + "/128");
            var four = new IPAddress(bytes.AsSpan(0, 4));
            IpPrefix.Parse(four.ToString()).ToString().ShouldBe(four + "/32");
        }
    }
}
