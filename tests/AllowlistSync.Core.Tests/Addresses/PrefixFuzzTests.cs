using System.Net;
using System.Net.Sockets;
using System.Text;
using AllowlistSync.Core.Addresses;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Addresses;

public sealed class PrefixFuzzTests
{
    private static string Soup(Random random, string alphabet, int longest)
        => string.Concat(Enumerable.Range(0, random.Next(1, longest)).Select(_ => alphabet[random.Next(alphabet.Length)]));

    [Fact]
    public void IPv6_texts_are_accepted_exactly_when_the_framework_accepts_them()
    {
        var random = new Random(11);
        int accepted = 0;
        for (int i = 0; i < 300_000; i++)
        {
            string text = string.Join(':', Enumerable.Range(0, random.Next(2, 10)).Select(_ => random.Next(4) == 0 ? "" : Soup(random, "019afG", 5)));
            bool expected = IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6;
            IpPrefix.TryParse(text, out var prefix).ShouldBe(expected, text);
            if (expected)
            {
                accepted++;
                byte[] bytes = address!.GetAddressBytes();
                prefix.First.ShouldBe(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), text);
            }
        }

        accepted.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Any_bytes_give_a_prefix_or_a_problem_for_each_line_and_never_throw()
    {
        var random = new Random(12);
        for (int i = 0; i < 50_000; i++)
        {
            string line = Soup(random, "0125:./-  \tfF#;%<,\0\r\uFEFFé", 60);
            string content = line.Split('#', ';')[0].Trim(' ', '\t', '\r').TrimStart(' ', '\t');
            byte[] bytes = Encoding.UTF8.GetBytes("# first\n" + line + "\n1.2.3.4");
            var parsed = PrefixParser.Parse(bytes);
            (parsed.Prefixes.Length > 1 || parsed.TotalProblems == 1 || content.Length == 0).ShouldBeTrue(line);
            parsed.Prefixes[^1].ToString().ShouldBe("1.2.3.4/32");
            parsed.Problems.All(p => p.Line == 2 && p.Column >= 1 && p.Column <= Encoding.UTF8.GetByteCount(line) + 1).ShouldBeTrue(line);
            PrefixParser.ParseSet(bytes, out _).ShouldBe(PrefixSet.Of(parsed.Prefixes));
        }
    }
}
