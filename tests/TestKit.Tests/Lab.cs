using System.Diagnostics;

namespace AllowlistSync.TestKit.Tests;

/// <summary>A sandbox with listeners on 80 and 443 and a client, for the tests here; says how long the bring-up took.</summary>
internal sealed class Lab : IAsyncDisposable
{
    public static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(200);

    private Lab(Sandbox origin, PacketClient client, Listener listener)
    {
        Origin = origin;
        Client = client;
        Listener = listener;
    }

    public Sandbox Origin { get; }

    public PacketClient Client { get; }

    public Listener Listener { get; }

    public static async Task<Lab> StartAsync(CancellationToken ct)
    {
        long start = Stopwatch.GetTimestamp();
        var origin = await Sandbox.StartAsync(SandboxOptions.Default, ct);
        double sandbox = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var client = await origin.ConnectClientAsync(ct);
        double joined = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var listener = await Listener.StartAsync(origin, 80, 443);
        Say($"{origin.Name}: sandbox {sandbox:F0} ms, client {joined - sandbox:F0} ms");
        return new Lab(origin, client, listener);
    }

    public static void Say(string line)
    {
        TestContext.Current.SendDiagnosticMessage("{0}", line);
        TestContext.Current.TestOutputHelper?.WriteLine(line);
    }

    public async Task NftAsync(string script, CancellationToken ct)
    {
        (await Origin.RunAsync(["nft", "-f", "-"], script, ct: ct)).EnsureSuccess();
    }

    public async ValueTask DisposeAsync()
    {
        await Listener.DisposeAsync();
        await Client.DisposeAsync();
        await Origin.DisposeAsync();
    }
}
