using System.Collections.Concurrent;
using AllowlistSync.Notifying;
using AllowlistSync.Notifying.Receivers;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Tests.Notifying;

/// <summary>A receiver that answers as a test wants it at the moment.</summary>
internal sealed class ScriptedReceiver : IReceiver
{
    public Delivery Answer { get; set; } = new(Arrival.Delivered, "");

    public bool Hangs { get; set; }

    public ConcurrentQueue<Outgoing> Got { get; } = new();

    public async ValueTask<Delivery> SendAsync(Outgoing outgoing, CancellationToken cancellationToken)
    {
        // A test that sees the try may change the answer for the next one.
        var answer = Answer;
        Got.Enqueue(outgoing);
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        return answer;
    }

    public Task TriedAsync(int times) => CourierTests.UntilAsync(() => Got.Count >= times);
}

/// <summary>A log that a test reads.</summary>
internal sealed class LinesLog : ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Lines.Enqueue($"{logLevel} {formatter(state, exception)}");
        }
    }
}
