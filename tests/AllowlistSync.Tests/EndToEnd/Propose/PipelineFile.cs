using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace AllowlistSync.Tests.EndToEnd.Propose;

/// <summary>A job of a pipeline, as far as a runner's shell sees it.</summary>
/// <param name="Scripts">What is run, one after the other.</param>
/// <param name="Variables">The variables that the file sets, with expressions in them filled in.</param>
internal sealed record PipelineJob(IReadOnlyList<string> Scripts, IReadOnlyDictionary<string, string> Variables);

/// <summary>Reads a file of GitHub Actions, Gitea Actions or GitLab CI: enough of it to run the samples as they stand.</summary>
internal static partial class PipelineFile
{
    /// <summary>Reads a job. An expression without a value is an error.</summary>
    public static PipelineJob Read(string path, string job, IReadOnlyDictionary<string, string> expressions)
    {
        using var file = File.OpenText(path);
        var yaml = new YamlStream();
        yaml.Load(file);
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        return root.Children.TryGetValue("jobs", out var jobs) ? OfActions(root, (YamlMappingNode)jobs[job], expressions) : OfGitLab((YamlMappingNode)root[job]);
    }

    private static PipelineJob OfActions(YamlMappingNode root, YamlMappingNode job, IReadOnlyDictionary<string, string> expressions)
    {
        var steps = ((YamlSequenceNode)job["steps"]).OfType<YamlMappingNode>().ToList();
        var variables = new[] { root, job }.Concat(steps).SelectMany(Variables).ToDictionary(one => one.Name, one => Filled(one.Value, expressions), StringComparer.Ordinal);
        var scripts = steps.Where(step => step.Children.ContainsKey("run")).Select(step => Text(step["run"])).ToList();
        return scripts.Exists(script => script.Contains("${{", StringComparison.Ordinal))
            ? throw new InvalidOperationException("an expression in a script lets whoever names a branch run commands; hand it over as a variable")
            : new PipelineJob(scripts, variables);
    }

    private static PipelineJob OfGitLab(YamlMappingNode job) =>
        new([.. ((YamlSequenceNode)job["script"]).Select(Text)], new Dictionary<string, string>(StringComparer.Ordinal));

    private static IEnumerable<(string Name, string Value)> Variables(YamlMappingNode node) =>
        node.Children.TryGetValue("env", out var env) ? ((YamlMappingNode)env).Children.Select(one => (Text(one.Key), Text(one.Value))) : [];

    private static string Filled(string text, IReadOnlyDictionary<string, string> expressions) => Expression().Replace(text, match => expressions[match.Groups["name"].Value]);

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    [GeneratedRegex(@"\$\{\{ (?<name>[a-zA-Z_.]+) \}\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Expression();
}
