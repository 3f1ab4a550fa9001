using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Proving;

/// <summary>A rule set that can be asked, changed and compared. Immutable.</summary>
public sealed class LiveRules(RuleSet ruleSet) : ILiveRules
{
    /// <inheritdoc/>
    public ImmutableArray<string> Managers => RuleManagers.Of(ruleSet);

    /// <inheritdoc/>
    public Proof Prove(TrafficSet traffic, CancellationToken cancellationToken)
    {
        // What is asked of the same sources is asked at once, so that ports that no rule tells apart cost one walk.
        var proofs = traffic.Slices.GroupBy(slice => slice.Sources)
            .Select(group => Prover.Prove(ruleSet, new Question { Sources = group.Key, Ports = PortSet.Of(group.Select(slice => slice.Ports)) }, cancellationToken))
            .ToList();
        return new Proof([.. proofs.SelectMany(proof => proof.Pieces)], proofs.Count == 0 ? [] : proofs[0].Assumptions);
    }

    /// <inheritdoc/>
    public ILiveRules? After(ChangeScript script)
    {
        if (script.Text.Length == 0)
        {
            return this;
        }

        // A part of the change that is not understood is a gap of the result: nothing could be said of it.
        var after = ChangeScripts.Apply(ruleSet, script);
        return after.Gaps.Length > ruleSet.Gaps.Length ? null : new LiveRules(after);
    }

    /// <inheritdoc/>
    public SemanticDiff Compare(ILiveRules after, CancellationToken cancellationToken) =>
        after is LiveRules other ? ReferenceEquals(this, after) ? SemanticDiff.None : Differences.Between(ruleSet, other.RuleSet, cancellationToken)
        : throw new ArgumentException("Only rule sets of this model can be compared.", nameof(after));

    private RuleSet RuleSet => ruleSet;
}
