using System.Collections.Immutable;
using System.Security.Cryptography;
using AllowlistSync.Commands;
using AllowlistSync.Configuration;
using AllowlistSync.Core.State;
using AllowlistSync.Output;
using AllowlistSync.Postgres.Connecting;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>What a daemon works with until its configuration is read again.</summary>
internal sealed record DaemonSetup
{
    /// <summary>The configuration.</summary>
    public required AllowlistConfig Config { get; init; }

    /// <summary>Its file.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>The first 12 hex digits of the SHA-256 of the file.</summary>
    public required string ConfigHash { get; init; }

    /// <summary>The memory.</summary>
    public required IStateStore State { get; init; }

    /// <summary>The log.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Where an undo is told that was due.</summary>
    public required Shell Shell { get; init; }

    /// <summary>The hosts over ssh: signed in to once, and again only when a connection broke.</summary>
    public required SshHosts Hosts { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The name of this node.</summary>
    public string Node { get; init; } = NodeName.Own;

    /// <summary>The database that several nodes share; null for a node of its own.</summary>
    public PostgresDatabase? Database { get; init; }

    /// <summary>The targets that all nodes share.</summary>
    public ImmutableArray<TargetConfig> Shared => Database is null ? [] : [.. Config.Targets.Where(StateStores.IsShared)];

    /// <summary>The targets of this node alone.</summary>
    public ImmutableArray<TargetConfig> Own => Database is null ? Config.Targets : [.. Config.Targets.Where(target => !StateStores.IsShared(target))];

    /// <summary>A session for one target; an undo of it that is due is made first.</summary>
    public async ValueTask<Session> OpenAsync(TargetConfig target, string runId, CancellationToken cancellationToken)
    {
        var session = new Session(Shell, new GlobalArguments(ConfigPath, OutputFormat.Text, []), Config with { Targets = [target] }, ConfigPath, [target], State, Hosts) { RunId = runId };
        await session.CarryOutDueUndoAsync(cancellationToken);
        return session;
    }

    /// <summary>Names the content of a configuration.</summary>
    public static string HashOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..12];
}
