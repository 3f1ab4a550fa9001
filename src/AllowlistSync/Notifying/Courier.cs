using System.Collections.Immutable;
using System.Threading.Channels;
using AllowlistSync.Configuration;
using AllowlistSync.Notifying.Receivers;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace AllowlistSync.Notifying;

/// <summary>
/// Brings messages to one receiver, one after the other, and tries again for as long as it takes; no other receiver waits for it. Sleeps without a timer while there is nothing to send. The log hears of a failure once, and once of its end.
/// </summary>
internal sealed class Courier : IAsyncDisposable
{
    private readonly string _name;
    private readonly IReceiver _receiver;
    private readonly ImmutableArray<string> _events;
    private readonly CourierLimits _limits;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<Notice, ValueTask> _told;
    private readonly NoticeQueue _queue;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private Task? _work;
    private bool _isBroken;

    /// <summary>A courier that does nothing until there is something to send.</summary>
    /// <param name="config">The receiver.</param>
    /// <param name="name">How it is called in the log.</param>
    /// <param name="receiver">How it is reached.</param>
    /// <param name="limits">How much patience there is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    /// <param name="told">Is told of each message that arrived.</param>
    public Courier(NotifyConfig config, string name, IReceiver receiver, CourierLimits limits, TimeProvider time, ILogger log, Func<Notice, ValueTask> told)
    {
        (_events, _name, _receiver, _limits, _time, _log, _told) = (config.On, name, receiver, limits, time, log, told);
        _queue = new NoticeQueue(limits.Capacity);
    }

    /// <summary>Whether the receiver wants messages of an event.</summary>
    public bool Wants(string happened) => _events.Contains(happened);

    /// <summary>Takes a message; never waits.</summary>
    public void Add(Notice notice)
    {
        _queue.Add(notice);
        _signal.Writer.TryWrite(true);
        lock (_gate)
        {
            _work ??= Task.Run(WorkAsync);
        }
    }

    /// <summary>Tries what still waits once more, for a short time, and logs what is left.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _end.CancelAfter(_limits.Drain);
        if (_work is { } work)
        {
            await work;
        }

        foreach (var left in _queue.Waiting)
        {
            _log.Left(_name, left.Notice.Summary);
        }

        _stop.Dispose();
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            var pipeline = Pipeline();
            while (await _signal.Reader.ReadAsync(_stop.Token))
            {
                while (_queue.Head is not null)
                {
                    await pipeline.ExecuteAsync(async _ => await SendHeadAsync(), _stop.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            await DrainAsync();
        }
    }

    private async Task DrainAsync()
    {
        while (_queue.Head is not null && !_end.IsCancellationRequested)
        {
            if ((await SendHeadAsync()).Outcome == Arrival.TryAgain)
            {
                return;
            }
        }
    }

    // Each try takes what is newest by then.
    private async ValueTask<Delivery> SendHeadAsync()
    {
        if (_queue.Head is not { } head)
        {
            return new Delivery(Arrival.Delivered, "");
        }

        var delivery = await TryAsync(head);
        switch (delivery.Outcome)
        {
            case Arrival.Delivered:
                _queue.Done(head);
                Mended();
                _log.Told(_name, head.Notice.Summary);
                await _told(head.Notice);
                break;
            case Arrival.Refused:
                _queue.Done(head);
                _log.Refused(_name, delivery.Reason, head.Notice.Summary);
                break;
            default:
                Broke(delivery.Reason);
                break;
        }

        return delivery;
    }

    private async Task<Delivery> TryAsync(Outgoing outgoing)
    {
        using var late = new CancellationTokenSource(_limits.Try, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _end.Token);
        try
        {
            return await _receiver.SendAsync(outgoing, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return new Delivery(Arrival.TryAgain, late.IsCancellationRequested ? $"no answer within {_limits.Try.TotalSeconds:0} s" : "no answer before the end");
        }
#pragma warning disable CA1031 // A receiver with a bug must not end the courier. The text of an unknown exception may hold a secret, so only its type is told.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _log.Bug(_name, bug.GetType().Name);
            return new Delivery(Arrival.TryAgain, $"an error in this program ({bug.GetType().Name})");
        }
    }

    private ResiliencePipeline<Delivery> Pipeline() => new ResiliencePipelineBuilder<Delivery> { TimeProvider = _time }
        .AddRetry(new RetryStrategyOptions<Delivery>
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { Outcome: Arrival.TryAgain }),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = _limits.FirstPause,
            MaxDelay = _limits.LongestPause,
            DelayGenerator = args => ValueTask.FromResult(Asked(args.Outcome.Result?.RetryAfter)),
        })
        .Build();

    private TimeSpan? Asked(TimeSpan? pause) => pause switch
    {
        null => null,
        { } asked when asked <= TimeSpan.Zero => null,
        { } asked => asked < _limits.LongestAsked ? asked : _limits.LongestAsked,
    };

    private void Broke(string reason)
    {
        if (!_isBroken)
        {
            _isBroken = true;
            _log.Broke(_name, reason);
        }
    }

    private void Mended()
    {
        if (_isBroken)
        {
            _isBroken = false;
            _log.Mended(_name);
        }
    }
}
