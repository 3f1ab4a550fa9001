using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.TestKit;

/// <summary>A repository as a forge keeps it: bare, on this disk, worked on by people with the real git.</summary>
public sealed class BareRepository : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("als-git-");

    private BareRepository()
    {
    }

    /// <summary>The bare repository.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "remote.git");

    /// <summary>Its address for git.</summary>
    public string Url => $"file://{Path}";

    /// <summary>Where a clone of the program goes.</summary>
    public string CloneAt(string name = "clone") => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>A file beside the repository.</summary>
    public string At(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>A repository whose branch main holds some files.</summary>
    public static async Task<BareRepository> CreateAsync(CancellationToken cancellationToken, params (string Path, string Content)[] files)
    {
        var repository = new BareRepository();
        await GitAsync(cancellationToken, "init", "--quiet", "--bare", "--initial-branch=main", repository.Path);
        await repository.InAsync(cancellationToken, "config", "uploadpack.allowFilter", "true");
        await repository.CommitAsync("main", "first", cancellationToken, files);
        return repository;
    }

    /// <summary>A person commits files to a branch, which is made when it is not there.</summary>
    public async Task CommitAsync(string branch, string message, CancellationToken cancellationToken, params (string Path, string Content)[] files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var work = At($"work-{Guid.NewGuid():n}");
        await GitAsync(cancellationToken, "clone", "--quiet", Path, work);
        if (await HasAsync("main", cancellationToken))
        {
            await GitAsync(cancellationToken, "-C", work, "checkout", "--quiet", "-B", branch, await HasAsync(branch, cancellationToken) ? $"origin/{branch}" : "HEAD");
        }

        foreach (var (path, content) in files)
        {
            var file = System.IO.Path.Combine(work, path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, content, cancellationToken);
        }

        await GitAsync(cancellationToken, "-C", work, "add", "--all");
        await GitAsync(cancellationToken, "-C", work, "commit", "--quiet", "--message", message);
        await GitAsync(cancellationToken, "-C", work, "push", "--quiet", "origin", $"HEAD:refs/heads/{branch}");
    }

    /// <summary>Something else is done in a clone of a person, by a shell line, and main is pushed.</summary>
    public async Task WorkAsync(string script, CancellationToken cancellationToken)
    {
        var work = At($"work-{Guid.NewGuid():n}");
        await GitAsync(cancellationToken, "clone", "--quiet", Path, work);
        await RunAsync("sh", cancellationToken, "-ec", $"cd {work}; {script}; git add --all; git commit --quiet --allow-empty --message work; git push --quiet origin HEAD:main");
    }

    /// <summary>A file of a branch.</summary>
    public Task<string> ShowAsync(string branch, string path, CancellationToken cancellationToken) => InAsync(cancellationToken, "cat-file", "blob", $"{branch}:{path}");

    /// <summary>The commit at a branch; null when there is none.</summary>
    public async Task<string?> HeadAsync(string branch, CancellationToken cancellationToken) =>
        await HasAsync(branch, cancellationToken) ? (await InAsync(cancellationToken, "rev-parse", $"refs/heads/{branch}")).Trim() : null;

    /// <summary>Merges a branch into main, as a forge does.</summary>
    public async Task MergeAsync(string branch, CancellationToken cancellationToken)
    {
        var work = At($"work-{Guid.NewGuid():n}");
        await GitAsync(cancellationToken, "clone", "--quiet", Path, work);
        await GitAsync(cancellationToken, "-C", work, "merge", "--quiet", "--no-ff", "--message", "Merge", $"origin/{branch}");
        await GitAsync(cancellationToken, "-C", work, "push", "--quiet", "origin", "HEAD:main");
    }

    /// <summary>Runs git in the bare repository.</summary>
    public Task<string> InAsync(CancellationToken cancellationToken, params string[] arguments) => GitAsync(cancellationToken, ["-C", Path, .. arguments]);

    /// <inheritdoc/>
    // .NET cannot delete a name that is no UTF-8.
    public async ValueTask DisposeAsync() => await RunAsync("rm", CancellationToken.None, "-rf", _folder.FullName);

    private async Task<bool> HasAsync(string branch, CancellationToken cancellationToken) =>
        (await InAsync(cancellationToken, "for-each-ref", $"refs/heads/{branch}")).Length > 0;

    private static Task<string> GitAsync(CancellationToken cancellationToken, params string[] arguments) => RunAsync("git", cancellationToken, arguments);

    private static async Task<string> RunAsync(string program, CancellationToken cancellationToken, params string[] arguments)
    {
        var command = new HostCommand(program, [.. arguments])
        {
            Environment = ImmutableDictionary<string, string>.Empty
                .Add("HOME", "/nonexistent").Add("GIT_CONFIG_NOSYSTEM", "1").Add("GIT_CONFIG_COUNT", "1").Add("GIT_CONFIG_KEY_0", "protocol.file.allow").Add("GIT_CONFIG_VALUE_0", "always")
                .Add("GIT_AUTHOR_NAME", "Ada").Add("GIT_AUTHOR_EMAIL", "ada@example.com").Add("GIT_COMMITTER_NAME", "Ada").Add("GIT_COMMITTER_EMAIL", "ada@example.com"),
        };
        var result = await new LocalHost().RunAsync(command, cancellationToken);
        return result.ExitCode == 0 ? Encoding.UTF8.GetString(result.Output.Span) : throw new InvalidOperationException($"{command} ended with {result.ExitCode}:\n{result.Error}");
    }
}
