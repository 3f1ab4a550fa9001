using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Walks one packet through the chains. Pure.</summary>
public static class Explainer
{
    /// <summary>The rules that a packet meets, in the order of its way; of all three packets of the handshake.</summary>
    public static ImmutableArray<ExplainStep> Explain(RuleSet ruleSet, Question question, IpPrefix source, PortRange port) => throw new NotSupportedException("not here yet");
}
