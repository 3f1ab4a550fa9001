using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Sees every rule that a walk looks at; for explaining one packet.</summary>
internal interface IWalkWatcher
{
    /// <summary>A rule was looked at.</summary>
    void Looked(Look look);

    /// <summary>The end of a base chain was reached.</summary>
    void AtPolicy(PacketContext context, Table table, Chain chain);
}

/// <summary>One look at a rule.</summary>
/// <param name="Context">The packet and the hook.</param>
/// <param name="Table">The table.</param>
/// <param name="Chain">The chain.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Matches">Whether it matches, or may match.</param>
/// <param name="Decisive">The condition that does not hold, or that is not known; null when nothing is in doubt.</param>
/// <param name="IsDoubtful">Whether it is only possible that it matches.</param>
internal sealed record Look(PacketContext Context, Table Table, Chain Chain, Rule Rule, bool Matches, Condition? Decisive, bool IsDoubtful)
{
    /// <summary>How many jumps deep; 0 in a base chain.</summary>
    public int Depth { get; init; }
}
