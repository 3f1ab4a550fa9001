using System.CommandLine;

namespace AllowlistSync.Commands;

/// <summary>How results are written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs.</summary>
    Json,

    /// <summary>For pull requests and chats.</summary>
    Markdown,
}

/// <summary>What every command is given.</summary>
/// <param name="ConfigPath">The configuration that was named; null for the usual place.</param>
/// <param name="Format">How results are written.</param>
/// <param name="Targets">The targets that were named; empty for all.</param>
internal sealed record GlobalArguments(string? ConfigPath, OutputFormat Format, IReadOnlyList<string> Targets);

/// <summary>The options that every command has.</summary>
internal static class GlobalOptions
{
    /// <summary>Where the configuration is looked for.</summary>
    public const string DefaultConfigPath = "/etc/allowlist-sync/config.yaml";

    public static Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = $"The configuration file (default {DefaultConfigPath})",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string> Output { get; } = MakeOutput();

    public static Option<string[]> Target { get; } = new("--target", "-t")
    {
        Description = "Only this target; may be given more than once",
        HelpName = "NAME",
        Recursive = true,
        DefaultValueFactory = _ => [],
    };

    public static GlobalArguments Read(ParseResult parsed) => new(
        parsed.GetValue(Config),
        parsed.GetValue(Output) switch
        {
            "json" => OutputFormat.Json,
            "markdown" => OutputFormat.Markdown,
            _ => OutputFormat.Text,
        },
        parsed.GetValue(Target) ?? []);

    private static Option<string> MakeOutput()
    {
        var option = new Option<string>("--output", "-o")
        {
            Description = "How the result is written: text, json or markdown",
            HelpName = "FORMAT",
            Recursive = true,
            DefaultValueFactory = _ => "text",
        };
        return option.AcceptOnlyFromAmong("text", "json", "markdown");
    }
}
