using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>How a run of the program ended.</summary>
internal sealed partial record Outcome(int ExitCode, string StdOut, string StdErr)
{
    /// <summary>Both outputs with every run of white space as one blank, so that a line break in a message does not matter.</summary>
    public string Said => Blanks().Replace(StdOut + "\n" + StdErr, " ");

    /// <summary>Standard output as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(StdOut)!;

    /// <summary>The first target of the JSON report.</summary>
    public JsonNode Target => Json["targets"]![0]!;

    public static Outcome Of(SandboxResult result) => new(result.ExitCode, result.StdOut, result.StdErr);

    /// <summary>This outcome, when the exit code is the expected one.</summary>
    public Outcome Ended(int exitCode)
    {
        ExitCode.ShouldBe(exitCode, $"stdout:\n{StdOut}\nstderr:\n{StdErr}");
        return this;
    }

    /// <summary>This outcome, when all of these were said.</summary>
    public Outcome Saying(params string[] texts)
    {
        foreach (var text in texts)
        {
            Said.ShouldContain(text, Case.Sensitive, $"stdout:\n{StdOut}\nstderr:\n{StdErr}");
        }

        return this;
    }

    /// <summary>The fingerprint with which the refused plan may be approved.</summary>
    public string Offer => OfferLine().Match(StdOut) is { Success: true } match
        ? match.Groups["fingerprint"].Value
        : throw new InvalidOperationException($"no approval is offered:\n{StdOut}\n{StdErr}");

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex("apply --accept (?<fingerprint>[0-9a-f]{12,})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfferLine();
}
