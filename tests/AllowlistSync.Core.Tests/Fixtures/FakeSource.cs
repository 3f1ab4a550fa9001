using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Tests.Fixtures;

/// <summary>A source that publishes what a test says, or does not answer.</summary>
internal sealed class FakeSource(TimeProvider time) : IRangeSource
{
    public string Name => "cloudflare";

    public SourceKind Kind { get; init; } = SourceKind.Cloudflare;

    public RangeSnapshot? Embedded { get; set; }

    /// <summary>What it lists; null when it cannot be reached.</summary>
    public string[]? Lists { get; set; } = Fixtures.Lists.Cloudflare;

    /// <summary>Set when its answer is no list.</summary>
    public bool Garbled { get; set; }

    public PublicationDisagreement? Disagreement { get; set; }

    public ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken)
    {
        if (Garbled)
        {
            throw new SourceException(new Refusal("not-a-list", "source cloudflare: the answer is HTML", "look at the address with a browser"), answered: true);
        }

        return Lists is null
            ? throw new SourceException(new Refusal("not-reachable", "source cloudflare: no answer within 10 s", "check DNS and the proxy"), answered: false)
            : ValueTask.FromResult(Fixtures.Lists.Snapshot(Lists, Kind, time.GetUtcNow()) with { Disagreement = Disagreement });
    }
}
