using System.Text.Json;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class RevisionTests
{
    [Theory]
    [InlineData("""[{"counter": {"packets": 1, "bytes": 60}}, {"drop": null}]""", """[{"counter": {"packets": 2, "bytes": 120}}, {"drop": null}]""")]
    [InlineData("""[{"quota": {"val": 5, "val_unit": "mbytes"}}]""", """[{"quota": {"val": 5, "val_unit": "mbytes", "used": 3, "used_unit": "bytes"}}]""")]
    [InlineData("""["jump {\n\t\tcounter packets 1 bytes 60 drop\n\t}"]""", """["jump {\n\t\tcounter packets 22 bytes 1200 drop\n\t}"]""")]
    public void Traffic_does_not_change_what_a_rule_is(string before, string after)
    {
        NftRevision.Of(Rule(after, 1)).ShouldBe(NftRevision.Of(Rule(before, 1)));
    }

    [Theory]
    [InlineData("""["jump {\n\t\tcounter packets 1 bytes 60 accept\n\t}"]""")]
    [InlineData("""["jump {\n\t\ttcp dport 22 counter packets 1 bytes 60 drop\n\t}"]""")]
    [InlineData("""[{"drop": null}]""")]
    public void An_edit_does(string other)
    {
        NftRevision.Of(Rule(other, 1)).ShouldNotBe(NftRevision.Of(Rule("""["jump {\n\t\tcounter packets 1 bytes 60 drop\n\t}"]""", 1)));
    }

    [Fact]
    public void A_handle_is_a_number_and_says_nothing()
    {
        NftRevision.Of(Rule("""[{"drop": null}]""", 5)).ShouldBe(NftRevision.Of(Rule("""[{"drop": null}]""", 6)));
    }

    private static NftRule Rule(string expressions, long handle) =>
        new(Golden.Table, "input", handle, "mine", [.. JsonElement.Parse(expressions).EnumerateArray()]);
}
