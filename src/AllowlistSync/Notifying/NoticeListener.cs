using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Notifying.Receivers;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Notifying;

/// <summary>
/// Makes messages of what happens and hands them to the couriers. A problem counts as told once one receiver has it: what nobody got before a restart is told after it, and what somebody got is not told again.
/// </summary>
internal sealed class NoticeListener : IDaemonListener, IAsyncDisposable
{
    private readonly ImmutableArray<Courier> _couriers;
    private readonly INoticeBook _book;
    private readonly string _node;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _gate = new(1);

    // Problems, and ends of problems, that are on their way.
    private readonly Dictionary<NoticeKey, Notice> _pending = [];
    private NoticeMemory _lastKnown = NoticeMemory.Empty;
    private bool _isForgetful;

    /// <summary>A listener with receivers of its own making.</summary>
    public NoticeListener(IEnumerable<(NotifyConfig Config, IReceiver Receiver)> receivers, INoticeBook book, string node, CourierLimits limits, TimeProvider time, ILogger log)
    {
        (_book, _node, _time, _log) = (book, node, time, log);
        _couriers = [.. receivers.Select((line, index) => new Courier(line.Config, ReceiverTable.NameOf(index, line.Config), line.Receiver, limits.For(line.Config), time, log, ToldAsync))];
    }

    /// <summary>The listener of a configuration; opens nothing until something happens.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="book">Where it is kept what was told.</param>
    /// <param name="node">The name of this node.</param>
    /// <param name="limits">How much patience there is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">The log.</param>
    public static NoticeListener Create(AllowlistConfig config, INoticeBook book, string node, CourierLimits limits, TimeProvider time, ILoggerFactory logs) =>
        new(config.Notify.Select(receiver => (receiver, ReceiverTable.Create(receiver, time))), book, node, limits, time, logs.CreateLogger("allowlist-sync"));

    /// <inheritdoc/>
    public ValueTask RunEndedAsync(RunRecord run, CancellationToken cancellationToken) =>
        ObserveAsync((NoticeKey.Target, run.Target), memory => NoticeRules.OfRun(memory, run), cancellationToken);

    /// <inheritdoc/>
    public ValueTask SourceAskedAsync(SourceStanding source, ListRecord? changed, CancellationToken cancellationToken) =>
        ObserveAsync((NoticeKey.Source, source.Name), memory => NoticeRules.OfSource(memory, source, changed, _time.GetUtcNow(), _node), cancellationToken);

    /// <summary>Tries what still waits for a short time, and logs what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_couriers.Select(courier => courier.DisposeAsync().AsTask()));
        _gate.Dispose();
    }

    private async ValueTask ObserveAsync((string Kind, string Name) subject, Func<NoticeMemory, Judgement> judge, CancellationToken cancellationToken)
    {
        if (_couriers.IsEmpty)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken);
        try
        {
            var memory = await RecallAsync(cancellationToken);
            var judgement = judge(Overlaid(memory));
            await KeepUntoldAsync(memory, subject, judgement.Untold, cancellationToken);
            foreach (var notice in judgement.Notices)
            {
                Send(notice);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    // What no receiver wants is not told, and so not remembered as told.
    private void Send(Notice notice)
    {
        foreach (var courier in _couriers.Where(courier => courier.Wants(notice.Key.Event)))
        {
            if (notice.State != NoticeState.Event)
            {
                _pending[notice.Key] = notice;
            }

            courier.Add(notice);
        }
    }

    private NoticeMemory Overlaid(NoticeMemory memory) => _pending.Values.Aggregate(memory, After);

    private static NoticeMemory After(NoticeMemory memory, Notice notice)
    {
        var others = memory.Problems.Where(problem => problem.Event != notice.Key.Event || problem.Kind != notice.Key.Kind || problem.Name != notice.Key.Name);
        return memory with
        {
            Problems = notice.State == NoticeState.Problem
                ? [.. others, new ToldProblem(notice.Key.Event, notice.Key.Kind, notice.Key.Name, notice.At, notice.Summary)]
                : [.. others],
        };
    }

    // Called by the couriers.
    private async ValueTask ToldAsync(Notice notice)
    {
        if (notice.State == NoticeState.Event)
        {
            return;
        }

        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            await UpdateAsync(memory => After(memory, notice), CancellationToken.None);
            if (_pending.TryGetValue(notice.Key, out var newest) && ReferenceEquals(newest, notice))
            {
                _pending.Remove(notice.Key);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask KeepUntoldAsync(NoticeMemory memory, (string Kind, string Name) subject, ImmutableArray<UntoldCount> untold, CancellationToken cancellationToken)
    {
        if (!memory.Untold.Where(Mine).SequenceEqual(untold))
        {
            await UpdateAsync(before => before with { Untold = [.. before.Untold.Where(count => !Mine(count)), .. untold] }, cancellationToken);
        }

        bool Mine(UntoldCount count) => count.Kind == subject.Kind && count.Name == subject.Name;
    }

    private async ValueTask<NoticeMemory> RecallAsync(CancellationToken cancellationToken)
    {
        try
        {
            _lastKnown = _isForgetful ? _lastKnown : await _book.LoadAsync(cancellationToken);
        }
        catch (StateException failure)
        {
            Forgetful(failure);
        }

        return _lastKnown;
    }

    // A state that cannot be kept keeps nobody from being told: from then on this process remembers by itself.
    private async ValueTask UpdateAsync(Func<NoticeMemory, NoticeMemory> change, CancellationToken cancellationToken)
    {
        try
        {
            _lastKnown = await _book.UpdateAsync(change, cancellationToken);
            _isForgetful = false;
        }
        catch (StateException failure)
        {
            _lastKnown = change(_lastKnown);
            Forgetful(failure);
        }
    }

    private void Forgetful(StateException failure)
    {
        if (!_isForgetful)
        {
            _isForgetful = true;
            _log.NotRemembered(failure.Message, failure.Remedy);
        }
    }
}
