using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading;

/// <summary>Makes one rule set of the dumps of one host. Pure.</summary>
public static class RuleSetReader
{
    /// <summary>Reads the dumps, which may be of any kinds and come in any order, and merges what two of them say of the same table.</summary>
    /// <exception cref="DumpException">A dump cannot be read at all, or its kind cannot be told.</exception>
    public static RuleSet Read(IReadOnlyList<Dump> dumps) => throw new NotSupportedException("not here yet");
}
