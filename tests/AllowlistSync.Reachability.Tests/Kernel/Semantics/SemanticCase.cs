using System.Collections.Immutable;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel.Semantics;

/// <summary>One claim about the packet filter, with the answers that it predicts. Checked on the kernel first, then on the proof.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Loads">The rule set that shows it.</param>
/// <param name="Answers">The predicted answers.</param>
internal sealed record SemanticCase(string Claim, ImmutableArray<Load> Loads, ImmutableArray<Prediction> Answers)
{
    /// <summary>Set when nobody listens on the host itself, but in a container behind it.</summary>
    public bool HasContainer { get; init; }

    public HandshakeOptions Options => new() { Container = HasContainer ? HandshakeContainer.Docker : null };

    public override string ToString() => $"{Claim}\n{string.Join('\n', Loads)}";
}

/// <summary>What is predicted for one connection.</summary>
/// <param name="Probe">The connection.</param>
/// <param name="Handshake">What the kernel does.</param>
/// <param name="MayBeOpen">Set when a proof need not know it: it depends on rate, time, or what a host hides.</param>
internal sealed record Prediction(HandshakeProbe Probe, Handshake Handshake, bool MayBeOpen)
{
    private static readonly Dictionary<string, string> Sources = new(StringComparer.Ordinal)
    {
        ["a"] = "162.158.4.5",
        ["b"] = "162.158.200.5",
        ["x"] = "198.51.100.7",
        ["a6"] = "2a06:98c0:1::5",
        ["x6"] = "2620:fe::fe",
    };

    /// <summary>
    /// Reads <c>a 443 A, x 443 T</c>: sources a and b (both in 162.158.0.0/15), x (elsewhere), a6 (in 2a06:98c0::/29), x6 or an address; the port;
    /// A accepted, R refused, T timed out, N no reply, H half, with ? when the proof need not know.
    /// </summary>
    public static ImmutableArray<Prediction> Parse(string text) => [.. text.Split(", ").Select(one =>
    {
        var words = one.Split(' ');
        return new Prediction(ProbeSample.One(Sources.GetValueOrDefault(words[0], words[0]), int.Parse(words[1])), Letter(words[2][0]), words[2].EndsWith('?'));
    })];

    private static Handshake Letter(char letter) => letter switch
    {
        'A' => Handshake.Accepted,
        'R' => Handshake.Refused,
        'T' => Handshake.TimedOut,
        'N' => Handshake.NoReply,
        'H' => Handshake.Half,
        _ => throw new FormatException($"{letter} is no answer."),
    };
}
