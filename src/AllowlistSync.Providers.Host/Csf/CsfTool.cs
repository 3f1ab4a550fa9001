using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>
/// The programs and files of CSF's host: arguments, and what exit codes and messages mean (csf 15.00; iptables 1.8.9 under LC_ALL=C). The only place that looks at their
/// English. csf ends with 0 for most of what it refuses, so nothing is believed that is not read back.
/// </summary>
internal sealed partial class CsfTool(IHost host, TimeProvider time)
{
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // EWOULDBLOCK, by which .NET tells that another process has locked a file (errno(3); the same on every architecture of Linux that .NET runs on).
    private const int TryAgain = 11;

    // A csf that is stopped in the middle leaves the host open; so it gets all the time that it may need (1.0 to 1.3 s for a small list, measured; thousands of bans take minutes without FASTSTART).
    private static readonly TimeSpan CsfTimeout = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProgramTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ReadPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(50);

    private static readonly ProgramErrors IptablesErrors = new()
    {
        Messages =
        [
            new("Permission denied", FailureKind.Permission, "run as root, or with the capability CAP_NET_ADMIN"),
            new("Another app is currently holding the xtables lock", FailureKind.Transient, "run again when the other program has ended"),
            new("line", FailureKind.Conflict, "mend that line: the next `csf -r`, whoever runs it, would leave this host without any rule"),
        ],
        Unknown = "this message of iptables is not known to us: please report it together with `iptables --version`",
        Install = "install it (Debian: `apt install iptables`)",
        Afresh = "the next run reads CSF's files and the kernel afresh",
    };

    private static readonly ProgramErrors CsfErrors = new()
    {
        Messages =
        [
            new("csf is being restarted", FailureKind.Transient, "run again in a moment"),
            new("have been disabled", FailureKind.Conflict, "`csf -e` enables CSF"),
            new("unresolved error", FailureKind.Conflict, "mend what it names, then run `csf -r`"),
            new("FASTSTART", FailureKind.Conflict, "mend the entry that it names, then run `csf -r`"),
            new("Permission denied", FailureKind.Permission, "run as root"),
            new("No such file or directory", FailureKind.Unavailable, "mend the installation of CSF"),
        ],
        Unknown = "look at what `csf -r` says; please report this message together with `csf -v`",
        Install = "install CSF, or use the provider of the firewall that is in use",
        Afresh = "the next run reads CSF's files and the kernel afresh",
    };

    /// <summary>Throws when CSF is not installed: its files and chains may outlive it.</summary>
    public async ValueTask RequireInstalledAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(CsfPlaces.Program, cancellationToken) is null)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"CSF is not installed on {host.Name}: {CsfPlaces.Program} is not there", CsfErrors.Install);
        }
    }

    /// <summary>Throws when the iptables that CSF uses does not tell its version: a listing that is empty could mean anything then.</summary>
    public async ValueTask RequireTablesAsync(CsfConfiguration configuration, CancellationToken cancellationToken)
    {
        var command = new HostCommand(configuration.Tool(IpFamily.IPv4), ["--version"]) { OnlyLooks = true };
        var result = await IptablesErrors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw IptablesErrors.Of(command, result, Aftermath.Untouched);
        }

        if (!Encoding.UTF8.GetString(result.Output.Span).StartsWith("iptables v", StringComparison.Ordinal))
        {
            throw new ProviderException(FailureKind.Protocol, Aftermath.Untouched, $"`{command}` does not say which version it is", "look at IPTABLES in /etc/csf/csf.conf; nothing was changed");
        }
    }

    /// <summary>The chain of what is let in.</summary>
    public async ValueTask<CsfChain> ReadChainAsync(CsfConfiguration configuration, IpFamily family, CancellationToken cancellationToken)
    {
        var command = new HostCommand(configuration.Tool(family, "_SAVE"), []) { OnlyLooks = true, Timeout = ProgramTimeout };
        var result = await IptablesErrors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        return result.ExitCode == 0
            ? CsfReader.ReadChain(Encoding.UTF8.GetString(result.Output.Span), family, command.ToString())
            : throw IptablesErrors.Of(command, result, Aftermath.Untouched);
    }

    /// <summary>Lets iptables-restore read what a start of CSF would give it, without loading it; a refusal names the line of CSF's file.</summary>
    public async ValueTask TestAsync(CsfConfiguration configuration, CsfTest test, CancellationToken cancellationToken)
    {
        var command = new HostCommand(configuration.Tool(test.Family, "_RESTORE"), ["-n", "--test"]) { Input = CsfText.Encode(test.Script), Timeout = ProgramTimeout };
        var result = await IptablesErrors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        if (result.ExitCode != 0)
        {
            var match = LineNumber.Match(result.Error);
            var origin = match.Success && int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? test.Origin(number) : null;
            throw IptablesErrors.Of(command, result, Aftermath.Untouched, origin is null ? "" : $" (this is {origin}; csf would flush all rules before it fails at it, so nothing was changed)");
        }
    }

    /// <summary>Lets CSF read its files again; ends when it has. Whether it did what it should is not said by its exit code.</summary>
    public async ValueTask RestartAsync(CsfRestart restart, CancellationToken cancellationToken)
    {
        // -sf is what -r does, also where LFDSTART leaves -r to lfd and its own time.
        ImmutableArray<string> arguments = restart switch
        {
            CsfRestart.Firewall => ["-sf"],
            CsfRestart.Lfd => ["--lfd", "restart"],
            _ => ["-ra"],
        };
        await CsfAsync(arguments, cancellationToken);
    }

    /// <summary>Lifts a ban, in file and kernel, under CSF's own locks.</summary>
    public ValueTask LiftAsync(CsfBan ban, CancellationToken cancellationToken) => CsfAsync([ban.IsTemporary ? "-trd" : "-dr", ban.Address], cancellationToken);

    /// <summary>The process id of lfd; null when it does not run.</summary>
    public async ValueTask<string?> ReadLfdAsync(CancellationToken cancellationToken)
    {
        var pid = (await ReadAsync(CsfPlaces.LfdPid, cancellationToken))?.Trim();
        return pid is { Length: > 0 } && pid.All(char.IsAsciiDigit) && await ReadAsync($"/proc/{pid}/cmdline", cancellationToken) is { } name && name.Contains("lfd", StringComparison.Ordinal) ? pid : null;
    }

    /// <summary>A file; null when there is none.</summary>
    public async ValueTask<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        // csf and lfd write their files in place under flock(2), which .NET respects by refusing to open them; so what is read is never half of a file.
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await host.Files.ReadAsync(path, cancellationToken) is { } file ? CsfText.Decode(file.Content) : null;
            }
            catch (HostException failed) when (failed.InnerException is IOException { HResult: TryAgain } && time.GetElapsedTime(start) < ReadPatience)
            {
                await Task.Delay(LockPause, time, cancellationToken);
            }
            catch (HostException failed)
            {
                throw Failure(failed);
            }
        }
    }

    /// <summary>Puts a file in the place of another, or takes it away.</summary>
    public async ValueTask WriteAsync(string path, string? content, CancellationToken cancellationToken) => await DoAsync(async () =>
    {
        await (content is null ? host.Files.DeleteAsync(path, cancellationToken) : host.Files.ReplaceAsync(path, CsfText.Encode(content), FileMode, cancellationToken));
        return true;
    });

    /// <summary>Takes the lock that keeps runs of this program apart; waits for a minute at most.</summary>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken) =>
        await DoAsync(() => PatientLock.TakeAsync(host.Files, CsfPlaces.Lock, LockPatience, time, cancellationToken))
        ?? throw new ProviderException(FailureKind.Transient, Aftermath.Untouched, $"another allowlist-sync works on CSF: {CsfPlaces.Lock} was held for {LockPatience.TotalSeconds:0} s; nothing was changed", "run again when it has ended");

    // csf says some of it to the one output, some to the other, and warns of much on the way.
    private async ValueTask CsfAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var command = new HostCommand(CsfPlaces.Program, arguments) { Timeout = CsfTimeout };
        var result = await CsfErrors.RunAsync(host, command, Aftermath.Unknown, cancellationToken);
        if (result.ExitCode != 0)
        {
            var said = $"{result.Error}\n{Encoding.UTF8.GetString(result.Output.Span)}".Split('\n').Where(line => line.Length > 0 && !line.StartsWith("*WARNING*", StringComparison.Ordinal) && !line.StartsWith("*Error* File does not exist", StringComparison.Ordinal));
            throw CsfErrors.Of(command, result with { Error = string.Join('\n', said) }, Aftermath.Unknown);
        }
    }

    private static async ValueTask<T> DoAsync<T>(Func<ValueTask<T>> work)
    {
        try
        {
            return await work();
        }
        catch (HostException failed)
        {
            throw Failure(failed);
        }
    }

    private static ProviderException Failure(HostException failed) => failed.Failure switch
    {
        HostFailure.Denied => new(FailureKind.Permission, Aftermath.Untouched, failed.Message, "run as root: CSF's files belong to root", failed),
        HostFailure.TimedOut => new(FailureKind.Transient, Aftermath.Untouched, failed.Message, "run again", failed),
        _ => new(FailureKind.Unavailable, Aftermath.Untouched, failed.Message, "make room on its disk or make it writable, then run again", failed),
    };

    [GeneratedRegex(@"\bline:? (?<number>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LineNumber { get; }
}
