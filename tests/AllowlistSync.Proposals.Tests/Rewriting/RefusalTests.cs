using System.Text;
using AllowlistSync.Core.Formats;
using AllowlistSync.Proposals.Rewriting;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Rewriting;

/// <summary>What is refused: by its id, with the line, and with a remedy.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("marker-missing", "", "a\n")]
    [InlineData("marker-unopened", "line 2", "code(); # allowlist-sync:begin cf\n# allowlist-sync:end cf\n")]
    [InlineData("marker-doubled", "line 3", "# allowlist-sync:begin cf\n# allowlist-sync:end cf\n# allowlist-sync:begin cf\n# allowlist-sync:end cf\n")]
    [InlineData("marker-nested", "line 2", "# allowlist-sync:begin cf\n# allowlist-sync:begin b\n# allowlist-sync:end b\n# allowlist-sync:end cf\n")]
    [InlineData("marker-nested", "line 2", "# allowlist-sync:begin cf\n# allowlist-sync:end b\n")]
    [InlineData("marker-unopened", "line 1", "# allowlist-sync:end cf\n# allowlist-sync:begin cf\n")]
    [InlineData("marker-unclosed", "line 2", "x\n# allowlist-sync:begin cf\n")]
    [InlineData("foreign-line", "line 3", "# allowlist-sync:begin cf\n104.16.0.0/13\n# our office\n# allowlist-sync:end cf\n")]
    [InlineData("foreign-line", "line 2", "# allowlist-sync:begin cf\n104.16.0.0/13 # theirs\n# allowlist-sync:end cf\n")]
    [InlineData("foreign-line", "deny all;", "# allowlist-sync:begin cf\n\ndeny all;\n# allowlist-sync:end cf\n")]
    public void A_block(string id, string line, string text) => Refuse(id, line, "f.conf", text, new BlockPlace("cf", "plain"));

    [Theory]
    [InlineData("key-missing", "has b", "b: 1\n")]
    [InlineData("key-missing", "", "")]
    [InlineData("key-doubled", "line 2", "a: [1.1.1.1]\na: []\n")]
    [InlineData("document-ambiguous", "2 documents", "a: []\n---\na: []\n")]
    [InlineData("yaml-anchor", "line 1", "a: &x [1.1.1.1]\n")]
    [InlineData("yaml-anchor", "line 2", "b: &x [1.1.1.1]\na: *x\n")]
    [InlineData("yaml-anchor", "line 2", "b: &x {c: 1}\n<<: *x\na: []\n")]
    [InlineData("yaml-anchor", "line 2", "a:\n  - &x 1.1.1.1\n")]
    [InlineData("yaml-tag", "line 1", "a: !mine [1.1.1.1]\n")]
    [InlineData("yaml-syntax", "line 2", "b:\n\t- 1\n")]
    [InlineData("yaml-syntax", "line 1", "%YAML tab\na: []\n")]
    [InlineData("value-shape", "line 1", "a: |\n  1.1.1.1\n")]
    [InlineData("value-shape", "line 2", "a:\n  b: 1\n")]
    [InlineData("foreign-entry", "line 2", "a:\n  - example.org\n")]
    [InlineData("foreign-entry", "line 1", "a: [1.1.1.1, [2.2.2.2]]\n")]
    [InlineData("foreign-entry", "line 3", "a:\n  - 1.1.1.1\n  -\n")]
    [InlineData("ip-block", "line 2", "a:\n  - ipBlock: {cidr: 1.1.1.0/24, except: [1.1.1.1/32]}\n")]
    [InlineData("layout", "line 3", "a:\n  -\n    1.1.1.1\n")]
    public void A_key_in_yaml(string id, string says, string text) => Refuse(id, says, "f.yml", text, new KeyPlace("a"));

    [Theory]
    [InlineData("document-missing", "Service/web", "kind: Service\nmetadata: {name: web}\na: []\n")]
    public void A_document(string id, string says, string text) => Refuse(id, says, "f.yml", text, new KeyPlace("a", "Service/other"));

    [Theory]
    [InlineData("json-syntax", "line 2", "{\n// c\n\"a\": []}")]
    [InlineData("json-syntax", "line 1", "{\"a\": [],}")]
    [InlineData("json-syntax", "", "")]
    [InlineData("key-doubled", "", "{\"a\": [], \"a\": []}")]
    [InlineData("key-missing", "has b", "{\"b\": []}")]
    [InlineData("value-shape", "a number", "{\"a\": 1}")]
    [InlineData("foreign-entry", "line 1", "{\"a\": [\"example.org\"]}")]
    public void A_key_in_json(string id, string says, string text) => Refuse(id, says, "f.json", text, new KeyPlace("a"));

    [Theory]
    [InlineData("key-missing", "has b", "b = 1\n")]
    [InlineData("key-doubled", "line 2", "a = []\na = []\n")]
    [InlineData("hcl-expression", "line 1", "a = concat([\"1.1.1.1/32\"], var.x)\n")]
    [InlineData("hcl-expression", "line 1", "a = var.x\n")]
    [InlineData("hcl-expression", "var", "a = [\"1.1.1.1/32\", var.x]\n")]
    [InlineData("hcl-expression", "line 2", "a = [\n\"${var.x}/32\",\n]\n")]
    [InlineData("hcl-expression", "line 1", "a = [for x in y : x]\n")]
    [InlineData("hcl-expression", "line 1", "a = [\"1.1.1.1/32\"][0]\n")]
    [InlineData("hcl-expression", "line 1", "a = <<EOT\n1.1.1.1\nEOT\n")]
    [InlineData("hcl-syntax", "line 1", "a = [\n")]
    [InlineData("hcl-syntax", "line 2", "a = []\n}\n")]
    [InlineData("hcl-syntax", "line 1", "b = \"x\na = []\n")]
    [InlineData("hcl-syntax", "line 1", "b = <<EOT\na = []\n")]
    [InlineData("hcl-syntax", "line 2", "a = []\n/* b\n")]
    [InlineData("foreign-entry", "line 1", "a = [\"example.org\"]\n")]
    [InlineData("value-shape", "is a block", "a {\n}\n")]
    public void A_key_in_hcl(string id, string says, string text) => Refuse(id, says, "f.tf", text, new KeyPlace("a"));

    [Theory]
    [InlineData("1.1.1.1, 2.2.2.2, # both,")]
    [InlineData("1.1.1.1, $office,")]
    public void A_line_of_elements(string line) => Refuse("foreign-line", "line 2", "f.nft", $"# allowlist-sync:begin cf\n{line}\n# allowlist-sync:end cf\n", new BlockPlace("cf", BlockLines.NftElements));

    [Fact]
    public void Formats_that_are_no_lines() => Refuse("block-format", "json", "f.conf", "# allowlist-sync:begin cf\n# allowlist-sync:end cf\n", new BlockPlace("cf", "json"));

    [Fact]
    public void Files_of_no_known_language() => Refuse("unknown-language", "f.toml", "f.toml", "a = []\n", new KeyPlace("a"));

    [Fact]
    public void A_file_of_somebody_else() =>
        Refuse("foreign-file", "no mark", "f.conf", "allow all;\n", new WholeFilePlace(RangeFormats.Find("plain")!, new RangeFileLabel("web-1/infra")));

    [Fact]
    public void Bytes_that_are_no_text() =>
        Should.Throw<RewriteException>(() => Rewriter.Rewrite("f.yml", new byte[] { 0x61, 0xff }, new KeyPlace("a"), GoldenCase.Of(""))).Id.ShouldBe("not-text");

    private static void Refuse(string id, string says, string path, string text, FilePlace place)
    {
        var refusal = Should.Throw<RewriteException>(() => Rewriter.Rewrite(path, Encoding.UTF8.GetBytes(text), place, GoldenCase.Of("104.16.0.0/13")));
        refusal.Id.ShouldBe(id, refusal.Message);
        refusal.Message.ShouldContain(says);
        refusal.Message.ShouldContain(path);
        refusal.Remedy.ShouldNotBeEmpty();
    }
}
