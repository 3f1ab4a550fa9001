using System.Collections.Immutable;

namespace AllowlistSync.Core.State;

/// <summary>Remembers what people were told, so that nothing is told twice: neither by the next run nor after a restart.</summary>
public interface INoticeBook
{
    /// <summary>What is remembered; nothing before the first message. Throws <see cref="StateException"/>.</summary>
    ValueTask<NoticeMemory> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Changes it, all or nothing; nobody else changes it meanwhile. Throws <see cref="StateException"/>.</summary>
    ValueTask<NoticeMemory> UpdateAsync(Func<NoticeMemory, NoticeMemory> change, CancellationToken cancellationToken);
}

/// <summary>What people were told.</summary>
public sealed record NoticeMemory
{
    /// <summary>Nothing was ever told.</summary>
    public static NoticeMemory Empty { get; } = new();

    /// <summary>The problems that at least one receiver was told of and whose end nobody was told of.</summary>
    public ImmutableArray<ToldProblem> Problems { get => field.OrEmpty(); init; } = [];

    /// <summary>What happened without being told.</summary>
    public ImmutableArray<UntoldCount> Untold { get => field.OrEmpty(); init; } = [];
}

/// <summary>A problem of which people know.</summary>
/// <param name="Event">Its event, such as <c>failed</c>.</param>
/// <param name="Kind"><c>target</c> or <c>source</c>.</param>
/// <param name="Name">Which.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="Summary">What was told.</param>
public sealed record ToldProblem(string Event, string Kind, string Name, DateTimeOffset Since, string Summary);

/// <summary>How often something happened that is told only when it has happened often, or not for a while.</summary>
/// <param name="Event">The event.</param>
/// <param name="Kind"><c>target</c> or <c>source</c>.</param>
/// <param name="Name">Which.</param>
/// <param name="Count">How often since <paramref name="At"/>.</param>
/// <param name="At">When it was told last, or began.</param>
public sealed record UntoldCount(string Event, string Kind, string Name, int Count, DateTimeOffset At);
