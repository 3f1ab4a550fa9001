using System.Text;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Output;

/// <summary>The table of providers in the README, made from their descriptors; a test compares the two.</summary>
internal static class ProviderTable
{
    /// <summary>A Markdown table.</summary>
    public static string Markdown(IEnumerable<ProviderDescriptor> providers)
    {
        var table = new StringBuilder("| provider | what it does | how a change is made | settings |\n| --- | --- | --- | --- |\n");
        foreach (var provider in providers)
        {
            table.Append(null, $"| `{provider.Name}` | {provider.Summary} | {Words(provider.Atomicity)} | {(provider.Settings.IsEmpty ? "none" : string.Join(", ", provider.Settings.Select(setting => $"`{setting.Name}`")))} |\n");
        }

        return table.ToString().TrimEnd('\n');
    }

    /// <summary>How a change is made, in words.</summary>
    public static string Words(Atomicity atomicity) => atomicity switch
    {
        Atomicity.Transaction => "as one transaction",
        Atomicity.TransactionPerFamily => "as one transaction for each address family",
        Atomicity.Rebuild => "by a restart that makes all rules again",
        _ => "entry by entry: what is new is added and checked before what is old is removed",
    };
}
