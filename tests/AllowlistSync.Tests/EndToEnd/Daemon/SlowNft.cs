using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>The real nft of a sandbox, which takes its time when it is told to: before it looks, or before it changes something.</summary>
internal static class SlowNft
{
    /// <summary>What can be made slow.</summary>
    public const string Look = "look";
    public const string Change = "change";

    private const string Begun = "/run/begun";

    // A watch is never slow; a check (-c) is no change.
    private const string Script = """
        #!/bin/sh
        case "$*" in *monitor*) what=watch;; *-c*) what=check;; *-f*) what=change;; *) what=look;; esac
        if [ -e /run/slow-$what ]; then : > /run/begun; sleep "$(cat /run/slow-$what)"; fi
        exec /usr/sbin/nft.true "$@"

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Puts it in the place of nft.</summary>
    public static async Task InstallAsync(Origin origin)
    {
        await origin.ShellAsync("mv", "/usr/sbin/nft", "/usr/sbin/nft.true");
        await origin.Sandbox.WriteFileAsync("/usr/sbin/nft", Script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Ct);
    }

    /// <summary>Makes it slow from now on.</summary>
    public static Task SlowAsync(Origin origin, string what, int seconds) => origin.WriteAsync($"/run/slow-{what}", $"{seconds}");

    /// <summary>Makes it as quick as it is.</summary>
    public static Task QuickAsync(Origin origin) => origin.ShellAsync("rm", "-f", $"/run/slow-{Look}", $"/run/slow-{Change}");

    /// <summary>Waits until a slow one has begun.</summary>
    public static Task BegunAsync(Origin origin) => Origin.UntilAsync(() => origin.Sandbox.ExistsAsync(Begun), "nft is at it");
}
