using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>providers</c>: what this build knows, and what it finds here.</summary>
internal static class ProvidersCommand
{
    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand("providers", "Lists the firewalls that this build knows, and what it finds on this machine", "allowlist-sync providers", "allowlist-sync providers --output json");
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken)
    {
        var host = await HostDetection.LookAsync(new Providers.Host.Hosts.LocalHost(), cancellationToken);
        switch (arguments.Format)
        {
            case OutputFormat.Json:
                await shell.Out.WriteLineAsync(JsonDocuments.Object(json => WriteJson(json, host)));
                break;
            case OutputFormat.Markdown:
                await shell.Out.WriteLineAsync(ProviderTable.Markdown(host.Firewalls.Select(firewall => firewall.Provider)));
                break;
            default:
                await WriteTextAsync(shell.Out, host);
                break;
        }

        return ExitCodes.Ok;
    }

    private static async Task WriteTextAsync(TextWriter output, HostDetection host)
    {
        foreach (var (provider, detection) in host.Firewalls)
        {
            await output.WriteLineAsync($"{provider.Name}: {provider.Summary}");
            await output.WriteLineAsync($"  here      {detection.Summary}");
            await output.WriteLineAsync($"  changes   {ProviderTable.Words(provider.Atomicity)}");
            await output.WriteLineAsync($"  features  {string.Join(", ", provider.Features)}");
            foreach (var limit in provider.Limits)
            {
                await output.WriteLineAsync($"  limit     {limit.What}: {limit.Value} ({limit.Source}, verified {limit.VerifiedOn:yyyy-MM-dd})");
            }

            foreach (var field in provider.Settings.SelectMany(field => field.Fields.IsEmpty ? [(field.Name, field)] : field.Fields.Select(inner => ($"{field.Name}.{inner.Name}", inner))))
            {
                await output.WriteLineAsync($"  setting   {field.Item1}: {field.Item2.Doc} ({field.Item2.Example})");
            }
        }

        foreach (var finding in host.Findings)
        {
            await output.WriteLineAsync($"{finding.Id}: {finding.Message}; {finding.Remedy}");
        }
    }

    private static void WriteJson(Utf8JsonWriter json, HostDetection host)
    {
        json.WriteString("schema", "allowlist-sync/providers/v1");
        json.WriteStartArray("providers");
        foreach (var (provider, detection) in host.Firewalls)
        {
            json.WriteStartObject();
            json.WriteString("name", provider.Name);
            json.WriteString("summary", provider.Summary);
            json.WriteString("atomicity", JsonReport.Name(provider.Atomicity));
            WriteTexts(json, "features", provider.Features);
            json.WriteBoolean("found", detection.Found);
            json.WriteString("here", detection.Summary);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteTexts(json, "managers", host.Managers);
        JsonParts.WriteFindings(json, host.Findings);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
