using System.Collections.Immutable;
using AllowlistSync.Proposals.Forges;

namespace AllowlistSync.Proposals.Tests.Proposing;

/// <summary>A forge that keeps pull requests in memory; what it is asked to do is what it does.</summary>
internal sealed class MemoryForge : IForge
{
    private readonly List<PullRequest> _requests = [];

    public string Name => "memory";

    public int LongestText { get; init; } = 65_536;

    /// <summary>The pull requests, oldest first.</summary>
    public IReadOnlyList<PullRequest> Requests => _requests;

    public List<string> Comments { get; } = [];

    public List<string> Statuses { get; } = [];

    /// <summary>How often something was changed.</summary>
    public int Writes { get; private set; }

    /// <summary>Thrown by the next opening.</summary>
    public ForgeException? NextOpening { get; set; }

    /// <summary>Another runner that comes in between.</summary>
    public Func<Task>? BeforeOpening { get; set; }

    public ValueTask<ForgeLogin?> LoginAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ForgeLogin?>(null);

    public ValueTask<ImmutableArray<PullRequest>> FindAsync(string branch, string baseBranch, CancellationToken cancellationToken) => ValueTask.FromResult(_requests.AsEnumerable().Reverse().ToImmutableArray());

    public async ValueTask<PullRequest> OpenAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        if (BeforeOpening is { } other)
        {
            BeforeOpening = null;
            await other();
        }

        if (NextOpening is { } failure)
        {
            NextOpening = null;
            throw failure;
        }

        if (_requests.Exists(request => request.State == PullRequestState.Open))
        {
            throw new ForgeException(ForgeFailure.Exists, "there is one already", "");
        }

        Writes++;
        _requests.Add(new PullRequest(_requests.Count + 1, $"https://forge.example/{_requests.Count + 1}", PullRequestState.Open, draft.Title, draft.Text));
        return _requests[^1];
    }

    public ValueTask UpdateAsync(PullRequest request, string title, string text, CancellationToken cancellationToken) => Change(request, with => with with { Title = title, Text = text });

    public ValueTask CommentAsync(PullRequest request, string text, CancellationToken cancellationToken)
    {
        Writes++;
        Comments.Add(text);
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync(PullRequest request, CancellationToken cancellationToken) => Change(request, with => with with { State = PullRequestState.Closed });

    public ValueTask MarkAsync(string commit, string text, CancellationToken cancellationToken)
    {
        Statuses.Add($"{commit}: {text}");
        return ValueTask.CompletedTask;
    }

    /// <summary>A person ends the newest one.</summary>
    public void End(PullRequestState state) => _requests[^1] = _requests[^1] with { State = state };

    public void Dispose()
    {
    }

    private ValueTask Change(PullRequest request, Func<PullRequest, PullRequest> change)
    {
        Writes++;
        var at = _requests.FindIndex(one => one.Number == request.Number);
        _requests[at] = change(_requests[at]);
        return ValueTask.CompletedTask;
    }
}
