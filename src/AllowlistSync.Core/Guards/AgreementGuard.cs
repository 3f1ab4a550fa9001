using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary><c>publications-disagree</c>: the API and the text lists of Cloudflare must hold the same addresses.</summary>
public sealed class AgreementGuard : IGuard
{
    /// <summary>The rule's id.</summary>
    public const string RuleId = "publications-disagree";

    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject)
    {
        if (subject.Candidate.Disagreement is { } disagreement)
        {
            yield return new Refusal(
                RuleId,
                $"source {subject.Candidate.Source}: only {disagreement.First} lists {List(disagreement.OnlyInFirst)}; only {disagreement.Second} lists {List(disagreement.OnlyInSecond)}",
                "Cloudflare's publications differ for a while around a change: nothing new is allowed until they agree; approve with `apply --accept FINGERPRINT` if you know which one is right",
                CanBeAccepted: true);
        }
    }

    private static string List(PrefixSet set)
    {
        const int Shown = 5;
        var prefixes = set.Prefixes().Take(Shown + 1).Select(prefix => prefix.ToString()).ToList();
        return prefixes.Count switch
        {
            0 => "nothing more",
            > Shown => $"{string.Join(", ", prefixes.Take(Shown))} and more",
            _ => string.Join(", ", prefixes),
        };
    }
}
