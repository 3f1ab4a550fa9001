namespace AllowlistSync.Configuration.Shapes;

/// <summary>The table of proposals.</summary>
internal static class ProposalShapes
{
    private static readonly ChoiceShape Switch = new(["true", "false"]);

    private static readonly Key ForgeType = new("type", new ChoiceShape(["github", "gitlab", "gitea", "none"]), "The kind of forge; none only pushes.") { Required = true };

    private static readonly Key ForgeRepository = new("repository", Texts.ForgeRepository, "The repository as the forge calls it.") { Required = true };

    private static readonly Key Token = new("token", SecretShape.Instance, "The token.") { Required = true };

    private static readonly Key ForgeApiUrl = new("apiUrl", Texts.Url, "The address of its API. Default: the public one.");

    private static readonly Key App = new("app", new MapShape(
    [
        new("id", Texts.AppId, "Its number or client id.") { Required = true },
        new("key", SecretShape.Instance, "Its private key, PEM.") { Required = true },
    ]), "The GitHub App that signs in, instead of a token.");

    private static readonly MapShape Commit = new(
    [
        new("name", Texts.PersonName, "The name of author and committer. Default: allowlist-sync."),
        new("email", Texts.Mailbox, "Their address. Default: allowlist-sync@localhost."),
        new("signOff", Switch, "Adds a Signed-off-by line. Default: false."),
        new("signingKey", Texts.SigningKey, "The key that signs: a file for ssh, a key id for openpgp. Default: no signature."),
        new("signingFormat", new ChoiceShape(["ssh", "openpgp"]), "The kind of signature. Default: ssh."),
    ]);

    private static readonly MapShape File = new(
    [
        new("path", Texts.FileInRepository, "The file; *, ? and ** stand for many.") { Required = true },
        new("format", Texts.Format, "How ranges are written."),
        new("key", Texts.DottedKey, "The value in YAML, JSON or HCL that holds the ranges."),
        new("document", Texts.Document, "The document of a YAML file of several that holds the key, as KIND/NAME."),
        new("family", new ChoiceShape(["ipv4", "ipv6"]), "The family that is written. Default: both."),
        new("block", Texts.Block, "The block between two marker lines that holds the ranges."),
        new("allow", new ListShape(Texts.Name, 1), "The names of the sources that are written.") { Required = true },
    ]);

    private static readonly VariantShape Forge = new("type", "type of forge",
    [
        new("github", new([ForgeType, ForgeApiUrl, ForgeRepository, Token with { Required = false }, App])),
        Public("gitlab"),
        new("gitea", new([ForgeType, ForgeApiUrl with { Required = true, Doc = "The address of its API." }, ForgeRepository, Token])),
        new("none", new([ForgeType, Token with { Required = false, Doc = "The token for a repository that is reached by https." }])),
    ]);

    internal static MapShape Proposal { get; } = new(
    [
        new("name", Texts.Name, "The name of the proposal; unique.") { Required = true },
        new("repository", Texts.Repository, "Anything that git understands; a relative path starts at the directory of this file.") { Required = true },
        new("base", Texts.Branch, "The branch that is proposed against. Default: main."),
        new("branch", Texts.Branch, "The branch that holds the proposal. Default: allowlist-sync/cloudflare."),
        new("forge", Forge, "Where the pull request is opened. Default: nowhere, the branch is only pushed."),
        new("sshKey", Texts.File, "The private key for ssh. Default: those of the agent and of the user who runs this."),
        new("title", Texts.Title, "The title of the pull request and of the commit. Default: one that names the lists."),
        new("commit", Commit, "Who commits, and how."),
        new("labels", new ListShape(Texts.Title), "Labels of a new pull request."),
        new("reviewers", new ListShape(Texts.Reviewer), "Reviewers of a new pull request; team:NAME for a team of GitHub."),
        new("draft", Switch, "A new pull request is a draft. Default: false."),
        new("planFile", Texts.FileInRepository, "A file of the branch that gets the whole text of the proposal. The plans of targets with mode propose that it does not name yet are proposed too; to merge it approves them."),
        new("ports", new ListShape(new PortShape(), 1), "The ports of which the text says whether they are reached, when a rewritten file is a rule set. Default: 80 and 443."),
        new("files", new ListShape(File, 1), "What is rewritten. Needed unless there is a planFile."),
    ]);

    private static Variant Public(string type) => new(type, new([ForgeType, ForgeApiUrl, ForgeRepository, Token]));
}
