using AllowlistSync.TestKit;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Propose;

/// <summary>A host with a firewall, a repository, and a forge in front of the repository that the host reaches over its loopback.</summary>
internal sealed class ForgeOrigin(Origin origin, BareRepository remote, ForgeServer forge) : IAsyncDisposable
{
    public const string Branch = "allowlist-sync/cloudflare";
    private const string TokenFile = "/etc/allowlist-sync/token";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Origin Origin { get; } = origin;

    public BareRepository Remote { get; } = remote;

    public ForgeServer Forge { get; } = forge;

    /// <summary>The lines of a forge for the configuration, with its token in a file.</summary>
    public string ForgeLine => $"{{ type: {Forge.Type}, apiUrl: '{Forge.ApiUrl}', repository: {Forge.Name}, token: {{ file: {TokenFile} }} }}";

    public static async Task<ForgeOrigin> StartAsync(string type, params (string Path, string Content)[] files)
    {
        Needs.Sandbox("git", "jq", "curl");
        var remote = await BareRepository.CreateAsync(Ct, files);
        var origin = await Origin.StartAsync();
        ForgeServer forge = type switch
        {
            "github" => await GitHubServer.StartAsync(remote, origin.Sandbox, Ct),
            "gitlab" => await GitLabServer.StartAsync(remote, origin.Sandbox, Ct),
            _ => await GiteaServer.StartAsync(remote, origin.Sandbox, Ct),
        };
        await origin.Sandbox.WriteFileAsync(TokenFile, forge.Token, ct: Ct);
        await origin.ShellAsync("chmod", "600", TokenFile);
        return new ForgeOrigin(origin, remote, forge);
    }

    public async ValueTask DisposeAsync()
    {
        await Forge.DisposeAsync();
        await Origin.DisposeAsync();
        await Remote.DisposeAsync();
    }
}
