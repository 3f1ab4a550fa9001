using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>One rule set in one kernel, and the proof that is made of what the tools of that host print.</summary>
internal sealed class Trial : IAsyncDisposable
{
    private readonly HandshakeLab _lab;

    private Trial(HandshakeLab lab, ImmutableArray<Dump> dumps, Proof proof)
    {
        _lab = lab;
        Dumps = dumps;
        Proof = proof;
    }

    /// <summary>What was read.</summary>
    public ImmutableArray<Dump> Dumps { get; }

    /// <summary>For all sources and the lab's ports.</summary>
    public Proof Proof { get; }

    /// <summary>Loads, dumps, reads and proves.</summary>
    public static async Task<Trial> StartAsync(IEnumerable<Load> loads, HandshakeOptions options, CancellationToken ct)
    {
        var lab = await HandshakeLab.StartAsync(options, ct);
        try
        {
            await KernelHost.LoadAsync(lab.RunAsync, loads, ct);
            var dumps = await KernelHost.DumpAsync(lab.RunAsync, ct);
            var rules = RuleSetReader.Read(dumps) with { Host = KernelHost.Facts(options) };
            return new Trial(lab, dumps, Prover.Prove(rules, Everything(options), ct));
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the kernel, and again where it does not bear the proof out: a machine that is busy looks like a drop.</summary>
    public async Task<List<Comparison>> CompareAsync(IReadOnlyList<HandshakeProbe> probes, HandshakeBudget budget, CancellationToken ct)
    {
        var comparisons = Comparison.Of(await _lab.ProbeAsync(probes, budget, ct), Proof).ToList();
        var doubtful = comparisons.FindAll(comparison => comparison is { Difference: not null, IsOpen: false });
        if (doubtful.Count > 0)
        {
            var again = Comparison.Of(await _lab.ProbeAsync([.. doubtful.Select(comparison => comparison.Kernel.Probe)], HandshakeBudget.Patient, ct), Proof);
            foreach (var (first, second) in doubtful.Zip(again))
            {
                comparisons[comparisons.IndexOf(first)] = second;
            }
        }

        return comparisons;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private static Proving.Question Everything(HandshakeOptions options) => new()
    {
        Sources = PrefixSet.Of(IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("::/0")),
        Ports = PortSet.Of(options.Ports.Select(port => PortRange.Tcp((ushort)port))),
        Interface = HandshakeLab.Interface,
        GatewayAddress = KernelHost.ClientMac,
    };
}
