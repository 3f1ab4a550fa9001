using AllowlistSync.Configuration.Reading;
using AllowlistSync.Core.Formats;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Configuration.Rules;

/// <summary>What must fit together in a proposal.</summary>
internal static class ProposalRules
{
    /// <summary>How ranges stand in a value.</summary>
    private static readonly string[] s_valueFormats = ["list", "commas", "ip-blocks"];

    /// <summary>What is wrong, each with the key below the proposal where it stands.</summary>
    internal static IEnumerable<(string Key, Fault Fault)> Faults(ProposalConfig proposal)
    {
        if (proposal.Forge.Type != "none" && proposal.Forge.Token is null == proposal.Forge.AppId is null)
        {
            yield return ("forge", proposal.Forge.Token is null
                ? new("nothing signs in at the forge", "add token: { file: PATH }" + (proposal.Forge.Type == "github" ? ", or app: { id: ID, key: { file: PATH } }" : ""))
                : new("a token and an App exclude each other", "remove one of them"));
        }

        if (proposal.Branch == proposal.Base)
        {
            yield return ("branch", new("the branch of the proposal is the branch that it is proposed against", "name another branch, such as " + ProposalConfig.DefaultBranch));
        }

        if (proposal.Files.IsEmpty && proposal.PlanFile is null)
        {
            yield return ("files", new("nothing is proposed", "add files with ranges, or planFile for the plans of targets with mode: propose"));
        }

        if (proposal.PlanFile is { } plan && proposal.Files.Any(file => file.Path == plan))
        {
            yield return ("planFile", new($"\"{Shown.Of(plan)}\" is rewritten as a whole, and is one of the files too", "name a file of its own"));
        }

        foreach (var (i, file) in proposal.Files.Index())
        {
            foreach (var fault in Faults(file))
            {
                yield return ($"files[{i}]", fault);
            }
        }
    }

    private static IEnumerable<Fault> Faults(ProposalFileConfig file)
    {
        var formats = FormatsOf(file);
        if (file is { Key: not null, Block: not null })
        {
            yield return new("a value (key) and a block exclude each other", "remove one of them");
        }
        else if (file is { Key: null, Format: null })
        {
            yield return new("it does not say how ranges are written", "add format, such as format: nginx-realip, or key for a value in YAML, JSON or HCL");
        }
        else if (file.Format is { } format && !formats.Contains(format, StringComparer.Ordinal))
        {
            yield return new($"\"{Shown.Of(format)}\" is not how ranges are written there", $"write one of: {string.Join(", ", formats)}");
        }

        if (file is { Document: not null, Key: null })
        {
            yield return new("a document is named, and no key in it", "add key, or remove document");
        }
    }

    private static IReadOnlyList<string> FormatsOf(ProposalFileConfig file) =>
        file.Key is not null ? s_valueFormats : file.Block is not null ? BlockLines.Names : [.. RangeFormats.All.Select(format => format.Name)];
}
