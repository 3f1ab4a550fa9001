using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>
/// When an unconfirmed change is undone: at its time by the clock on the wall, or when that much time has passed by a clock that
/// nobody sets, whichever is first. A clock that is set back does not leave an administrator locked out for longer.
/// </summary>
internal sealed class Deadline
{
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _at;
    private readonly TimeSpan _atMost;
    private readonly long _begun;

    /// <summary>The deadline of a receipt; the measured time begins now.</summary>
    public Deadline(Receipt receipt, TimeProvider time)
    {
        _time = time;
        _at = receipt.ConfirmBy!.Value;
        _atMost = _at - time.GetUtcNow();
        _begun = time.GetTimestamp();
    }

    /// <summary>How long it still is; zero when it is over.</summary>
    public TimeSpan Left
    {
        get
        {
            var measured = _atMost - _time.GetElapsedTime(_begun);
            var onTheWall = _at - _time.GetUtcNow();
            var left = measured < onTheWall ? measured : onTheWall;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
