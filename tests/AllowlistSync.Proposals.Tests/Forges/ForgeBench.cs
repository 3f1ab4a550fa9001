using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Proposals.Forges;
using AllowlistSync.TestKit;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>A forge of ours, a server for it, and a repository with a branch that can be proposed.</summary>
internal sealed class ForgeBench : IAsyncDisposable
{
    public const string Branch = "allowlist-sync/cloudflare";

    private ForgeBench(ForgeServer server)
    {
        Server = server;
        Forge = Of(server.Token);
    }

    public ForgeServer Server { get; }

    public LeapTime Time { get; } = new();

    /// <summary>A forge that signs in with the right token.</summary>
    public IForge Forge { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What is opened unless a test says otherwise.</summary>
    public static PullRequestDraft Draft { get; } = new() { Branch = Branch, Base = "main", Title = "Update the ranges", Text = "+1 -0\n\nsee below" };

    public static async Task<ForgeBench> StartAsync(string type)
    {
        var repository = await BareRepository.CreateAsync(Ct, ("list", "one\n"));
        await repository.CommitAsync(Branch, "change", Ct, ("list", "two\n"));
        return await StartAsync(type, repository);
    }

    /// <summary>In front of a repository, which ends with it.</summary>
    public static async Task<ForgeBench> StartAsync(string type, BareRepository repository) => new(type switch
    {
        "github" => await GitHubServer.StartAsync(repository, null, Ct),
        "gitlab" => await GitLabServer.StartAsync(repository, null, Ct),
        _ => await GiteaServer.StartAsync(repository, null, Ct),
    });

    /// <summary>A forge that signs in with some token.</summary>
    public IForge Of(string token) => Of(new ForgeSettings(Server.Type, Server.ApiUrl, Server.Name) { Token = new Secret(token) });

    /// <summary>A forge of some settings.</summary>
    public IForge Of(ForgeSettings settings) => ForgeTable.All.Single(line => line.Type == settings.Type).Create(settings, Time);

    public ValueTask<PullRequest> OpenAsync() => Forge.OpenAsync(Draft, Ct);

    public async ValueTask<ImmutableArray<PullRequest>> FindAsync() => await Forge.FindAsync(Branch, "main", Ct);

    public async Task<string> HeadAsync() => (await Server.Repository.HeadAsync(Branch, Ct))!;

    /// <summary>How often something was asked of a path that ends so.</summary>
    public int Asked(string method, string end) => Server.Requests.Count(request => request.Method == method && request.Path.EndsWith(end, StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        Forge.Dispose();
        await Server.DisposeAsync();
        await Server.Repository.DisposeAsync();
    }
}
