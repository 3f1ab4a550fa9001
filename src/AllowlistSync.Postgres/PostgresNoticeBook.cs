using AllowlistSync.Core.State;
using AllowlistSync.Postgres.Leases;

namespace AllowlistSync.Postgres;

/// <summary>What people were told, in two rows: of what nodes share, so that one node's message is not repeated by another; and of what is this node's own.</summary>
internal sealed class PostgresNoticeBook(DocumentTable documents, LeaseBook leases, StateScope scope) : INoticeBook
{
    private const string Shared = "shared";
    private const string Target = "target";

    // Whoever holds the lease writes two small rows.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private string Own => $"node@{scope.Node}";

    public async ValueTask<NoticeMemory> LoadAsync(CancellationToken cancellationToken)
    {
        var (shared, own) = (await PartAsync(Shared, cancellationToken), await PartAsync(Own, cancellationToken));
        return new NoticeMemory { Problems = [.. shared.Problems, .. own.Problems], Untold = [.. shared.Untold, .. own.Untold] };
    }

    public async ValueTask<NoticeMemory> UpdateAsync(Func<NoticeMemory, NoticeMemory> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        await using var lease = await HoldAsync(cancellationToken);
        var before = await LoadAsync(cancellationToken);
        var after = change(before);
        foreach (var (name, isShared) in new[] { (Shared, true), (Own, false) })
        {
            if (!Same(Part(before, isShared), Part(after, isShared)))
            {
                await documents.SaveAsync(lease, Kinds.Notices, name, Part(after, isShared), StateJson.Default.NoticeMemory, cancellationToken);
            }
        }

        return after;
    }

    private async ValueTask<NoticeMemory> PartAsync(string name, CancellationToken cancellationToken) =>
        await documents.LoadAsync(Kinds.Notices, name, StateJson.Default.NoticeMemory, cancellationToken) ?? NoticeMemory.Empty;

    private NoticeMemory Part(NoticeMemory memory, bool isShared) => new()
    {
        Problems = [.. memory.Problems.Where(problem => IsShared(problem.Kind, problem.Name) == isShared)],
        Untold = [.. memory.Untold.Where(untold => IsShared(untold.Kind, untold.Name) == isShared)],
    };

    private static bool Same(NoticeMemory one, NoticeMemory other) => one.Problems.SequenceEqual(other.Problems) && one.Untold.SequenceEqual(other.Untold);

    private bool IsShared(string kind, string name) => kind == Target ? scope.IsSharedTarget(name) : scope.IsSharedSource(name);

    private async ValueTask<Lease> HoldAsync(CancellationToken cancellationToken)
    {
        var (lease, holder) = await leases.TakeWithinAsync(s_patience, $"{Kinds.Notices}/{Shared}", "the book of notices", "notices", cancellationToken);
        return lease ?? throw new StateException($"the book of notices is being written by {holder}", "end that process if it hangs");
    }
}
