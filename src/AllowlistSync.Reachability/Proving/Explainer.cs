using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Walks one packet, and what follows it, through the chains, rule by rule. Pure.</summary>
public static class Explainer
{
    // A rule set in which a packet meets more rules is not explained by listing them.
    private const long Budget = 1_000_000;

    /// <summary>Every rule that the packets of one handshake meet, in order.</summary>
    /// <param name="ruleSet">The rules.</param>
    /// <param name="question">Interface, own addresses and gateway; its sources and ports are not looked at.</param>
    /// <param name="source">One address.</param>
    /// <param name="port">One port.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static ImmutableArray<ExplainStep> Explain(RuleSet ruleSet, Question question, IpPrefix source, PortRange port, CancellationToken cancellationToken)
    {
        var facts = RuleSetFacts.Of(ruleSet);
        var talk = Conversations.Of(ruleSet, facts, question, source.Family, new PortClass(port.Protocol, NumberSet.Of(port.First, port.Last)));
        var log = new Log();
        new Handshake(facts, talk, Budget, log, cancellationToken).Run(NumberSet.Of(source.First, source.Last));
        return log.ToSteps();
    }

    private sealed class Log : IWalkWatcher
    {
        private readonly ImmutableArray<ExplainStep>.Builder _steps = ImmutableArray.CreateBuilder<ExplainStep>();

        public ImmutableArray<ExplainStep> ToSteps() => _steps.ToImmutable();

        public void Looked(Look look)
        {
            var outcome = look.IsDoubtful || (look.Matches && look.Rule.Steps.OfType<UnknownStatement>().Any()) ? ExplainOutcome.Unknown
                : look.Matches ? ExplainOutcome.Matched : ExplainOutcome.NotMatched;
            _steps.Add(new ExplainStep(Words.Of(look.Context.Packet), Words.Of(look.Context.Hook), $"{look.Table}, chain {look.Chain.Name}", look.Rule.Text.ToString(), outcome, Why(look, outcome))
            {
                Depth = look.Depth,
                Number = look.Rule.Number,
                Verdict = outcome == ExplainOutcome.NotMatched ? "" : StepText.Of(look.Rule.Steps),
            });
        }

        public void AtPolicy(PacketContext context, Table table, Chain chain)
        {
            var policy = chain.Base!.DropsByDefault ? "drop" : "accept";
            _steps.Add(new ExplainStep(Words.Of(context.Packet), Words.Of(context.Hook), $"{table}, chain {chain.Name}", $"policy {policy}", ExplainOutcome.Matched, "") { Verdict = policy });
        }

        private static string Why(Look look, ExplainOutcome outcome) => (outcome, look.Decisive) switch
        {
            (ExplainOutcome.NotMatched, { } condition) => $"asks for {StepText.Of(condition)}",
            (ExplainOutcome.Unknown, { } condition) => DoubtText.Of(condition),
            (ExplainOutcome.Unknown, _) => look.Rule.Steps.OfType<UnknownStatement>().Select(DoubtText.Of).FirstOrDefault() ?? "not known",
            _ => "",
        };
    }
}
