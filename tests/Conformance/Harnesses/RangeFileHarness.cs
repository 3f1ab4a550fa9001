using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.RangeFiles;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>A file that a real nginx includes, checked and reloaded by nginx itself.</summary>
public sealed class RangeFileHarness : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => "file for nginx";

    /// <inheritdoc/>
    public ProviderRegistration Registration => RangeFileRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["nginx"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["A4", "A6", "L2", "O1", "O2", "O4", "P2", "R3", "R4", "S5", "T6"];

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => await RangeFileTarget.StartAsync(cancellationToken);
}
