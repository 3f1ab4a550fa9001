using System.Collections.Immutable;
using System.Text;
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
    private readonly List<RewriteException> _wrong = [];
    private ImmutableDictionary<string, GitEntry> _all = ImmutableDictionary<string, GitEntry>.Empty;

    /// <summary>Rewrites all places; two places of one file follow each other.</summary>
    /// <exception cref="WrongPlacesException">Files or places are not there, or are not to be touched: all of them.</exception>
    public async ValueTask<ProposalChanges> RewriteAsync(ProposalSpec spec, ProposalContext context, CancellationToken cancellationToken)
    {
        _all = (await repository.FilesAsync(commit, cancellationToken)).ToImmutableDictionary(file => file.Path, StringComparer.Ordinal);
        var plans = ImmutableArray<ApprovedPlan>.Empty;
        foreach (var file in spec.Files)
        {
            await TryAsync(() => RewriteEachAsync(file, spec.PlanFile, context.Wanted(file), cancellationToken));
        }

        if (spec.PlanFile is { } planFile)
        {
            await TryAsync(async () => plans = [.. context.Plans.Except(await ApprovedAsync(planFile, cancellationToken))]);
        }

        return _wrong.Count == 0
            ? new ProposalChanges([.. _files.Values.Where(file => file.Before is not { } before || !before.Span.SequenceEqual(file.After.Span))], [.. _places]) { Plans = plans }
            : throw new WrongPlacesException([.. _wrong]);
    }

    // Whoever corrects one place wants to know of the others too.
    private async ValueTask TryAsync(Func<ValueTask> work)
    {
        try
        {
            await work();
        }
        catch (RewriteException wrong)
        {
            _wrong.Add(wrong);
        }
    }

    private async ValueTask RewriteEachAsync(ProposalFile file, string? planFile, PrefixSet wanted, CancellationToken cancellationToken)
    {
        foreach (var path in PathsOf(file, planFile))
        {
            await TryAsync(() => RewriteAsync(file, path, wanted, cancellationToken));
        }
    }

    // What the plan file of the base branch names was approved, whether it has been applied yet or not.
    private async ValueTask<ImmutableArray<ApprovedPlan>> ApprovedAsync(string path, CancellationToken cancellationToken) => EntryOf(path) is { } entry
        ? ApprovedPlans.In(Encoding.UTF8.GetString((await repository.ReadAsync(entry, cancellationToken)).Span))
        : [];

    // git would put a directory in the place of a file or of a link.
    private GitEntry? EntryOf(string path) => _all.GetValueOrDefault(path) switch
    {
        { IsFile: false } other => throw new RewriteException("not-a-file", $"{path} is {(other.Mode == "120000" ? "a symbolic link" : "another repository")} in the repository", "name the file itself"),
        null when Above(path).FirstOrDefault(_all.ContainsKey) is { } taken => throw new RewriteException("not-a-directory", $"{taken} is a file or a link in the repository, so {path} cannot be in it", "correct `path`"),
        var entry => entry,
    };

    private async ValueTask RewriteAsync(ProposalFile file, string path, PrefixSet wanted, CancellationToken cancellationToken)
    {
        var entry = EntryOf(path);
        if (!_files.TryGetValue(path, out var now) && entry is not null)
        {
            var content = await repository.ReadAsync(entry, cancellationToken);
            now = new FileChange(entry, content, content);
        }

        var rewritten = Rewriter.Rewrite(path, now?.After, file.Place, wanted);
        _files[path] = now is null ? new FileChange(new GitEntry(path, "100644", ""), null, rewritten.Content) : now with { After = rewritten.Content };
        _places.Add(new PlaceChange(path, file.PlaceName, rewritten.Before, rewritten.After));
    }

    // The plan file is written as a whole, whatever pattern it fits.
    private IEnumerable<string> PathsOf(ProposalFile file, string? planFile)
    {
        if (file.IsPattern)
        {
            var matches = PathPattern.Compile(file.Path);
            var paths = _all.Values.Where(entry => entry.IsFile && entry.Path != planFile && matches(entry.Path)).Select(entry => entry.Path).Order(StringComparer.Ordinal).ToList();
            return paths.Count > 0 ? paths : throw new RewriteException("file-missing", $"no file of the repository is called {file.Path}", "correct `path`, or see whether the files were moved");
        }

        return _all.ContainsKey(file.Path) || file.Place is WholeFilePlace
            ? [file.Path]
            : throw new RewriteException("file-missing", $"{file.Path} is not in the repository", "correct `path`, or see whether the file was moved or deleted");
    }

    private static IEnumerable<string> Above(string path) => path.Select((c, at) => (c, at)).Where(part => part.c == '/').Select(part => path[..part.at]);
}
