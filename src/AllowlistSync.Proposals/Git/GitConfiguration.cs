using System.Text;
using AllowlistSync.Core;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Proposals.Git;

/// <summary>
/// The configuration that git works under, and the only one: neither the system's nor the user's is read, so that no alias, hook, filter, credential helper or other program of anybody is run
/// (git-config(1)). The token stands in it, so it is a file that only its owner may read; it is neither in a command line nor in a variable nor in the address of the remote.
/// </summary>
public static class GitConfiguration
{
    /// <summary>The text of the file.</summary>
    public static string Write(GitRemote remote, GitCommitOptions commit)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ArgumentNullException.ThrowIfNull(commit);
        var text = new StringBuilder();
        // A clone of ours has no hooks; a remote on this disk has some, and what they refuse is refused.
        Section("core", ("fsmonitor", "false"), ("attributesFile", "/dev/null"), ("excludesFile", "/dev/null"), ("sshCommand", SshCommand(remote)));
        Section("protocol", ("allow", "never"));
        foreach (var scheme in (string[])["https", "ssh", "file"])
        {
            Section($"protocol \"{scheme}\"", ("allow", "always"));
        }

        if (IsLoopback(remote.Url))
        {
            Section("protocol \"http\"", ("allow", "always"));
        }

        Section("credential", ("helper", ""));
        Section("submodule", ("recurse", "false"));
        Section("fetch", ("recurseSubmodules", "false"));
        Section("push", ("recurseSubmodules", "no"), ("gpgSign", "false"));
        Section("gc", ("autoDetach", "false"));
        Section("remote \"origin\"", ("url", remote.Url), ("promisor", "true"), ("partialclonefilter", "blob:none"));
        Section("gpg", ("format", commit.SigningFormat));

        // A token must not follow a redirect to somewhere else.
        Section("http", remote.Token is { } token
            ? [("followRedirects", "false"), ("extraHeader", Authorization(remote.TokenUser, token))]
            : [("followRedirects", "initial")]);
        return text.ToString();

        void Section(string name, params (string Key, string Value)[] values)
        {
            text.Append('[').Append(name).Append("]\n");
            foreach (var (key, value) in values)
            {
                text.Append('\t').Append(key).Append(" = ").Append(Quoted(value)).Append('\n');
            }
        }
    }

    /// <summary>Whether an address is plain http to this machine; elsewhere a token would go over the wire for everybody to read.</summary>
    public static bool IsLoopback(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme == Uri.UriSchemeHttp && parsed.IsLoopback;

    // Forges take a token as the password of basic authentication (RFC 7617).
    private static string Authorization(string user, Secret token) =>
        $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{token.Reveal()}"))}";

    // git hands this line to a shell.
    private static string SshCommand(GitRemote remote)
    {
        const string safe = "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4";
        return remote.IdentityFile is { } file ? $"{safe} -o IdentitiesOnly=yes -i {PosixQuoting.Word(file)}" : safe;
    }

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";
}
