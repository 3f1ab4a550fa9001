using System.Collections.Immutable;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync.Configuration;

/// <summary>
/// Hosts that are reached alike, under one name of <c>hosts</c>. A target with <c>host: fleet</c> stands for one target for each of them, named <c>web@</c> and the place of the host in its address, so that no
/// name depends on what else is in the group.
/// </summary>
/// <param name="Name">The name.</param>
/// <param name="Hosts">The addresses, as they are written.</param>
/// <param name="Options">How they are signed in to.</param>
public sealed record HostGroup(string Name, ImmutableArray<string> Hosts, SshOptions Options)
{
    /// <summary>The name of a target on one of the hosts.</summary>
    public static string NameOn(string target, string host) => $"{target}@{SshAddress.Parse(host).Place}";
}
