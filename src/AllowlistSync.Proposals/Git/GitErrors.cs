namespace AllowlistSync.Proposals.Git;

/// <summary>The one place that knows the words of git and of ssh, under <c>LC_ALL=C</c>; the texts were captured from git 2.39 and OpenSSH 9.2. Pure.</summary>
internal static class GitErrors
{
    private const string SigningRemedy = "see that `commit.signingKey` is there, is of the `commit.signingFormat`, and needs no passphrase";

    private const string TokenRemedy = "make a new one that may write to the repository, and put it where `forge.token` points to";

    // The token goes along in a header; when it is not taken, git goes on to ask for a name.
    private static readonly (string Text, GitFailure Failure, string What, string Remedy) s_tokenNotTaken = ("could not read Username", GitFailure.Denied, "the remote does not take this token", TokenRemedy);

    // In this order: what ssh or curl says is nearer to the cause than git's own last line.
    private static readonly (string Text, GitFailure Failure, string What, string Remedy)[] s_table =
    [
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", GitFailure.HostKey, "the ssh host shows another key than the one that is known", "find out why, then correct known_hosts; somebody may stand in between"),
        ("Host key verification failed", GitFailure.HostKey, "the key of the ssh host is not known", "add it to known_hosts (`ssh-keyscan HOST`, compared with what the forge publishes)"),
        ("certificate verification failed", GitFailure.Certificate, "nobody that this machine trusts vouches for the certificate of the remote", "give the certificates that you trust in a file: GIT_SSL_CAINFO=/path/to/ca.pem"),
        ("SSL certificate problem", GitFailure.Certificate, "nobody that this machine trusts vouches for the certificate of the remote", "give the certificates that you trust in a file: GIT_SSL_CAINFO=/path/to/ca.pem"),
        ("Permission denied (", GitFailure.Denied, "the ssh host does not know this key", "register the public key as a deploy key with write access, or name the private one in `sshKey`"),
        ("Authentication failed", GitFailure.Denied, "the remote does not take this token", TokenRemedy),
        ("could not read Username", GitFailure.Denied, "the remote asks for a token and there is none", "set `forge.token`"),
        ("could not read Password", GitFailure.Denied, "the remote asks for a token and there is none", "set `forge.token`"),
        ("The requested URL returned error: 401", GitFailure.Denied, "the remote does not take this token", TokenRemedy),
        ("The requested URL returned error: 403", GitFailure.Denied, "this token may not do that", "give it the right to write to the repository (GitHub: contents: write; GitLab: write_repository; Gitea: write:repository)"),
        ("The requested URL returned error: 30", GitFailure.NoRepository, "the remote sends us to another address", "name the address that it sends to; a token is never sent after a redirect"),
        ("The requested URL returned error: 5", GitFailure.Unreachable, "the remote has a failure of its own", "try again later"),
        ("(stale info)", GitFailure.LeaseLost, "somebody else pushed to the branch since it was looked at", "run it again"),
        ("(fetch first)", GitFailure.LeaseLost, "somebody else pushed to the branch since it was looked at", "run it again"),
        ("cannot lock ref", GitFailure.LeaseLost, "somebody else was pushing to the branch", "run it again"),
        ("does not allow request for unadvertised object", GitFailure.NoSingleContents, "the remote hands out no single contents", "let its sshd take the variable GIT_PROTOCOL (AcceptEnv), or set uploadpack.allowAnySHA1InWant in the repository"),
        ("protected branch", GitFailure.Rejected, "the branch is protected", "name another `branch`, or let this account push to it with force"),
        ("[remote rejected]", GitFailure.Rejected, "the remote does not take the push", "see what its hook said, and mend that or name another `branch`"),
        ("Couldn't load public key", GitFailure.Signing, "the commit could not be signed", SigningRemedy),
        ("gpg failed to sign", GitFailure.Signing, "the commit could not be signed", SigningRemedy),
        ("failed to write commit object", GitFailure.Signing, "the commit could not be signed", SigningRemedy),
        ("cannot run gpg", GitFailure.Signing, "the commit could not be signed", SigningRemedy),
        ("cannot run ssh-keygen", GitFailure.Signing, "the commit could not be signed", SigningRemedy),
        ("Couldn't find remote ref", GitFailure.NoBranch, "there is no such branch", "correct `base`"),
        ("Could not resolve host", GitFailure.Unreachable, "the name of the remote cannot be resolved", "see whether this machine reaches it"),
        ("Could not resolve hostname", GitFailure.Unreachable, "the name of the remote cannot be resolved", "see whether this machine reaches it"),
        ("Connection refused", GitFailure.Unreachable, "the remote refuses the connection", "see whether it runs and whether the port is right"),
        ("Failed to connect to", GitFailure.Unreachable, "the remote cannot be reached", "see whether this machine reaches it"),
        ("Connection timed out", GitFailure.Unreachable, "the remote does not answer", "see whether this machine reaches it"),
        ("Connection closed by", GitFailure.Unreachable, "the remote closed the connection", "try again later"),
        ("unable to update url base from redirection", GitFailure.NoRepository, "the remote sends us to another address", "name the address that it sends to; a token is never sent after a redirect"),
        ("repository not found", GitFailure.NoRepository, "there is no such repository, or it is not shown to us", "correct `repository`, and see whether the token or the key may read it"),
        ("does not appear to be a git repository", GitFailure.NoRepository, "there is no such repository, or it is not shown to us", "correct `repository`"),
        ("Repository not found", GitFailure.NoRepository, "there is no such repository, or it is not shown to us", "correct `repository`, and see whether the token or the key may read it"),
        ("' not found", GitFailure.NoRepository, "there is no such repository, or it is not shown to us", "correct `repository`, and see whether the token or the key may read it"),
        ("The remote end hung up", GitFailure.Unreachable, "the connection broke", "try again later"),
        ("early EOF", GitFailure.Unreachable, "the connection broke", "try again later"),
        ("unable to access", GitFailure.Unreachable, "the remote cannot be reached", "see whether this machine reaches it"),
    ];

    /// <summary>What a failure means.</summary>
    /// <param name="doing">What was tried, as <c>fetching</c>.</param>
    /// <param name="said">What git printed.</param>
    /// <param name="hasToken">Whether it had a token to show.</param>
    public static GitException Of(string doing, string said, bool hasToken)
    {
        foreach (var (text, failure, what, remedy) in hasToken ? [s_tokenNotTaken, .. s_table] : s_table)
        {
            if (said.Contains(text, StringComparison.Ordinal))
            {
                return new GitException(failure, $"{doing}: {what}; git says: {Short(said)}", remedy);
            }
        }

        return new GitException(GitFailure.Other, $"{doing}: git says: {Short(said)}", "see what git says; the remote was left as it is");
    }

    // The lines that say something: what a hook of the remote printed, and the errors; on one line, bounded.
    private static string Short(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith("hint:", StringComparison.Ordinal) && !line.StartsWith("@@@", StringComparison.Ordinal) && !line.StartsWith("Done", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Take(6);
        var text = string.Concat(string.Join(" | ", lines).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > 400 ? text[..400] + "..." : text.Length > 0 ? text : "(nothing)";
    }
}
