using System.Threading.Channels;

namespace AllowlistSync.Daemon;

/// <summary>
/// Turns signs of changes into looks: many that come together are one, and what comes while a look goes on makes another one. On a host where something changes all the time, looks become rarer,
/// so that watching does not cost more than it is worth.
/// </summary>
internal sealed class SignPace(TimeProvider time)
{
    /// <summary>After this time without a sign the change is complete.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);

    /// <summary>A change that goes on is looked at after this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>How many looks within <see cref="Window"/> are made at full pace.</summary>
    public const int Brisk = 20;

    /// <summary>The time in which looks are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The wait before a look when there were more.</summary>
    public static readonly TimeSpan Slow = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _signs = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Queue<long> _looks = new();

    /// <summary>Something changed.</summary>
    public void Sign() => _signs.Writer.TryWrite(true);

    /// <summary>Returns when it is time to look.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await _signs.Reader.ReadAsync(cancellationToken);
        var first = time.GetTimestamp();
        if (IsBusy())
        {
            await Task.Delay(Slow, time, cancellationToken);
        }

        while (time.GetElapsedTime(first) < Longest && await AnotherAsync(cancellationToken))
        {
        }

        _looks.Enqueue(time.GetTimestamp());
    }

    private bool IsBusy()
    {
        while (_looks.Count > 0 && time.GetElapsedTime(_looks.Peek()) > Window)
        {
            _looks.Dequeue();
        }

        return _looks.Count >= Brisk;
    }

    private async Task<bool> AnotherAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Quiet, time, cancellationToken);
        return _signs.Reader.TryRead(out _);
    }
}
