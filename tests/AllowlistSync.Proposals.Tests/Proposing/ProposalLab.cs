using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using AllowlistSync.Proposals.Forges;
using AllowlistSync.Proposals.Git;
using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Proposals.Rewriting;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.TestKit;

namespace AllowlistSync.Proposals.Tests.Proposing;

/// <summary>A repository, a forge and a proposer that runs again and again, with whatever list there is.</summary>
internal sealed class ProposalLab(BareRepository remote, IForge? forge) : IAsyncDisposable
{
    public const string Branch = "allowlist-sync/cloudflare";
    public const string FilePath = "nginx/realip.conf";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public BareRepository Remote { get; } = remote;

    public ImmutableArray<string> List { get; set; } = ["104.16.0.0/13", "2400:cb00::/32"];

    public ProposalSpec Spec { get; set; } = new()
    {
        Name = "infra",
        Remote = new GitRemote(remote.Url),
        Base = "main",
        Branch = Branch,
        Title = "Update the ranges of cloudflare",
        Files = [new ProposalFile(FilePath, new WholeFilePlace(RangeFormats.Find("nginx-realip")!, new RangeFileLabel("web-1/infra")), ["cloudflare"])],
    };

    /// <summary>A repository whose file holds the list of yesterday.</summary>
    public static async Task<ProposalLab> StartAsync(IForge? forge)
    {
        var old = RangeFormats.Find("nginx-realip")!.WriteText([IpPrefix.Parse("104.16.0.0/13")], new RangeFileLabel("web-1/infra"));
        return new ProposalLab(await BareRepository.CreateAsync(Ct, (FilePath, old), ("README", "read me\n")), forge);
    }

    /// <summary>One run of a runner; each has a clone of its own.</summary>
    public ValueTask<ProposalReport> RunAsync(bool isLook = false, string runner = "clone") => new Proposer(new LocalHost(), TimeProvider.System).ProposeAsync(Spec, forge, Remote.CloneAt(runner), Context() with { IsLook = isLook }, Ct);

    public ProposalContext Context() => new()
    {
        Lists = new Dictionary<string, SourceOutcome>(StringComparer.Ordinal) { ["cloudflare"] = new() { Name = "cloudflare", InForce = Accepted() } },
    };

    public ValueTask DisposeAsync() => Remote.DisposeAsync();

    private AcceptedRanges Accepted()
    {
        var prefixes = List.Select(text => IpPrefix.Parse(text)).ToImmutableArray();
        var snapshot = new RangeSnapshot { Source = "cloudflare", Kind = SourceKind.Cloudflare, Published = prefixes, Ranges = PrefixSet.Of(prefixes), ETag = "38f79d05", FetchedAt = DateTimeOffset.UnixEpoch, Provenance = Provenance.Live };
        return GuardChain.FallBack(new SourceMemory(snapshot, snapshot.Ranges, []))!;
    }
}
