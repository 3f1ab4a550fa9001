namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Traffic on its way: for each state that packets can be in, who is in it. Nearly always one state, sometimes three.</summary>
internal sealed class Flows
{
    private readonly List<Flow> _flows = [];

    public int Count => _flows.Count;

    public bool IsEmpty => _flows.TrueForAll(flow => flow.Space.IsEmpty);

    public Flow this[int index] => _flows[index];

    public IEnumerable<Flow> All => _flows.Where(flow => !flow.Space.IsEmpty);

    /// <summary>Adds traffic; it joins what is in the same state already.</summary>
    public void Add(PacketState state, Space space)
    {
        if (space.IsEmpty)
        {
            return;
        }

        foreach (var flow in _flows)
        {
            if (ReferenceEquals(flow.State, state) || flow.State == state)
            {
                flow.Space.Join(space);
                return;
            }
        }

        _flows.Add(new(state, space));
    }

    /// <summary>Adds all of other flows, which are empty afterwards.</summary>
    public void Add(Flows others)
    {
        foreach (var flow in others._flows)
        {
            Add(flow.State, flow.Space.TakeAll());
        }
    }

    /// <summary>The same traffic, to be led another way.</summary>
    public Flows Copy(Func<Track, Track> lead)
    {
        var copy = new Flows();
        foreach (var flow in All)
        {
            copy._flows.Add(new(flow.State, flow.Space.Map(lead)));
        }

        return copy;
    }

    /// <summary>Takes everything out.</summary>
    public Flows TakeAll()
    {
        var all = new Flows();
        all.Add(this);
        return all;
    }
}

/// <summary>Traffic in one state.</summary>
internal sealed record Flow(PacketState State, Space Space);
