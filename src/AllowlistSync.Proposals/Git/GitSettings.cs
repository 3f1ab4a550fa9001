using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Git;

/// <summary>A repository and how to come to it.</summary>
/// <param name="Url">Anything git understands as https, ssh or a local path; without a password in it.</param>
public sealed record GitRemote(string Url)
{
    /// <summary>The token for https; null for none.</summary>
    public Secret? Token { get; init; }

    /// <summary>The user name that goes with the token. Forges take any; GitHub names its own <c>x-access-token</c>.</summary>
    public string TokenUser { get; init; } = "x-access-token";

    /// <summary>The private key for ssh; null for those of the agent and of the user who runs this.</summary>
    public string? IdentityFile { get; init; }
}

/// <summary>Who commits.</summary>
/// <param name="Name">The name.</param>
/// <param name="Email">The address.</param>
public sealed record GitPerson(string Name, string Email)
{
    /// <summary>Who commits when nobody is named.</summary>
    public static GitPerson Default { get; } = new("allowlist-sync", "allowlist-sync@localhost");

    /// <summary>As it stands in a commit.</summary>
    public override string ToString() => $"{Name} <{Email}>";
}

/// <summary>How commits are made.</summary>
public sealed record GitCommitOptions
{
    /// <summary>Author and committer.</summary>
    public GitPerson Author { get; init; } = GitPerson.Default;

    /// <summary>Adds a <c>Signed-off-by</c> line.</summary>
    public bool SignOff { get; init; }

    /// <summary>The key that signs: a file for ssh, a key id for OpenPGP; null for no signature.</summary>
    public string? SigningKey { get; init; }

    /// <summary><c>ssh</c> or <c>openpgp</c> (git-config(1), <c>gpg.format</c>).</summary>
    public string SigningFormat { get; init; } = "ssh";
}

/// <summary>A file in a commit.</summary>
/// <param name="Path">Its path from the top.</param>
/// <param name="Mode">Its mode as git writes it: <c>100644</c>, <c>100755</c>, <c>120000</c> (a link), <c>160000</c> (another repository).</param>
/// <param name="Id">The id of its content.</param>
public sealed record GitEntry(string Path, string Mode, string Id)
{
    /// <summary>True for content that may be rewritten: no link, no other repository.</summary>
    public bool IsFile => Mode is "100644" or "100755";
}

/// <summary>A commit as far as it matters here.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Tree">The id of its tree.</param>
/// <param name="Parents">Its parents.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Committer">Who made it last.</param>
/// <param name="Message">Its message.</param>
public sealed record GitCommit(string Id, string Tree, IReadOnlyList<string> Parents, GitPerson Author, GitPerson Committer, string Message);

/// <summary>What a remote has.</summary>
/// <param name="Base">The commit at the base branch.</param>
/// <param name="Branch">The commit at our branch; null when there is no such branch.</param>
public sealed record GitHeads(GitCommit Base, GitCommit? Branch);
