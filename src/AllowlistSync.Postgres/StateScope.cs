namespace AllowlistSync.Postgres;

/// <summary>What all nodes share, and what is each node's own: two nodes may both have a firewall of their own under one name.</summary>
/// <param name="Node">The name of this node.</param>
/// <param name="IsSharedTarget">True for a target that is the same firewall whichever node works on it.</param>
/// <param name="IsSharedSource">True for a source that says the same to every node.</param>
public sealed record StateScope(string Node, Func<string, bool> IsSharedTarget, Func<string, bool> IsSharedSource)
{
    /// <summary>Stands between a name and its node.</summary>
    internal const string Of = " on ";

    /// <summary>The name of a target's rows. Names hold no blank; those of a group of hosts hold an @.</summary>
    internal string OfTarget(string target) => IsSharedTarget(target) ? target : target + Of + Node;

    /// <summary>The name of a source's rows.</summary>
    internal string OfSource(string source) => IsSharedSource(source) ? source : source + Of + Node;
}
