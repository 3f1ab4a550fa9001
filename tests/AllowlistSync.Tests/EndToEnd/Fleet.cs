using AllowlistSync.TestKit;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>The built program beside a real sshd. All hosts (h1, h2 and so on) are one sandbox under many names.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    private Fleet(Origin origin, SshServer server) => (Origin, Server) = (origin, server);

    public Origin Origin { get; }

    public SshServer Server { get; }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<Fleet> StartAsync(string groups, string targets, string more = "")
    {
        Needs.Sandbox([.. SshServer.Programs, "nft"]);
        var origin = await Origin.StartAsync();
        await origin.WriteAsync(Origin.ConfigPath, $"""
            version: 1
            sources:
              - name: cloudflare
                type: cloudflare
                apiUrl: {origin.Cloudflare.ApiUrl}
                textUrls: [{origin.Cloudflare.TextIPv4Url}, {origin.Cloudflare.TextIPv6Url}]
            state: {Origin.StatePath}
            hosts:
            {groups}
            targets:
            {targets}
            {more}

            """);
        return new Fleet(origin, await SshServer.StartAsync(origin.Sandbox, ct: Ct));
    }

    public static string Group(string name, IEnumerable<string> hosts, string timeout) => $"""
          {name}:
            hosts: [{string.Join(", ", hosts.Select(host => $"ssh://root@{host}"))}]
            connectTimeout: {timeout}
            identityFile: {SshServer.Place}/id

        """;

    public static string Target(string name, string group) => $"""
          - name: {name}
            provider: nftables
            host: {group}
            allow: [cloudflare]
            {ConfigText.RuleWay}

        """;

    public async Task<Outcome> RunAsync(params string[] arguments) =>
        Outcome.Of(await Origin.Sandbox.RunAsync([Origin.Program, .. arguments], timeout: TimeSpan.FromMinutes(8), ct: Ct));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Origin.DisposeAsync();
    }
}
