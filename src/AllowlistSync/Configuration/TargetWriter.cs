using AllowlistSync.Core;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Configuration;

/// <summary>Writes one target.</summary>
internal static class TargetWriter
{
    private static readonly string[] SecretWords = ["token", "secret", "password", "passphrase", "credential", "apikey"];

    internal static void Write(YamlText yaml, TargetConfig config)
    {
        var target = config.Target;
        yaml.Text("name", target.Mark);
        yaml.Text("provider", target.Provider);
        yaml.Text("host", config.WrittenHost);
        yaml.Texts("allow", target.Allow);
        yaml.Raw("ports", $"[{string.Join(", ", target.Ports.Ranges)}]");
        yaml.Raw("mode", target.Mode switch { TargetMode.Propose => "propose", TargetMode.Report => "report", _ => "apply" });
        yaml.Raw("policy", target.Policy == TargetPolicy.AddOnly ? "addOnly" : "sync");
        yaml.Raw("onBlocked", target.OnBlocked.ToString().ToLowerInvariant());
        if (target.LiftBans is { } lift)
        {
            yaml.Raw("liftBans", lift ? "true" : "false");
        }

        if (!config.Settings.IsEmpty)
        {
            yaml.Map("settings", () =>
            {
                Settings(yaml, [.. config.Settings.Values], 0);
                foreach (var (key, values) in config.Settings.Lists)
                {
                    yaml.Texts(key, values);
                }
            });
        }
    }

    // The keys are sorted and dotted: those with one first part stand together and become one mapping.
    private static void Settings(YamlText yaml, IReadOnlyList<KeyValuePair<string, string>> values, int skip)
    {
        foreach (var group in values.GroupBy(value => value.Key[skip..].Split('.')[0], StringComparer.Ordinal))
        {
            var first = group.First();
            if (first.Key.Length == skip + group.Key.Length)
            {
                yaml.Raw(group.Key, Value(first.Key, first.Value));
            }
            else
            {
                yaml.Map(group.Key, () => Settings(yaml, [.. group], skip + group.Key.Length + 1));
            }
        }
    }

    // A provider's setting has no type for secrets; what sounds like one is not shown.
    private static string Value(string key, string value) =>
        YamlText.Scalar(Array.Exists(SecretWords, word => key.Contains(word, StringComparison.OrdinalIgnoreCase)) ? Secret.Mask : value);
}
