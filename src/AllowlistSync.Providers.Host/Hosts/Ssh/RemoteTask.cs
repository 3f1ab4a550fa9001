using System.Collections.Immutable;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>A script for the other side that runs to its end.</summary>
/// <param name="What">What it does, for messages.</param>
/// <param name="Script">The script.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Limit">How long it may take.</param>
internal sealed record RemoteTask(string What, string Script, ImmutableArray<string> Arguments, TimeSpan Limit)
{
    /// <summary>Its input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Set when it changes nothing, so that it may be run again when the connection was lost in the middle.</summary>
    public bool OnlyLooks { get; init; }
}
