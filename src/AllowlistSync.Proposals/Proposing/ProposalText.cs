using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>The texts of a proposal: the message of its commit, and the Markdown of its pull request. Pure, and the same for the same content: a text that changes with every run would be churn.</summary>
internal sealed class ProposalText(ProposalSpec spec, ProposalContext context, ProposalChanges changes, ImmutableArray<string> proofs)
{
    // Of files and of firewalls so many are named in the shortest text, too.
    private const int Fewest = 20;

    private static readonly int[] s_limits = [2000, 300, 60, 10, 0];

    // To name the content is to hash all of it, and a text that has to be shortened is made again and again.
    private readonly string _fingerprint = changes.Fingerprint;

    /// <summary>What it does, in numbers.</summary>
    public string Summary => changes.Files.IsEmpty
        ? $"{changes.Plans.Length} {(changes.Plans.Length == 1 ? "plan" : "plans")} to approve"
        : $"+{Count(changes.Added)} -{Count(changes.Removed)} in {changes.Files.Length} {(changes.Files.Length == 1 ? "file" : "files")}";

    /// <summary>The message of the commit: title, what and why, and the lines that later runs and <c>apply --accept</c> read (git-interpret-trailers(1)).</summary>
    public string CommitMessage()
    {
        var text = new StringBuilder($"{spec.Title}\n\n{Summary}.\n");
        foreach (var list in Lists())
        {
            text.Append(CultureInfo.InvariantCulture, $"List {list.Name}: {Numbers(list)}.\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{ProposalMarks.FingerprintTrailer}: {_fingerprint}\n");
        text.AppendJoin("", context.Plans.Select(plan => ApprovedPlans.Line(plan) + "\n"));

        return spec.Commit.SignOff ? $"{text}Signed-off-by: {spec.Commit.Author}\n" : text.ToString();
    }

    /// <summary>The Markdown, cut so that it fits; what is left out is said.</summary>
    public string Body(int longest)
    {
        var mark = $"\n{ProposalMarks.Comment(spec.Name, _fingerprint)}\n";
        var room = longest - mark.Length;
        return (s_limits.Select(BodyWith).FirstOrDefault(body => body.Length <= room) ?? Cut(BodyWith(0), room)) + mark;
    }

    // Whatever goes, later runs must find the mark.
    private string Cut(string body, int room)
    {
        var said = $"\n... the rest does not fit; {(spec.PlanFile is { } file ? $"{file} has it" : "the changed files have the ranges")}\n";
        var end = body.LastIndexOf('\n', Math.Max(0, room - said.Length - 1));
        return body[..Math.Max(0, end)] + said;
    }

    private string BodyWith(int limit)
    {
        var text = new StringBuilder($"{Summary}. This pull request is kept up to date as long as nobody else commits to its branch, and closed when it is no longer needed.\n");
        Files(text, limit);
        Ranges(text, "New", changes.Added, limit);
        Ranges(text, "Gone", changes.Removed, limit);
        Sources(text);
        Targets(text, limit);
        if (!proofs.IsEmpty)
        {
            text.Append("\n#### What gets in\n\n").AppendJoin("", proofs.Select(line => $"- {line}\n"));
        }

        text.Append(CultureInfo.InvariantCulture, $"\n#### See it for yourself\n\n```sh\n{context.Command}\n```\n\n{ProposalMarks.FingerprintTrailer}: `{_fingerprint}`\n");
        return text.AppendJoin("", context.Plans.Select(plan => ApprovedPlans.MarkdownLine(plan) + "\n")).ToString();
    }

    private void Files(StringBuilder text, int limit)
    {
        if (changes.Files.IsEmpty)
        {
            return;
        }

        text.Append("\n| file | place | new | gone |\n| --- | --- | ---: | ---: |\n");
        var changed = changes.Files.Select(file => file.Entry.Path).ToHashSet(StringComparer.Ordinal);
        var places = changes.Places.Where(place => changed.Contains(place.Path)).ToList();
        foreach (var place in places.Take(Math.Max(limit, Fewest)))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {MarkdownText.Escape(place.Path)} | {MarkdownText.Escape(place.Place)} | {Count(place.Added)} | {Count(place.Removed)} |\n");
        }

        text.Append(places.Count > Math.Max(limit, Fewest) ? $"\n... and {places.Count - Math.Max(limit, Fewest)} more places\n" : "");
    }

    private static void Ranges(StringBuilder text, string title, PrefixSet ranges, int limit)
    {
        var all = ranges.Prefixes().ToList();
        if (all.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n#### {title}\n\n").AppendJoin(" ", all.Take(limit).Select(prefix => $"`{prefix}`"));
        text.Append(all.Count > limit ? $"\n... and {all.Count - limit} more: the files of this pull request have them all\n" : "\n");
    }

    private void Sources(StringBuilder text)
    {
        text.Append("\n#### Lists\n\n");
        foreach (var list in Lists())
        {
            text.Append(CultureInfo.InvariantCulture, $"- **{MarkdownText.Escape(list.Name)}**: {Numbers(list)}; {(IsRefused(list) ? "**the newest list was not believed, and this is the last good one**" : "every guard let it pass")}\n");
            foreach (var refusal in IsRefused(list) ? list.Refusals : [])
            {
                text.Append(CultureInfo.InvariantCulture, $"  - **{refusal.RuleId}**: {MarkdownText.Escape(refusal.Message)} (way out: {MarkdownText.Escape(refusal.WayOut)})\n");
            }

            foreach (var removal in list.InForce!.Pending)
            {
                text.Append(CultureInfo.InvariantCulture, $"  - `{removal.Prefix}` is no longer published and stays until {ReportWords.Of(removal.Until)}\n");
            }
        }
    }

    private void Targets(StringBuilder text, int limit)
    {
        if (context.Targets.IsEmpty)
        {
            return;
        }

        text.Append("\n#### Firewalls that wait for this\n\n| target | status | new | gone | plan |\n| --- | --- | ---: | ---: | --- |\n");
        foreach (var target in context.Targets.Take(Math.Max(limit, Fewest)))
        {
            var what = target.Plan?.Changes;
            text.Append(CultureInfo.InvariantCulture, $"| {MarkdownText.Escape(target.Target.Name)} ({MarkdownText.Escape(target.Target.Provider)}) | {ReportWords.Of(target.Status)} | {what?.Add.Entries().Length ?? 0} | {what?.Remove.Entries().Length ?? 0} | {(target.Plan is { IsEmpty: false } plan ? $"`{Approval.Handle(plan)}`" : "")} |\n");
        }

        foreach (var (target, why) in context.Targets.SelectMany(target => Why(target).Select(why => (target, why))))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n- {MarkdownText.Escape(target.Target.Name)}: {why}\n");
        }

        if (context.Acceptable.Select(target => $" --accept {Approval.Handle(target.Plan!)}").ToList() is [_, ..] accept)
        {
            text.Append("\nAfter the merge: `allowlist-sync apply").AppendJoin("", accept.Count > Fewest ? [" --accept -"] : accept).Append("`\n");
        }
    }

    private static IEnumerable<string> Why(TargetReport target)
    {
        var refusals = target.Refusals.Select(refusal => $"refused (**{refusal.RuleId}**): {MarkdownText.Escape(refusal.Message)} (way out: {MarkdownText.Escape(refusal.WayOut)})");
        return target.Error is { } error ? refusals.Append($"{MarkdownText.Escape(error.Message)} (remedy: {MarkdownText.Escape(error.Remedy)})") : refusals;
    }

    private IEnumerable<SourceOutcome> Lists() => context.ListsOf(spec).Select(name => context.Lists[name]);

    // Nothing that changes from run to run while the list stays: how it was come by, and when.
    private static string Numbers(SourceOutcome list)
    {
        var ranges = list.InForce!;
        var tag = ranges.Basis.ETag is { } etag ? $", etag {etag}" : "";
        return $"{ranges.Ranges.PrefixCount(IpFamily.IPv4)} IPv4 and {ranges.Ranges.PrefixCount(IpFamily.IPv6)} IPv6 prefixes{tag}";
    }

    // A source that did not answer this once says nothing of the list.
    private static bool IsRefused(SourceOutcome list) => list is { Answered: true, Refusals.IsEmpty: false };

    private static int Count(PrefixSet set) => set.Prefixes().Count();
}
