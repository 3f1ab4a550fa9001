using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

/// <summary>What <c>nft list ruleset</c> prints of rules of iptables, in the words that iptables has for nft (nft 1.0.6, iptables 1.8.9).</summary>
public sealed class NftTextTranslationTests
{
    [Fact]
    public void A_mark_is_written_with_words_for_signs() =>
        Steps("counter packets 0 bytes 0 meta mark set mark and 0xffffff0f xor 0x10").ShouldBe([new SetMark(MarkKind.Packet, MarkKind.Packet, 0xffffff0f, 0x10)]);

    [Fact]
    public void A_word_that_is_no_operator_ends_the_expression() =>
        Steps("meta mark set mark or 0x1 accept").ShouldBe([new SetMark(MarkKind.Packet, MarkKind.Packet, 0xfffffffe, 0x1), new Decide(Verdict.Accept)]);

    [Fact]
    public void The_mark_of_a_connection_whose_words_mean_two_things_is_not_known() =>
        Steps("counter packets 0 bytes 0 ct mark set ct mark xor 0x10 and 0xffffff0f")[0].ShouldBeOfType<UnknownStatement>().Reason.ShouldBe(UnknownReason.NotUnderstood);

    [Fact]
    public void A_status_without_a_bit_never_holds() =>
        Steps("ct status counter packets 0 bytes 0 accept").ShouldBe([new BitsCondition(Field.CtStatus, 0), new Decide(Verdict.Accept)]);

    [Fact]
    public void The_opposite_of_a_status_without_a_bit_is_not_understood() =>
        Steps("ct status != counter packets 0 bytes 0 accept").ShouldContain(step => step is UnknownCondition || step is UnknownStatement);

    private static Step[] Steps(string rule) => [.. NftTextReader.Read(new Dump("text", Encoding.UTF8.GetBytes($"table ip t {{\n chain c {{\n  {rule}\n }}\n}}\n"))).Tables.Single().Chains["c"].Rules.Single().Steps];
}
