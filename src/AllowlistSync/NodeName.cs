using AllowlistSync.Core.Desired;

namespace AllowlistSync;

/// <summary>The name of this node: that of the machine, unless <c>ALLOWLIST_SYNC_NODE</c> gives another, as for containers, whose names come and go.</summary>
internal static class NodeName
{
    /// <summary>The variable.</summary>
    public const string Variable = "ALLOWLIST_SYNC_NODE";

    /// <summary>The name; what the variable holds is taken only when it is a name.</summary>
    public static string Own { get; } = Environment.GetEnvironmentVariable(Variable) is { } name && Owner.IsValidName(name) ? name : Environment.MachineName;
}
