using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Csf;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>CSF with lists of its operator: the real one where this machine has it, else the stand-in.</summary>
public sealed class CsfHarness : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => CsfInstallation.IsReal ? "csf" : "csf (stand-in)";

    /// <inheritdoc/>
    public ProviderRegistration Registration => CsfRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => [.. CsfInstallation.Programs];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["L2", "P2", "O1", "O4", "T6"];

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => await CsfTarget.StartAsync(cancellationToken);
}
