namespace AllowlistSync.Configuration.Shapes;

/// <summary>The table of source types.</summary>
internal static class SourceShapes
{
    private static readonly Key Name = new("name", Texts.Name, "The name that targets allow by; unique.") { Required = true };
    private static readonly Key Type = new("type", new ChoiceShape(["cloudflare", "url", "file", "static"]), "The kind of source.") { Required = true };

    internal static VariantShape Source { get; } = new("type", "type of source",
    [
        new("cloudflare", new(
        [
            Name, Type,
            new("apiUrl", Texts.Url, "The JSON publication. Default: https://api.cloudflare.com/client/v4/ips."),
            new("textUrls", new ListShape(Texts.Url), "The text publications that must agree with it. Default: Cloudflare's two."),
            new("networks", new ListShape(new ChoiceShape(["jdcloud"])), "Further networks; jdcloud is the China network. Default: none."),
        ])),
        new("url", new(
        [
            Name, Type,
            new("url", Texts.Url, "The list; plain http only to loopback.") { Required = true },
            new("format", new ChoiceShape(["text", "json"]), "How the list is written. Default: text."),
            new("path", Texts.JsonPath, "Where in a JSON document the prefixes are."),
            new("paths", new ListShape(Texts.JsonPath, 1), "Where in a JSON document the prefixes are, for several places."),
        ])),
        new("file", new(
        [
            Name, Type,
            new("path", Texts.File, "The file; one prefix a line.") { Required = true },
        ])),
        new("static", new(
        [
            Name, Type,
            new("prefixes", new ListShape(Texts.Prefix, 1), "The prefixes.") { Required = true },
        ])),
    ]);
}
