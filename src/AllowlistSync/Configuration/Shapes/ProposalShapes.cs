namespace AllowlistSync.Configuration.Shapes;

/// <summary>The table of proposals.</summary>
internal static class ProposalShapes
{
    private static readonly Key ForgeType = new("type", new ChoiceShape(["github", "gitlab", "gitea", "none"]), "The kind of forge; none only pushes.") { Required = true };

    private static readonly Key ForgeRepository = new("repository", Texts.ForgeRepository, "The repository as the forge calls it.") { Required = true };

    private static readonly Key Token = new("token", SecretShape.Instance, "The token.") { Required = true };

    private static readonly Key ForgeApiUrl = new("apiUrl", Texts.Url, "The address of its API. Default: the public one.");

    private static readonly MapShape File = new(
    [
        new("path", Texts.FileInRepository, "The file.") { Required = true },
        new("format", Texts.Format, "How ranges are written."),
        new("key", Texts.DottedKey, "The value in YAML, JSON or HCL that holds the ranges."),
        new("block", Texts.Block, "The block between two marker lines that holds the ranges."),
        new("allow", new ListShape(Texts.Name, 1), "The names of the sources that are written.") { Required = true },
    ]);

    private static readonly VariantShape Forge = new("type", "type of forge",
    [
        Public("github"),
        Public("gitlab"),
        new("gitea", new([ForgeType, ForgeApiUrl with { Required = true, Doc = "The address of its API." }, ForgeRepository, Token])),
        new("none", new([ForgeType])),
    ]);

    internal static MapShape Proposal { get; } = new(
    [
        new("name", Texts.Name, "The name of the proposal; unique.") { Required = true },
        new("repository", Texts.Repository, "Anything that git understands.") { Required = true },
        new("base", Texts.Branch, "The branch that is proposed against. Default: main."),
        new("branch", Texts.Branch, "The branch that holds the proposal. Default: allowlist-sync/cloudflare."),
        new("forge", Forge, "Where the pull request is opened. Default: nowhere, the branch is only pushed."),
        new("files", new ListShape(File, 1), "What is rewritten.") { Required = true },
    ]);

    private static Variant Public(string type) => new(type, new([ForgeType, ForgeApiUrl, ForgeRepository, Token]));
}
