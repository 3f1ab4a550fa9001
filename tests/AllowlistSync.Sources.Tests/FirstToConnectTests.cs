using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AllowlistSync.Sources.Http;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

public sealed class FirstToConnectTests : IDisposable
{
    private static readonly IPAddress s_stuck = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress s_good = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress s_closed = IPAddress.Parse("127.0.0.4");

    private readonly TcpListener _good = new(s_good, 0);
    private readonly Socket _stuck = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TcpClient _filler = new();

    public FirstToConnectTests()
    {
        _good.Start();
        _stuck.Bind(new IPEndPoint(s_stuck, Port));
        // Nobody accepts and the queue is full: what comes next waits as if every packet were dropped.
        _stuck.Listen(0);
        _filler.Connect(s_stuck, Port);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private int Port => ((IPEndPoint)_good.LocalEndpoint).Port;

    public void Dispose()
    {
        _good.Dispose();
        _stuck.Dispose();
        _filler.Dispose();
    }

    private async Task<EndPoint?> ConnectAsync(params IPAddress[] addresses)
    {
        await using var stream = (NetworkStream)await FirstToConnect.ToAnyAsync(addresses, Port, TimeProvider.System, Ct);
        return stream.Socket.RemoteEndPoint;
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_does_not_hold_up_the_next_one()
    {
        var watch = Stopwatch.StartNew();

        (await ConnectAsync(s_stuck, s_good)).ShouldBe(new IPEndPoint(s_good, Port));

        watch.Elapsed.ShouldBeInRange(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task An_address_that_refuses_gives_way_at_once()
    {
        (await ConnectAsync(s_closed, s_good)).ShouldBe(new IPEndPoint(s_good, Port));
    }

    [Fact]
    public async Task The_first_address_wins_when_it_answers()
    {
        (await ConnectAsync(s_good, s_stuck)).ShouldBe(new IPEndPoint(s_good, Port));
    }

    [Fact]
    public async Task When_all_refuse_the_reason_is_told()
    {
        var refused = await Should.ThrowAsync<SocketException>(ConnectAsync(s_closed, IPAddress.Parse("127.0.0.5")));

        refused.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var connecting = FirstToConnect.ToAnyAsync([s_stuck], Port, TimeProvider.System, cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(connecting.WaitAsync(TimeSpan.FromSeconds(5), Ct));
    }

    [Fact]
    public void The_families_take_turns()
    {
        IPAddress[] resolved = [IPAddress.Parse("2001:db8::1"), IPAddress.Parse("2001:db8::2"), IPAddress.Parse("192.0.2.1")];

        FirstToConnect.Alternate(resolved).Select(address => address.ToString()).ShouldBe(["2001:db8::1", "192.0.2.1", "2001:db8::2"]);
        FirstToConnect.Alternate([]).ShouldBeEmpty();
    }
}
