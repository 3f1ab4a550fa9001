using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Propose;

/// <summary>Says of a rule set in a repository what it lets in before and after a change. A file that is no dump of rules says nothing; one that cannot be read whole says so.</summary>
internal static class RepositoryProof
{
    /// <summary>A Markdown line for each port and moment; none when the file is no rule set.</summary>
    public static ImmutableArray<string> Of(FileChange file, PrefixSet wanted, PortSet ports, CancellationToken cancellationToken)
    {
        if (file.Before is not { } before || !IsRuleSet(file.After))
        {
            return [];
        }

        try
        {
            var question = new Question { Sources = wanted, Ports = ports };
            var name = MarkdownText.Escape(file.Entry.Path);
            return [$"{name} before: {Words(before, name, question, cancellationToken)}", $"{name} after: {Words(file.After, name, question, cancellationToken)}"];
        }
        catch (DumpException unreadable)
        {
            return [$"{MarkdownText.Escape(file.Entry.Path)}: not proved: {MarkdownText.Escape(unreadable.Message)}"];
        }
    }

    // What iptables-save, ipset save and nft print begins so; other files of a repository do not.
    private static bool IsRuleSet(ReadOnlyMemory<byte> content)
    {
        var text = Encoding.UTF8.GetString(content.Span);
        return text.Contains("hook input", StringComparison.Ordinal) || text.Contains("\n:INPUT ", StringComparison.Ordinal);
    }

    private static string Words(ReadOnlyMemory<byte> content, string name, Question question, CancellationToken cancellationToken)
    {
        var rules = RuleSetReader.Read([new Dump(name, content)]);
        var proof = Prover.Prove(rules, question, cancellationToken);
        var words = proof.Pieces.GroupBy(piece => piece.Port).Select(port => $"port {port.Key}: {Counts([.. port])}");
        var gaps = rules.Gaps.IsEmpty ? "" : $" (not read: {MarkdownText.Escape(rules.Gaps[0].Message)})";
        return string.Join("; ", words) + gaps;
    }

    private static string Counts(ImmutableArray<ProofPiece> pieces)
    {
        var blame = pieces.FirstOrDefault(piece => piece.Verdict == ReachabilityVerdict.Blocked)?.Rule is { } rule ? $" ({MarkdownText.Escape(rule.Text)}, {MarkdownText.Escape(rule.Where)})" : "";
        return string.Join(", ", pieces.GroupBy(piece => piece.Verdict).OrderBy(group => group.Key)
            .Select(group => $"{Prefixes(group)} {JsonReport.Name(group.Key)}{(group.Key == ReachabilityVerdict.Blocked ? blame : "")}"));
    }

    // In the prefixes that the rest of the text counts, not in the pieces that a proof divides them into.
    private static string Prefixes(IEnumerable<ProofPiece> pieces)
    {
        var count = PrefixSet.OfRanges(pieces.Select(piece => piece.From)).Prefixes().Count();
        return $"{count} {(count == 1 ? "prefix" : "prefixes")}";
    }
}
