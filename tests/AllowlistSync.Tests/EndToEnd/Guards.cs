using System.Globalization;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>The processes that wait to undo a change.</summary>
internal static class Guards
{
    // The brackets keep the search from finding itself.
    private const string Find = "grep -lsa 'undo-guar[d]' /proc/[0-9]*/cmdline | tr -dc '0-9\\n'";

    public static async Task<int> CountAsync(Origin origin) =>
        int.Parse(await origin.ShellAsync("bash", "-c", $"{Find} | wc -l"), CultureInfo.InvariantCulture);

    public static async Task KillAsync(Origin origin)
    {
        await origin.ShellAsync("bash", "-c", $"kill -9 $({Find})");
        await Origin.UntilAsync(async () => await CountAsync(origin) == 0, "the guard is dead");
    }
}
