using System.Runtime.CompilerServices;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Configuration.Rules;

/// <summary>Holds the records against the rules and finds the place of what breaks one.</summary>
internal static class RuleCheck
{
    internal static void Check(AllowlistConfig config, YamlNode root, ProblemLog log)
    {
        if (!Sane.IsSane(config))
        {
            Explain(config, root, log);
        }
    }

    // Not inlined: only a call loads FluentValidation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Explain(AllowlistConfig config, YamlNode root, ProblemLog log)
    {
        foreach (var failure in new ConfigRules().Validate(config).Errors)
        {
            var node = NodeLookup.Find(root, failure.PropertyName);
            if (node is YamlBroken)
            {
                continue;
            }

            log.Add(node.At, failure.PropertyName, new(failure.ErrorMessage, failure.CustomState as string ?? ""));
        }
    }
}
