namespace AllowlistSync.TestKit;

/// <content>The pull requests, and what people do to them.</content>
public abstract partial class ForgeServer
{
    private readonly List<ForgePull> _pulls = [];

    /// <summary>All pull requests, oldest first.</summary>
    public IReadOnlyList<ForgePull> Pulls => _pulls;

    /// <summary>All statuses of commits, oldest first.</summary>
    public IReadOnlyList<ForgeStatus> Statuses => StatusList;

    /// <summary>The labels of the repository, by id.</summary>
    public IReadOnlyDictionary<long, string> Labels => LabelTable;

    /// <summary>Those who may be asked for a review; a team is <c>team:NAME</c>.</summary>
    public IList<string> People { get; } = ["ada", "grace", "team:ops"];

    /// <summary>The web address of a pull request.</summary>
    public Uri UrlOf(ForgePull pull) => new(Url, PagePath(pull));

    private protected List<ForgeStatus> StatusList { get; } = [];

    private protected SortedDictionary<long, string> LabelTable { get; } = [];

    private protected abstract string PagePath(ForgePull pull);

    /// <summary>A person merges it: the base moves in the repository.</summary>
    public async Task MergeAsync(long number, CancellationToken cancellationToken)
    {
        var pull = Waiting(number);
        if (pull.Base != "main")
        {
            throw new InvalidOperationException($"only what goes to main is merged here, and {number} goes to {pull.Base}");
        }

        await Repository.MergeAsync(pull.Head, cancellationToken);
        pull.State = "merged";
    }

    /// <summary>A person closes it.</summary>
    public void CloseByPerson(long number) => Waiting(number).State = "closed";

    /// <summary>A person opens one from a fork, whose branch has the same name.</summary>
    public ForgePull OpenFromFork(string head, string @base = "main")
    {
        var pull = new ForgePull { Number = _pulls.Count + 1, Head = head, Base = @base, Title = "Mine", Text = "", IsOfFork = true };
        _pulls.Add(pull);
        return pull;
    }

    private protected ForgePull? Find(long number) => _pulls.Find(pull => pull.Number == number);

    private protected ForgePull? OpenOne(string head, string @base) => _pulls.Find(pull => pull.IsOpen && !pull.IsOfFork && pull.Head == head && pull.Base == @base);

    private protected ForgePull Add(string head, string @base, string title, string text, bool isDraft = false)
    {
        var pull = new ForgePull { Number = _pulls.Count + 1, Head = head, Base = @base, Title = title, Text = text, IsDraft = isDraft };
        _pulls.Add(pull);
        return pull;
    }

    private protected IEnumerable<ForgePull> Newest => Enumerable.Reverse(_pulls);

    private protected Task<string?> HeadAsync(string branch) => Repository.HeadAsync(branch, CancellationToken.None);

    private protected async Task<bool> HasCommitsAsync(string @base, string head) =>
        (await Repository.InAsync(CancellationToken.None, "rev-list", "--max-count=1", $"refs/heads/{@base}..refs/heads/{head}")).Length > 0;

    private protected async Task<bool> HasCommitAsync(string commit) =>
        (await Repository.InAsync(CancellationToken.None, "rev-list", "--all")).Split('\n').Contains(commit, StringComparer.Ordinal);

    private ForgePull Waiting(long number) => Find(number) is { IsOpen: true } pull ? pull : throw new InvalidOperationException($"no open pull request {number}");
}
