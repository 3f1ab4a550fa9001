using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>The programs and files of crowdsec's host. The only place that looks at their English.</summary>
internal sealed class CrowdSecTool(IHost host, TimeProvider time)
{
    // An UPDATE or DELETE of sqlite takes 32766 values (sqlite.org/limits.html), a command line two megabytes (execve(2)).
    private const int MostValues = 20_000;

    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // After the signal it takes 1.4.6 some two seconds to stop its local API and to start it again; then it reads its patterns for some seconds more.
    private static readonly TimeSpan ReloadPatience = TimeSpan.FromSeconds(20);

    // Somebody else may have told it just before.
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>The process that bans.</summary>
    public CrowdSecDaemon Daemon { get; } = new(host, time);

    /// <summary>All allowlists; null when this cscli knows none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ListAllowlistsAsync(CancellationToken cancellationToken)
    {
        var (command, result) = await RunAsync(["allowlists", "list", "-o", "json"], onlyLooks: true, cancellationToken);
        return result switch
        {
            { ExitCode: 0 } => result.Output,
            _ when result.Error.Contains("unknown command", StringComparison.Ordinal) => (ReadOnlyMemory<byte>?)null,
            _ => throw CrowdSecErrors.Cscli.Of(command, result, Aftermath.Untouched),
        };
    }

    /// <summary>All decisions in force, those of the central API too. Without a limit cscli would tell of the last hundred alerts only.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ListDecisionsAsync(CancellationToken cancellationToken)
    {
        var (command, result) = await RunAsync(["decisions", "list", "-a", "-l", "0", "-o", "json"], onlyLooks: true, cancellationToken);
        return result.ExitCode == 0 ? result.Output : throw CrowdSecErrors.Cscli.Of(command, result, Aftermath.Untouched);
    }

    /// <summary>Deletes all decisions about addresses inside of a range.</summary>
    public ValueTask DeleteDecisionsAsync(IpPrefix range, CancellationToken cancellationToken) => ChangeAsync(["decisions", "delete", "--range", range.ToString(), "--contained"], cancellationToken);

    /// <summary>Makes an empty allowlist.</summary>
    public ValueTask CreateAsync(CrowdSecMark mark, CancellationToken cancellationToken) => ChangeAsync(["allowlists", "create", mark.Name, "--description", mark.Description], cancellationToken);

    /// <summary>Takes an allowlist away with all its entries.</summary>
    public ValueTask DeleteListAsync(CrowdSecMark mark, CancellationToken cancellationToken) => ChangeAsync(["allowlists", "delete", mark.Name], cancellationToken);

    /// <summary>The commands that add entries to our allowlist; twenty thousand in each.</summary>
    public static IEnumerable<ImmutableArray<string>> Adding(CrowdSecMark mark, IEnumerable<string> values) =>
        values.Chunk(MostValues).Select(some => ImmutableArray.Create<string>(["allowlists", "add", mark.Name, "--comment", mark.Comment, .. some]));

    /// <summary>The commands that take entries out of it.</summary>
    public static IEnumerable<ImmutableArray<string>> Removing(CrowdSecMark mark, IEnumerable<string> values) =>
        values.Chunk(MostValues).Select(some => ImmutableArray.Create<string>(["allowlists", "remove", mark.Name, .. some]));

    /// <summary>Changes something by cscli.</summary>
    public async ValueTask ChangeAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var (command, result) = await RunAsync(arguments, onlyLooks: false, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw CrowdSecErrors.Cscli.Of(Shortened(command), result, Aftermath.Unknown);
        }
    }

    /// <summary>A file; null when there is none.</summary>
    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellationToken) => CrowdSecErrors.Cscli.ReadAsync(host, path, cancellationToken);

    /// <summary>Puts a file in place, or takes it away when there is no content.</summary>
    public ValueTask PutAsync(string path, string? content, CancellationToken cancellationToken) =>
        CrowdSecErrors.Cscli.PutAsync(host, path, content, FileMode, Aftermath.Unknown, cancellationToken);

    // While crowdsec loads its configuration, nobody listens for a moment.
    private async ValueTask<(HostCommand Command, CommandResult Result)> RunAsync(ImmutableArray<string> arguments, bool onlyLooks, CancellationToken cancellationToken)
    {
        var command = new HostCommand("cscli", arguments) { OnlyLooks = onlyLooks };
        var (since, patience) = Daemon.ReloadedAt is { } reload && time.GetElapsedTime(reload) < ReloadPatience ? (reload, ReloadPatience) : (time.GetTimestamp(), UsualPatience);
        while (true)
        {
            var result = await CrowdSecErrors.Cscli.RunAsync(host, command, onlyLooks ? Aftermath.Untouched : Aftermath.Unknown, cancellationToken);
            if (result.ExitCode == 0 || !CrowdSecErrors.IsPassing(result.Error) || time.GetElapsedTime(since) > patience)
            {
                return (command, result);
            }

            await Task.Delay(Pause, time, cancellationToken);

            // Asked anew: an answer from memory would stay the same.
            command = command with { OnlyLooks = false };
        }
    }

    private static HostCommand Shortened(HostCommand command) => command.Arguments.Length <= 8 ? command : command with { Arguments = [.. command.Arguments[..8], "..."] };
}
