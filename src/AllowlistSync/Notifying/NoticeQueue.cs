using System.Collections.Immutable;

namespace AllowlistSync.Notifying;

/// <summary>
/// What one receiver is still to be told, oldest first, and never more than so much: of a problem only the newest state waits, and when the queue is full the oldest event makes room. Both are counted.
/// </summary>
internal sealed class NoticeQueue(int capacity)
{
    private readonly Lock _gate = new();
    private ImmutableList<Outgoing> _waiting = [];
    private int _dropped;

    /// <summary>What waits.</summary>
    public ImmutableList<Outgoing> Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>What is to be sent next; null when nothing waits. Messages that had to make room count with it.</summary>
    public Outgoing? Head
    {
        get
        {
            lock (_gate)
            {
                if (_waiting.IsEmpty || _dropped == 0)
                {
                    return _waiting.FirstOrDefault();
                }

                _waiting = _waiting.SetItem(0, _waiting[0] with { Superseded = _waiting[0].Superseded + _dropped });
                _dropped = 0;
                return _waiting[0];
            }
        }
    }

    /// <summary>Adds a message at the end; an older one about the same problem is left out.</summary>
    public void Add(Notice notice)
    {
        lock (_gate)
        {
            var older = notice.State == NoticeState.Event ? null : _waiting.Find(waiting => waiting.Notice.State != NoticeState.Event && waiting.Notice.Key == notice.Key);
            _waiting = (older is null ? _waiting : _waiting.Remove(older)).Add(new Outgoing(notice, older is null ? 0 : older.Superseded + 1));
            if (_waiting.Count > capacity)
            {
                _waiting = _waiting.Remove(_waiting.Find(waiting => waiting.Notice.State == NoticeState.Event) ?? _waiting[0]);
                _dropped++;
            }
        }
    }

    /// <summary>Forgets a message, unless a newer one has taken its place meanwhile.</summary>
    public void Done(Outgoing sent)
    {
        lock (_gate)
        {
            _waiting = _waiting.RemoveAll(waiting => ReferenceEquals(waiting, sent));
        }
    }
}
