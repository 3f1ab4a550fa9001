using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Proposals.Git;

/// <summary>
/// A repository seen through a bare, shallow clone without contents: what is read is fetched then. Commits are made of objects alone (git-hash-object(1), git-commit-tree(1)), so no checkout, no filter, no hook,
/// no submodule and no link of the repository has any effect here.
/// </summary>
public sealed class GitRepository : IAsyncDisposable
{
    private const string BaseRef = "refs/allowlist-sync/base";
    private const string BranchRef = "refs/allowlist-sync/branch";

    private readonly IHostFiles _files;
    private readonly string _configuration;
    private readonly GitTool _git;
    private readonly GitCommitOptions _options;
    private readonly string _whole;
    private string[] _fetched = [];

    private GitRepository(IHost host, string directory, string configuration, GitCommitOptions options, bool hasToken)
    {
        (_files, _configuration, _options) = (host.Files, configuration, options);
        _git = new GitTool(host, directory, configuration, hasToken);
        _whole = Path.Combine(directory, "allowlist-sync-whole");
    }

    /// <summary>Opens the clone in a directory, and makes it when it is not there; asks nobody.</summary>
    /// <param name="host">This machine.</param>
    /// <param name="directory">A directory that only this user may read, and in which nobody else works meanwhile; its parent must be there.</param>
    /// <param name="remote">The remote.</param>
    /// <param name="options">How commits are made.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async ValueTask<GitRepository> OpenAsync(IHost host, string directory, GitRemote remote, GitCommitOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        var configuration = directory + ".config";
        await host.Files.ReplaceAsync(configuration, Encoding.UTF8.GetBytes(GitConfiguration.Write(remote, options)), UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);
        var repository = new GitRepository(host, directory, configuration, options, remote.Token is not null);
        if (!IsClone(directory))
        {
            if (Directory.Exists(directory))
            {
                File.Delete(Path.Combine(directory, "HEAD"));
            }

            await repository._git.RunAsync("making a clone", ["init", "--quiet", "--bare", "--template=", directory], cancellationToken);
        }

        repository.TakeLocksAway();
        return repository;
    }

    /// <summary>Takes the file with the token away; the clone stays.</summary>
    public ValueTask DisposeAsync() => _files.DeleteAsync(_configuration, CancellationToken.None);

    /// <summary>Fetches the newest commits of both branches.</summary>
    public async ValueTask<GitHeads> FetchAsync(string baseBranch, string branch, CancellationToken cancellationToken)
    {
        var (ofBase, ofBranch) = ($"refs/heads/{baseBranch}", $"refs/heads/{branch}");
        var heads = GitText.Heads(await _git.RunAsync("asking the remote", ["ls-remote", "--quiet", "origin", ofBase, ofBranch], cancellationToken));
        if (!heads.ContainsKey(ofBase))
        {
            throw new GitException(GitFailure.NoBranch, $"the repository has no branch {baseBranch}", "correct `base`; an empty repository needs a first commit");
        }

        var hasBranch = heads.ContainsKey(ofBranch);
        _fetched = hasBranch ? [$"+{ofBase}:{BaseRef}", $"+{ofBranch}:{BranchRef}"] : [$"+{ofBase}:{BaseRef}"];
        await FetchAsync(File.Exists(_whole) ? ["--no-filter"] : ["--filter=blob:none"], cancellationToken);
        return new GitHeads(await CommitAsync(BaseRef, cancellationToken), hasBranch ? await CommitAsync(BranchRef, cancellationToken) : null);
    }

    /// <summary>All files of a commit, by path.</summary>
    public async ValueTask<ImmutableArray<GitEntry>> FilesAsync(GitCommit commit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(commit);
        return [.. GitText.Tree(await _git.RunAsync("listing files", ["ls-tree", "-r", "-z", "--full-tree", commit.Id], cancellationToken))];
    }

    /// <summary>The content of a file; fetched now unless it is here.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(GitEntry file, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(file);
        var (doing, call) = ($"reading {file.Path}", new GitCall(["cat-file", "blob", file.Id]));
        try
        {
            return await _git.RunAsync(doing, call, cancellationToken);
        }
        catch (GitException old) when (old.Failure == GitFailure.NoSingleContents)
        {
            // Protocol 0, as over an sshd that does not hand on GIT_PROTOCOL: all contents come, now and in later runs.
            await FetchAsync(["--no-filter", "--refetch"], cancellationToken);
            await _files.ReplaceAsync(_whole, ReadOnlyMemory<byte>.Empty, UnixFileMode.UserRead | UnixFileMode.UserWrite, cancellationToken);
            return await _git.RunAsync(doing, call, cancellationToken);
        }
    }

    /// <summary>Makes a commit on top of another that replaces some files; pushes nothing.</summary>
    /// <param name="parent">The commit below it.</param>
    /// <param name="files">The files with their new content; the id of an entry is not looked at.</param>
    /// <param name="message">The message.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<GitCommit> CommitAsync(GitCommit parent, IReadOnlyList<(GitEntry File, ReadOnlyMemory<byte> Content)> files, string message, DateTimeOffset at, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentNullException.ThrowIfNull(files);
        var entries = new List<GitEntry>();
        foreach (var (file, content) in files)
        {
            var id = await _git.RunAsync($"keeping {file.Path}", new GitCall(["hash-object", "-w", "--stdin"]) { Input = content }, cancellationToken);
            entries.Add(file with { Id = Encoding.ASCII.GetString(id.Span).Trim() });
        }

        var tree = await TreeAsync(parent, entries, cancellationToken);
        string[] signing = _options.SigningKey is { } key ? [$"-S{key}"] : [];
        var commit = await _git.RunAsync(
            "making the commit",
            new GitCall(["commit-tree", .. signing, "-p", parent.Id, "-F", "-", tree]) { Input = Encoding.UTF8.GetBytes(message), Variables = Persons(at) },
            cancellationToken);
        return await CommitAsync(Encoding.ASCII.GetString(commit.Span).Trim(), cancellationToken);
    }

    /// <summary>Puts the branch at a commit, unless somebody else moved it meanwhile (<see cref="GitFailure.LeaseLost"/>).</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="commit">The commit; null takes the branch away.</param>
    /// <param name="expected">Where the branch was; null when it was not there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask PushAsync(string branch, GitCommit? commit, GitCommit? expected, CancellationToken cancellationToken) => await _git.RunAsync(
        commit is null ? $"deleting branch {branch}" : $"pushing branch {branch}",
        // Not thin: a thin pack would need the contents that are replaced, and fetch them.
        ["push", "--porcelain", "--no-verify", "--no-thin", $"--force-with-lease=refs/heads/{branch}:{expected?.Id}", "origin", $"{commit?.Id}:refs/heads/{branch}"],
        cancellationToken);

    /// <summary>The difference of two commits for people, as <c>git diff</c> shows it.</summary>
    public ValueTask<string> DiffAsync(GitCommit from, GitCommit to, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        return _git.RunAsync("comparing", ["diff-tree", "-p", "--no-color", "--no-ext-diff", "--no-textconv", from.Id, to.Id], cancellationToken);
    }

    // What git asks of a directory before it works there (gitrepository-layout(5)). A full disk leaves files without a byte; what is missing is made anew, and what was fetched stays.
    private static bool IsClone(string directory) =>
        Directory.Exists(Path.Combine(directory, "objects")) && Directory.Exists(Path.Combine(directory, "refs")) && new FileInfo(Path.Combine(directory, "HEAD")) is { Exists: true, Length: > 0 };

    // A git that was killed leaves its locks, and each later one would stop at them. Nobody else works in this clone: who opened it has it alone.
    private void TakeLocksAway()
    {
        foreach (var left in Directory.GetFiles(_git.Directory, "*.lock", SearchOption.AllDirectories))
        {
            File.Delete(left);
        }
    }

    // Two deep: a commit at the end of a shallow history cannot be pushed ("shallow update not allowed"), and the commit of our branch may be the very one that is made again.
    private async ValueTask FetchAsync(string[] filter, CancellationToken cancellationToken) =>
        await _git.RunAsync("fetching", ["fetch", "--quiet", "--depth=2", .. filter, "--no-tags", "--no-write-fetch-head", "origin", .. _fetched], cancellationToken);

    private async ValueTask<string> TreeAsync(GitCommit parent, List<GitEntry> entries, CancellationToken cancellationToken)
    {
        var index = ImmutableDictionary<string, string>.Empty.Add("GIT_INDEX_FILE", Path.Combine(_git.Directory, $"index-{Guid.NewGuid():n}"));
        try
        {
            await _git.RunAsync("reading the tree", new GitCall(["read-tree", parent.Id]) { Variables = index }, cancellationToken);
            await _git.RunAsync("changing the tree", new GitCall(["update-index", "-z", "--index-info"]) { Variables = index, Input = GitText.IndexInfo(entries) }, cancellationToken);

            // The contents of all other files are not here, and need not be.
            return Encoding.ASCII.GetString((await _git.RunAsync("writing the tree", new GitCall(["write-tree", "--missing-ok"]) { Variables = index }, cancellationToken)).Span).Trim();
        }
        finally
        {
            File.Delete(index["GIT_INDEX_FILE"]);
        }
    }

    private async ValueTask<GitCommit> CommitAsync(string name, CancellationToken cancellationToken)
    {
        var id = (await _git.RunAsync("reading a commit", ["rev-parse", "--verify", "--quiet", name + "^{commit}"], cancellationToken)).Trim();
        return GitText.Commit(id, await _git.RunAsync("reading a commit", ["cat-file", "commit", id], cancellationToken));
    }

    private ImmutableDictionary<string, string> Persons(DateTimeOffset at)
    {
        var time = string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeSeconds()} +0000");
        return ImmutableDictionary.CreateRange(
        [
            KeyValuePair.Create("GIT_AUTHOR_NAME", _options.Author.Name),
            KeyValuePair.Create("GIT_AUTHOR_EMAIL", _options.Author.Email),
            KeyValuePair.Create("GIT_AUTHOR_DATE", time),
            KeyValuePair.Create("GIT_COMMITTER_NAME", _options.Author.Name),
            KeyValuePair.Create("GIT_COMMITTER_EMAIL", _options.Author.Email),
            KeyValuePair.Create("GIT_COMMITTER_DATE", time),
        ]);
    }
}
