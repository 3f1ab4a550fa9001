using AllowlistSync.Reachability.Tests.Kernel.Semantics;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>One claim about the packet filter each: predicted, seen in the kernel, and found again in the proof.</summary>
public sealed class SemanticsTests
{
    private static readonly Dictionary<string, SemanticCase> Cases = new[] { ChainCases.All, MatchCases.All, TranslationCases.All, IpsetCases.All, NftRuleCases.All, NftPathCases.All, HostCases.All }
        .SelectMany(cases => cases).ToDictionary(one => one.Claim, StringComparer.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> Claims => Cases.Keys.Select(claim => new TheoryDataRow<string>(claim) { TestDisplayName = claim });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task The_kernel_does_as_predicted_and_the_proof_knows_it(string claim)
    {
        Needs.Sandbox(KernelHost.Programs);
        var one = Cases[claim];
        var probes = one.Answers.Select(answer => answer.Probe).ToList();
        await using var trial = await Trial.StartAsync(one.Loads, one.Options, Ct);
        var comparisons = await trial.CompareAsync(probes, HandshakeBudget.Quick, Ct);
        comparisons.Select(comparison => $"{comparison.Kernel.Probe}: {comparison.Kernel.Handshake}").ShouldBe(one.Answers.Select(answer => $"{answer.Probe}: {answer.Handshake}"), $"in the kernel\n{one}");
        foreach (var (comparison, answer) in comparisons.Zip(one.Answers))
        {
            comparison.Difference.ShouldBeNull($"{comparison}\n{one}");
            (comparison.IsOpen && !answer.MayBeOpen).ShouldBeFalse($"the proof does not know it\n{comparison}\n{one}");
        }
    }
}
