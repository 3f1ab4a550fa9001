namespace AllowlistSync.Proposals.Forges;

/// <summary>How forges without a member for it mark a pull request as not ready: by the beginning of its title.</summary>
/// <param name="prefix">The beginning.</param>
internal sealed class DraftTitle(string prefix)
{
    /// <summary>That of GitLab.</summary>
    public static DraftTitle GitLab { get; } = new("Draft: ");

    /// <summary>That of Gitea and Forgejo.</summary>
    public static DraftTitle Gitea { get; } = new("WIP: ");

    /// <summary>Whether a title says that it is not ready.</summary>
    public bool Has(string title) => title.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>The title that the forge gets.</summary>
    public string Put(string title, bool isDraft) => isDraft && !Has(title) ? prefix + title : title;

    /// <summary>The title that we gave.</summary>
    public string Take(string title) => Has(title) ? title[prefix.Length..] : title;
}
