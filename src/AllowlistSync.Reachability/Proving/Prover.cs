using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Answers a question about a rule set. Pure.</summary>
public static class Prover
{
    /// <summary>The verdict for each part of the asked traffic.</summary>
    public static Proof Prove(RuleSet ruleSet, Question question, CancellationToken cancellationToken) => throw new NotSupportedException("not here yet");
}
