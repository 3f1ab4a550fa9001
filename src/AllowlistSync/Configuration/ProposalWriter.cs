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
            if (proposal.Forge.AppId is { } app)
            {
                yaml.Map("app", () =>
                {
                    yaml.Text("id", app);
                    yaml.Text("key", proposal.Forge.AppKey?.ToString());
                });
            }
        });
        yaml.Text("sshKey", proposal.SshKey);
        yaml.Text("title", proposal.Title);
        yaml.Map("commit", () => Write(yaml, proposal.Commit));
        yaml.Texts("labels", proposal.Labels);
        yaml.Texts("reviewers", proposal.Reviewers);
        yaml.Raw("draft", proposal.Draft ? "true" : "false");
        yaml.Text("planFile", proposal.PlanFile);
        yaml.Raw("ports", $"[{string.Join(", ", proposal.Ports.Ranges)}]");
        yaml.List("files", proposal.Files, file =>
        {
            yaml.Text("path", file.Path);
            yaml.Text("format", file.Format);
            yaml.Text("key", file.Key);
            yaml.Text("document", file.Document);
            yaml.Text("family", file.Family is { } family ? $"{family}".ToLowerInvariant() : null);
            yaml.Text("block", file.Block);
            yaml.Texts("allow", file.Allow);
        });
    }

    private static void Write(YamlText yaml, CommitConfig commit)
    {
        yaml.Text("name", commit.Name);
        yaml.Text("email", commit.Email);
        yaml.Raw("signOff", commit.SignOff ? "true" : "false");
        yaml.Text("signingKey", commit.SigningKey);
        yaml.Text("signingFormat", commit.SigningFormat);
    }
}
