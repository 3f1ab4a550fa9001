using System.Net;
using System.Net.Sockets;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.RangeFiles;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Stories;

/// <summary>A list of ours in the web servers of Debian: whose word about the visitor is believed, and who gets in at all.</summary>
public sealed class WebServerStories
{
    // Only a test that fails waits for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly IPAddress[] Edges = [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("2400:cb00::1")];
    private static readonly IPAddress[] Strangers = [IPAddress.Parse("9.9.9.9"), IPAddress.Parse("2620:fe::fe")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Restoring => [.. WebServer.Restoring.Select(server => $"{server}")];

    public static TheoryData<string> Closing => [.. WebServer.Closing.Select(server => $"{server}")];

    [Theory]
    [MemberData(nameof(Restoring))]
    public async Task The_visitor_behind_an_edge_is_seen_and_a_stranger_who_says_so_is_not_believed(string name)
    {
        var server = WebServer.Restoring.Single(server => $"{server}" == name);
        await using var story = await Story.StartAsync(server);
        await story.ApplyAsync("203.0.113.0/25");
        foreach (var address in Edges.Concat(Strangers))
        {
            await ExpectVisitorAsync(story, address, $"{address}");
        }

        await story.ApplyAsync("104.16.0.0/13", "2400:cb00::/32");

        foreach (var edge in Edges)
        {
            await ExpectVisitorAsync(story, edge, EdgeRequest.Visitor);
        }

        foreach (var stranger in Strangers)
        {
            await ExpectVisitorAsync(story, stranger, $"{stranger}");
        }

        await story.ApplyAsync("172.64.0.0/13", "2400:cb00::/32");
        await ExpectVisitorAsync(story, Edges[0], $"{Edges[0]}");
        await ExpectVisitorAsync(story, Edges[1], EdgeRequest.Visitor);
    }

    [Theory]
    [MemberData(nameof(Closing))]
    public async Task Nobody_but_the_list_gets_in(string name)
    {
        var server = WebServer.Closing.Single(server => $"{server}" == name);
        await using var story = await Story.StartAsync(server);

        await story.ApplyAsync("104.16.0.0/13", "2400:cb00::/32");

        await EventuallyAsync(story, Edges[0], "404");
        await EventuallyAsync(story, Edges[1], "404");
        await EventuallyAsync(story, Strangers[0], "403");
        await EventuallyAsync(story, Strangers[1], "403");
    }

    private static Task ExpectVisitorAsync(Story story, IPAddress from, string visitor) => EventuallyAsync(story, from, visitor);

    // An old worker that lets go of its port may turn away who came to it: then there is no answer yet.
    private static async Task<string> SeenAsync(Story story, IPAddress from, bool isStatus)
    {
        try
        {
            return Seen(await EdgeRequest.SendAsync(story.Client, from, Ct), isStatus);
        }
        catch (SocketException turnedAway)
        {
            return turnedAway.Message;
        }
    }

    // A reload takes a moment after its command has ended.
    private static async Task EventuallyAsync(Story story, IPAddress from, string expected)
    {
        var start = TimeProvider.System.GetTimestamp();
        string answer;
        do
        {
            answer = await SeenAsync(story, from, expected.Length == 3);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct);
        }
        while (answer != expected && TimeProvider.System.GetElapsedTime(start) < Patience);

        answer.ShouldBe(expected, $"{from}");
    }

    // Apache tells it in a header, the others in the body.
    private static string Seen(string answer, bool isStatus)
    {
        if (isStatus)
        {
            return answer.Split(' ').ElementAtOrDefault(1) ?? "";
        }

        var header = answer.Split("\r\n").FirstOrDefault(line => line.StartsWith("X-Visitor: ", StringComparison.Ordinal));
        return header is null ? answer.TrimEnd().Split('\n')[^1].Trim() : header["X-Visitor: ".Length..];
    }

    /// <summary>A host with one web server, and the program on it.</summary>
    private sealed class Story : IAsyncDisposable
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-story-");
        private readonly Sandbox _sandbox;
        private readonly IFirewallProvider _provider;
        private readonly Installation _program;
        private readonly Target _target = new() { Name = "web", Provider = "file", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80)) };

        private Story(Sandbox sandbox, PacketClient client, WebServer server)
        {
            _sandbox = sandbox;
            Client = client;
            _provider = RangeFileRegistration.Line.Create(server.Settings, new ProviderPlace(SandboxHost.Of(sandbox), new ChainModel()));
            _program = new Installation(_directory.FullName, TimeProvider.System);
        }

        public PacketClient Client { get; }

        public static async Task<Story> StartAsync(WebServer server)
        {
            Needs.Sandbox(server.Name);
            var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
            var story = new Story(sandbox, await sandbox.ConnectClientAsync(Ct), server);
            await sandbox.WriteFileAsync("/etc/edge.conf", server.Configuration, ct: Ct);

            // The include must find a file before the server is started for the first time; nobody is in it.
            var mark = $"# allowlist-sync: allowlist-sync/web\n{(server.Format == "apache-require" ? "Require ip 192.0.2.77\n" : "")}";
            await sandbox.WriteFileAsync(WebServer.List, mark, ct: Ct);
            (await sandbox.RunAsync(["sh", "-ec", $"({server.Start}) >/run/started 2>&1 || {{ cat /run/started; exit 1; }}"], ct: Ct)).EnsureSuccess();
            (await sandbox.RunAsync(["sh", "-c", server.HasStarted], timeout: Patience, ct: Ct)).EnsureSuccess();
            return story;
        }

        public async Task ApplyAsync(params string[] list)
        {
            var report = await _program.RunAsync(_provider, _target, Lists.Of(list), Installation.Apply(), Ct);
            report.Status.ShouldBe(TargetStatus.Applied, $"{report.Error}");
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            await _sandbox.DisposeAsync();
            _directory.Delete(recursive: true);
        }
    }
}
