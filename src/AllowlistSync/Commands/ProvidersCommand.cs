using System.CommandLine;
using System.Text.Json;
using AllowlistSync.Core.Providers;
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
        var found = new List<(ProviderDescriptor Provider, Detection Detection)>();
        foreach (var line in Composition.Providers)
        {
            found.Add((line.Descriptor, await line.Detect(new Providers.Host.Hosts.LocalHost(), cancellationToken)));
        }

        switch (arguments.Format)
        {
            case OutputFormat.Json:
                await shell.Out.WriteLineAsync(JsonDocuments.Object(json => WriteJson(json, found)));
                break;
            case OutputFormat.Markdown:
                await shell.Out.WriteLineAsync(ProviderTable.Markdown(found.Select(pair => pair.Provider)));
                break;
            default:
                await WriteTextAsync(shell.Out, found);
                break;
        }

        return ExitCodes.Ok;
    }

    private static async Task WriteTextAsync(TextWriter output, List<(ProviderDescriptor Provider, Detection Detection)> found)
    {
        foreach (var (provider, detection) in found)
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
    }

    private static void WriteJson(Utf8JsonWriter json, List<(ProviderDescriptor Provider, Detection Detection)> found)
    {
        json.WriteString("schema", "allowlist-sync/providers/v1");
        json.WriteStartArray("providers");
        foreach (var (provider, detection) in found)
        {
            json.WriteStartObject();
            json.WriteString("name", provider.Name);
            json.WriteString("summary", provider.Summary);
            json.WriteString("atomicity", JsonDocuments.Name(provider.Atomicity));
            json.WriteStartArray("features");
            foreach (var feature in provider.Features)
            {
                json.WriteStringValue(feature);
            }

            json.WriteEndArray();
            json.WriteBoolean("found", detection.Found);
            json.WriteString("here", detection.Summary);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
