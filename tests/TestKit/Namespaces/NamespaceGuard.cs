namespace AllowlistSync.TestKit;

/// <summary>
/// Refuses to work on this machine's own namespaces: tests write firewalls, routes and files, and must do so nowhere else than in a sandbox.
/// The machine's own ones are those of this process, always, and those of PID 1, where they may be read: that takes all capabilities
/// that PID 1 has (ptrace(2), access mode checking), which root in a container or under a restricted supervisor lacks.
/// </summary>
internal static class NamespaceGuard
{
    /// <summary>The identity of a namespace, such as <c>net:[4026531840]</c>.</summary>
    /// <param name="process">A process id, <c>self</c> or <c>thread-self</c>.</param>
    /// <param name="kind"><c>net</c>, <c>mnt</c>, <c>pid</c>, ... (namespaces(7)).</param>
    /// <exception cref="InvalidOperationException">The process has ended, or may not be looked at.</exception>
    internal static string IdentityOf(string process, string kind)
    {
        return TryIdentityOf(process, kind)
            ?? throw new InvalidOperationException($"The {kind} namespace of process {process} cannot be read: it has ended, or may not be looked at.");
    }

    /// <summary>Throws when the namespace is this machine's own, or cannot be told.</summary>
    internal static void DemandForeign(string process, string kind)
    {
        string identity = IdentityOf(process, kind);
        if (identity == IdentityOf("self", kind) || identity == TryIdentityOf("1", kind))
        {
            throw new InvalidOperationException($"Refused: {identity} is this machine's own {kind} namespace, not a sandbox. Nothing was changed.");
        }
    }

    private static string? TryIdentityOf(string process, string kind)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/{kind}").LinkTarget;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
