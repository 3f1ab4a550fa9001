using System.Runtime.CompilerServices;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>The events of one walk: one for a rule, verdict and caller, so that all who went the same way share their track.</summary>
internal sealed class WalkEvents(PacketContext context, Table table)
{
    private readonly Dictionary<(Rule Rule, string Verdict, Call? Caller), Event> _events = new(ByReference.Instance);
    private readonly Dictionary<Rule, Call> _calls = new(ReferenceEqualityComparer.Instance);

    /// <summary>What a rule of a chain decided, or why it is in doubt.</summary>
    public Event Of(Rule rule, string verdict, Chain chain, Call? caller, bool isDoubt)
    {
        if (!_events.TryGetValue((rule, verdict, caller), out var known))
        {
            _events[(rule, verdict, caller)] = known = new(context.Packet, context.Hook, table, chain, rule, verdict, isDoubt) { Caller = caller };
        }

        return known;
    }

    /// <summary>A rule of a chain as the caller of another chain.</summary>
    public Call CallOf(Rule rule, Chain chain)
    {
        if (!_calls.TryGetValue(rule, out var known))
        {
            _calls[rule] = known = new(chain, rule);
        }

        return known;
    }

    // Rules are the same when they are the same object: comparing their steps would cost more than the walk.
    private sealed class ByReference : IEqualityComparer<(Rule Rule, string Verdict, Call? Caller)>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals((Rule Rule, string Verdict, Call? Caller) x, (Rule Rule, string Verdict, Call? Caller) y) =>
            ReferenceEquals(x.Rule, y.Rule) && ReferenceEquals(x.Caller, y.Caller) && x.Verdict == y.Verdict;

        public int GetHashCode((Rule Rule, string Verdict, Call? Caller) obj) =>
            HashCode.Combine(RuntimeHelpers.GetHashCode(obj.Rule), obj.Verdict, RuntimeHelpers.GetHashCode(obj.Caller));
    }
}
