namespace AllowlistSync.Configuration;

/// <summary>Writes one proposal.</summary>
internal static class ProposalWriter
{
    internal static void Write(YamlText yaml, ProposalConfig proposal)
    {
        yaml.Text("name", proposal.Name);
        yaml.Text("repository", proposal.Repository);
        yaml.Text("base", proposal.Base);
        yaml.Text("branch", proposal.Branch);
        yaml.Map("forge", () =>
        {
            yaml.Text("type", proposal.Forge.Type);
            yaml.Text("apiUrl", proposal.Forge.ApiUrl?.OriginalString);
            yaml.Text("repository", proposal.Forge.Repository);
            yaml.Text("token", proposal.Forge.Token?.ToString());
        });
        yaml.List("files", proposal.Files, file =>
        {
            yaml.Text("path", file.Path);
            yaml.Text("format", file.Format);
            yaml.Text("key", file.Key);
            yaml.Text("block", file.Block);
            yaml.Texts("allow", file.Allow);
        });
    }
}
