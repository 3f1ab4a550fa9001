using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel.Scripts;

/// <summary>What became of a script.</summary>
/// <param name="Difference">What the model says otherwise than the host; null when they agree.</param>
/// <param name="IsRefused">The tool refused it.</param>
/// <param name="IsCautious">The tool took it, and the model said that it does not know.</param>
internal sealed record ScriptOutcome(string? Difference, bool IsRefused, bool IsCautious);

/// <summary>A host, and the model of it.</summary>
internal sealed class ScriptTrial(Sandbox host) : IAsyncDisposable
{
    private static readonly Dictionary<ScriptLanguage, string[]> Tools = new()
    {
        [ScriptLanguage.Ipset] = ["ipset", "restore"],
        [ScriptLanguage.IptablesLegacy] = ["iptables-legacy-restore", "--noflush", "-w", "5"],
        [ScriptLanguage.IptablesNft] = ["iptables-nft-restore", "--noflush"],
        [ScriptLanguage.Ip6tablesLegacy] = ["ip6tables-legacy-restore", "--noflush", "-w", "5"],
        [ScriptLanguage.Ip6tablesNft] = ["ip6tables-nft-restore", "--noflush"],
        [ScriptLanguage.Nft] = ["nft", "-f", "-"],
    };

    private static readonly Proving.Question Everything = new()
    {
        Sources = PrefixSet.Of(IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("::/0")),
        Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443), PortRange.Tcp(8443)),
        Interface = HandshakeLab.Interface,
        GatewayAddress = KernelHost.ClientMac,
    };

    public static async Task<ScriptTrial> StartAsync(IEnumerable<Load> loads, CancellationToken ct)
    {
        var trial = new ScriptTrial(await Sandbox.StartAsync(SandboxOptions.Default, ct));
        await KernelHost.LoadAsync(trial.RunAsync, loads, ct);
        return trial;
    }

    /// <summary>The model of the host as it is.</summary>
    public async Task<RuleSet> ReadAsync(CancellationToken ct) => RuleSetReader.Read(await KernelHost.DumpAsync(RunAsync, ct)) with { Host = KernelHost.Facts(new HandshakeOptions()) };

    /// <summary>Lets the tools carry out the scripts of a change, and the model, and compares the two.</summary>
    /// <param name="before">The model of the host as it is.</param>
    /// <param name="change">The scripts.</param>
    /// <param name="comparesText">Whether the rules must have the same text, and not the same verdicts only: nft and iptables print a rule each in its own words.</param>
    /// <param name="ct">Stops all of it.</param>
    public async Task<ScriptOutcome> CompareAsync(RuleSet before, ImmutableArray<ChangeScript> change, bool comparesText, CancellationToken ct)
    {
        var (model, isRefused) = (before, false);
        foreach (var script in change)
        {
            model = ChangeScripts.Apply(model, script);
            var said = await RunAsync(Tools[script.Language], script.Text, ct);
            if (said.ExitCode != 0)
            {
                isRefused = true;
                return new(model.Gaps.Length > before.Gaps.Length ? null : $"refused by the tool and not by the model: {said.StdErr}", isRefused, IsCautious: false);
            }

            if (model.Gaps.Length > before.Gaps.Length)
            {
                return new(model.Gaps[^1].Message, isRefused, IsCautious: true);
            }
        }

        return new(Difference(model, await ReadAsync(ct), comparesText, ct), isRefused, IsCautious: false);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private static string? Difference(RuleSet model, RuleSet fresh, bool comparesText, CancellationToken ct)
    {
        var (expected, found) = comparesText ? (ModelText.Of(fresh), ModelText.Of(model)) : ([], []);
        var text = expected.Except(found).Select(line => $"- {line}").Concat(found.Except(expected).Select(line => $"+ {line}")).ToList();
        var (proved, modelled) = (ModelText.Of(Prover.Prove(fresh, Everything, ct)), ModelText.Of(Prover.Prove(model, Everything, ct)));
        var proof = proved.Except(modelled).Select(line => $"- {line}").Concat(modelled.Except(proved).Select(line => $"+ {line}")).ToList();
        return text.Count + proof.Count == 0 ? null : string.Join('\n', text.Take(12).Concat(proof.Take(12)));
    }

    private Task<SandboxResult> RunAsync(IReadOnlyList<string> argv, string? stdin, CancellationToken ct) => host.RunAsync(argv, stdin, ct: ct);
}
