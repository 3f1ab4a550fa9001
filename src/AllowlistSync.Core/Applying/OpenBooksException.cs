using AllowlistSync.Core.State;

namespace AllowlistSync.Core.Applying;

/// <summary>A change was undone, and the state could not be told: the firewall is as it was, its receipt still names the change.</summary>
public sealed class OpenBooksException(StateException failure)
    : Exception($"the change is undone: the firewall is as it was before; but that could not be written down: {failure.Message}", failure)
{
    /// <summary>What a person can do.</summary>
    public string Remedy { get; } = "make room on the disk or make the state writable, then run `allowlist-sync rollback`, which writes it down; until then the state calls the change made";
}
