using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Proposals.Git;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>Finds the files of a proposal in a commit and rewrites them, in memory.</summary>
/// <param name="repository">The repository.</param>
/// <param name="commit">The commit.</param>
internal sealed class FileWork(GitRepository repository, GitCommit commit)
{
    private readonly Dictionary<string, FileChange> _files = new(StringComparer.Ordinal);
    private readonly List<PlaceChange> _places = [];
    private ImmutableDictionary<string, GitEntry> _all = ImmutableDictionary<string, GitEntry>.Empty;

    /// <summary>Rewrites all places; two places of one file follow each other.</summary>
    /// <exception cref="RewriteException">A file or place is not there, or is not to be touched.</exception>
    public async ValueTask<ProposalChanges> RewriteAsync(ProposalSpec spec, Func<ProposalFile, PrefixSet> wanted, CancellationToken cancellationToken)
    {
        _all = (await repository.FilesAsync(commit, cancellationToken)).ToImmutableDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (var file in spec.Files)
        {
            foreach (var path in PathsOf(file))
            {
                await RewriteAsync(file, path, wanted(file), cancellationToken);
            }
        }

        return new ProposalChanges([.. _files.Values.Where(file => file.Before is not { } before || !before.Span.SequenceEqual(file.After.Span))], [.. _places]);
    }

    private async ValueTask RewriteAsync(ProposalFile file, string path, PrefixSet wanted, CancellationToken cancellationToken)
    {
        var entry = _all.GetValueOrDefault(path);
        if (entry is { IsFile: false })
        {
            throw new RewriteException("not-a-file", $"{path} is {(entry.Mode == "120000" ? "a symbolic link" : "another repository")} in the repository", "name the file itself");
        }

        if (!_files.TryGetValue(path, out var now) && entry is not null)
        {
            var content = await repository.ReadAsync(entry, cancellationToken);
            now = new FileChange(entry, content, content);
        }

        var rewritten = Rewriter.Rewrite(path, now?.After, file.Place, wanted);
        _files[path] = now is null ? new FileChange(new GitEntry(path, "100644", ""), null, rewritten.Content) : now with { After = rewritten.Content };
        _places.Add(new PlaceChange(path, file.PlaceName, rewritten.Before, rewritten.After));
    }

    private IEnumerable<string> PathsOf(ProposalFile file)
    {
        if (file.IsPattern)
        {
            var matches = PathPattern.Compile(file.Path);
            var paths = _all.Values.Where(entry => entry.IsFile && matches(entry.Path)).Select(entry => entry.Path).Order(StringComparer.Ordinal).ToList();
            return paths.Count > 0 ? paths : throw new RewriteException("file-missing", $"no file of the repository is called {file.Path}", "correct `path`, or see whether the files were moved");
        }

        if (_all.ContainsKey(file.Path))
        {
            return [file.Path];
        }

        if (file.Place is not WholeFilePlace)
        {
            throw new RewriteException("file-missing", $"{file.Path} is not in the repository", "correct `path`, or see whether the file was moved or deleted");
        }

        // git would put a directory in the place of a file or of a link.
        return Above(file.Path).FirstOrDefault(_all.ContainsKey) is { } taken
            ? throw new RewriteException("not-a-directory", $"{taken} is a file or a link in the repository, so {file.Path} cannot be in it", "correct `path`")
            : [file.Path];
    }

    private static IEnumerable<string> Above(string path) => path.Select((c, at) => (c, at)).Where(part => part.c == '/').Select(part => path[..part.at]);
}
