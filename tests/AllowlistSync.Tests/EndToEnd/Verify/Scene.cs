using System.Globalization;
using System.Text.Json.Nodes;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>A host with a firewall, the built program on it, and visitors from any address who try what the program says.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Sandbox _sandbox;
    private readonly HandshakeLab _lab;

    private Scene(Sandbox sandbox, HandshakeLab lab) => (_sandbox, _lab) = (sandbox, lab);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Somebody listens on 80, 443 and 8443: on the host, or in the container where there is one.</summary>
    public static async Task<Scene> StartAsync(HandshakeContainer? container = null, params string[] programs)
    {
        Needs.Sandbox(["nft", .. programs]);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = Origin.RuntimeRoot };
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default with { Environment = environment }, Ct);
        try
        {
            return new Scene(sandbox, await HandshakeLab.JoinAsync(sandbox, new HandshakeOptions { Container = container }, Ct));
        }
        catch
        {
            await sandbox.DisposeAsync();
            throw;
        }
    }

    /// <summary>A host with these nftables rules.</summary>
    public static Task<Scene> NftAsync(string rules) => LoadedAsync(rules, "nft", "-f", "-");

    /// <summary>A host with rules loaded by a program from its standard input.</summary>
    public static async Task<Scene> LoadedAsync(string rules, params string[] loader)
    {
        var scene = await StartAsync(null, loader[0]);
        await scene.LoadAsync(rules, loader);
        return scene;
    }

    public async Task LoadAsync(string rules, params string[] loader) => (await _sandbox.RunAsync(loader, rules + "\n", ct: Ct)).EnsureSuccess();

    /// <summary>Runs a program, which must end well.</summary>
    public async Task<string> ShellAsync(params string[] argv) => (await _sandbox.RunAsync(argv, timeout: Patience, ct: Ct)).EnsureSuccess().StdOut;

    /// <summary>Runs a program, however it ends.</summary>
    public Task<SandboxResult> TryAsync(params string[] argv) => _sandbox.RunAsync(argv, timeout: Patience, ct: Ct);

    public Task WriteAsync(string path, string text) => _sandbox.WriteFileAsync(path, text, ct: Ct);

    public Task<string> ReadAsync(string path) => _sandbox.ReadFileAsync(path, Ct);

    /// <summary>What an administrator types on that host.</summary>
    public async Task<Outcome> VerifyAsync(params string[] arguments)
    {
        var outcome = Outcome.Of(await _sandbox.RunAsync([Origin.Program, "verify", .. arguments], timeout: Patience, ct: Ct));
        TestContext.Current.TestOutputHelper?.WriteLine($"$ allowlist-sync verify {string.Join(' ', arguments)}\n{outcome.StdOut}{outcome.StdErr}exit {outcome.ExitCode}\n");
        return outcome;
    }

    /// <summary>
    /// Asks for the verdicts as JSON and lets a visitor from the first and the last address of each piece connect: what is accepted must
    /// get in, what is blocked must be blocked in the way that was said. What is unknown is not tried. Gives the pieces.
    /// </summary>
    public async Task<IReadOnlyList<ScenePiece>> ConfirmAsync(params string[] arguments)
    {
        var json = Outcome.Of(await _sandbox.RunAsync([Origin.Program, "verify", .. arguments, "--output", "json"], timeout: Patience, ct: Ct)).Json;
        var pieces = json["verdicts"]!.AsArray().Select(piece => ScenePiece.Of(piece!)).ToList();
        var tries = pieces.Where(piece => piece.Verdict != "unknown").SelectMany(piece => piece.Probes.Select(probe => (piece, probe))).ToList();
        var results = await _lab.ProbeAsync([.. tries.Select(each => each.probe)], HandshakeBudget.Patient, Ct);

        results.Zip(tries).Where(each => !each.Second.piece.Fits(each.First)).Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Second.piece} but {each.First}"))
            .ShouldBeEmpty("packets went another way than the program says");
        return pieces;
    }

    /// <summary>How far visitors from an address come.</summary>
    public async Task<Handshake> TryAsync(string source, int port) =>
        (await _lab.ProbeAsync([new HandshakeProbe(System.Net.IPAddress.Parse(source), port)], HandshakeBudget.Patient, Ct))[0].Handshake;

    /// <summary>Waits until a condition holds.</summary>
    public static Task UntilAsync(Func<Task<bool>> condition, string what) => Origin.UntilAsync(condition, what);

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        await _sandbox.DisposeAsync();
    }
}

/// <summary>A line of the JSON of <c>verify</c>.</summary>
internal sealed record ScenePiece(string From, int Port, string Verdict, string? How, int? Sees, string? Rule, string? Where)
{
    /// <summary>Visitors from its ends.</summary>
    public IEnumerable<HandshakeProbe> Probes => ProbePlan.For(From).Inside.Select(source => new HandshakeProbe(source, Port));

    public override string ToString() => $"{From} on port {Port} is {Verdict} {How} by `{Rule}` in {Where}";

    public static ScenePiece Of(JsonNode json) => new(
        json["from"]!.GetValue<string>(), json["port"]!.GetValue<int>(), json["verdict"]!.GetValue<string>(),
        json["how"]?.GetValue<string>(), json["visitorSees"]?.GetValue<int>(), json["rule"]?.GetValue<string>(), json["where"]?.GetValue<string>());

    /// <summary>Whether the kernel did what the verdict says. An ICMPv6 reject may look like a drop (see TestKit).</summary>
    public bool Fits(HandshakeResult result) => (Verdict, How) switch
    {
        ("accepted", _) => result.Handshake == Handshake.Accepted,
        ("blocked", "drop") => result.Handshake == Handshake.TimedOut,
        ("blocked", "reject") => result.Handshake == Handshake.Refused || (result.Handshake == Handshake.TimedOut && From.Contains(':', StringComparison.Ordinal)),
        ("blocked", "answerDropped") => result.Handshake == Handshake.NoReply,
        ("blocked", "establishedDropped") => result.Handshake == Handshake.Half,
        _ => false,
    };
}
