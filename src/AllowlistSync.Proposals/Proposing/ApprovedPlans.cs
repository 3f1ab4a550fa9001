using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>A plan that a person approved by merging it.</summary>
/// <param name="Target">The target.</param>
/// <param name="Fingerprint">The plan's fingerprint: SHA-256, hexadecimal.</param>
public sealed record ApprovedPlan(string Target, string Fingerprint);

/// <summary>The lines by which a proposal names the plans of targets, in its commit (git-interpret-trailers(1)) and in its plan file; whoever merges them approves them. Pure.</summary>
public static partial class ApprovedPlans
{
    /// <summary>What such a line begins with.</summary>
    public const string Trailer = "Allowlist-Sync-Plan";

    /// <summary>The line of a commit.</summary>
    public static string Line(ApprovedPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return $"{Trailer}: {plan.Target} {plan.Fingerprint}";
    }

    /// <summary>The line of a Markdown text.</summary>
    public static string MarkdownLine(ApprovedPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return $"{Trailer}: `{plan.Target} {plan.Fingerprint}`";
    }

    /// <summary>The plans that a text names: a plan file, or messages of commits as <c>git log</c> prints them, indented or not.</summary>
    public static ImmutableArray<ApprovedPlan> In(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Named().Matches(text).Select(match => new ApprovedPlan(match.Groups["target"].Value, match.Groups["fingerprint"].Value)).Distinct()];
    }

    [GeneratedRegex(@"^[ \t]*Allowlist-Sync-Plan: `?(?<target>[^\s`]+) (?<fingerprint>[0-9a-f]{64})`?[ \t\r]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Named();
}
