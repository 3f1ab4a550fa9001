using System.CommandLine;
using AllowlistSync.Configuration;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>config validate | show | schema</c>.</summary>
internal static class ConfigCommand
{
    public static Command Create(Shell shell)
    {
        var validate = new ExampleCommand("validate", "Reports all problems of the configuration at once, each with line and column", "allowlist-sync config validate --config ./config.yaml");
        validate.SetAction((parsed, cancellationToken) => ValidateAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        var show = new ExampleCommand("show", "Shows the effective values, defaults included; secrets as ***", "allowlist-sync config show");
        show.SetAction((parsed, cancellationToken) => ShowAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        var schema = new ExampleCommand("schema", "Prints the JSON schema of the configuration, for editors", "allowlist-sync config schema > schema.json");
        schema.SetAction((_, cancellationToken) => SchemaAsync(shell, cancellationToken));
        return new Command("config", "Checks and shows the configuration") { validate, show, schema };
    }

    private static async Task<int> ValidateAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken)
    {
        var (config, path, problems) = await ConfigSource.LoadAsync(shell, arguments, ConfigNeed.Required, cancellationToken);
        if (arguments.Format == OutputFormat.Json)
        {
            await shell.Out.WriteLineAsync(JsonDocuments.Object(json =>
            {
                json.WriteString("schema", "allowlist-sync/config-validate/v1");
                json.WriteString("file", path);
                json.WriteBoolean("valid", config is not null);
                json.WriteStartArray("problems");
                foreach (var problem in problems)
                {
                    json.WriteStringValue(problem);
                }

                json.WriteEndArray();
            }));
        }
        else
        {
            await shell.Out.WriteLineAsync(config is null
                ? string.Join('\n', problems)
                : $"{path}: valid; {config.Sources.Length} sources, {config.Targets.Length} targets");
        }

        return config is null ? ExitCodes.Configuration : ExitCodes.Ok;
    }

    private static async Task<int> ShowAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken)
    {
        var (config, path, problems) = await ConfigSource.LoadAsync(shell, arguments, ConfigNeed.MayBeImplied, cancellationToken);
        if (config is null)
        {
            await shell.Error.WriteLineAsync(string.Join('\n', problems));
            return ExitCodes.Configuration;
        }

        var yaml = ConfigWriter.Write(config);
        await shell.Out.WriteAsync(arguments.Format switch
        {
            OutputFormat.Json => Json(path, yaml) + "\n",
            OutputFormat.Markdown => $"```yaml\n{yaml}```\n",
            _ => yaml,
        });
        return ExitCodes.Ok;
    }

    private static string Json(string path, string yaml) => JsonDocuments.Object(json =>
    {
        json.WriteString("schema", "allowlist-sync/config-show/v1");
        json.WriteString("file", path);
        json.WritePropertyName("config");
        ConfigJson.Write(json, YamlReader.Read(yaml, new ProblemLog(path)));
    });

    private static async Task<int> SchemaAsync(Shell shell, CancellationToken cancellationToken)
    {
        using var schema = new MemoryStream();
        ConfigSchema.Write(schema, Composition.Providers);
        await shell.Out.WriteAsync(System.Text.Encoding.UTF8.GetString(schema.ToArray()).AsMemory(), cancellationToken);
        return ExitCodes.Ok;
    }
}
