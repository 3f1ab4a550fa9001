using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>
/// The programs and files of fail2ban: arguments, and what exit codes and messages mean (captured from 1.0.2 and 1.1.1 under LC_ALL=C). The only place that looks at their English.
/// Each program takes 0.1 to 0.2 s, so commands to the server go in one batch (<c>fail2ban-client -i</c>), which ends with exit code 0 whatever was said.
/// </summary>
internal sealed partial class Fail2BanTool(IHost host, string? socket, TimeProvider time)
{
    private const string Client = "fail2ban-client";
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const int MostComplaints = 3;

    // Thousands of bans are lifted one after the other, each by a program of the ban's action.
    private static readonly TimeSpan ChangeTimeout = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(30);

    private static readonly ProgramErrors Errors = new()
    {
        Messages =
        [
            new("Permission denied", FailureKind.Permission, "run as root: fail2ban's socket and files belong to root"),
            new("Init of command line failed", FailureKind.Conflict, "mend the file that is named (`fail2ban-client -t` checks it); fail2ban would neither start nor reload with it"),
        ],
        Unknown = "this message of fail2ban is not known to us: please report it together with `fail2ban-client --version`",
        Install = "install it (Debian: `apt install fail2ban`)",
        Afresh = "the next run reads fail2ban's files and its server afresh",
    };

    /// <summary>What the files make of all jails, without a server, and what fail2ban says against them.</summary>
    public async ValueTask<(ImmutableSortedDictionary<string, ImmutableArray<string>> Enabled, ImmutableArray<string> Complaints)> DumpAsync(CancellationToken cancellationToken)
    {
        var command = new HostCommand(Client, ["-d"]) { OnlyLooks = true, Timeout = LookTimeout };
        var result = await Errors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        return result.ExitCode == 0
            ? (Fail2BanReader.ReadDump(Text(result.Output), command.ToString()), Complaints(result.Error))
            : throw Errors.Of(command, result, Aftermath.Untouched);
    }

    /// <summary>Asks the server some things at once; the answers are null when no server runs.</summary>
    public ValueTask<(string ClientVersion, ImmutableArray<string>? Answers)> AskAsync(ImmutableArray<string> questions, CancellationToken cancellationToken) =>
        BatchAsync(questions, Aftermath.Untouched, LookTimeout, cancellationToken);

    /// <summary>Tells the server some things at once. What a jail says no to is a failure, of which nobody knows what it left behind; a jail that has stopped since it was read is none.</summary>
    public async ValueTask TellAsync(ImmutableArray<Fail2BanCommand> commands, CancellationToken cancellationToken)
    {
        var answers = (await BatchAsync([.. commands.Select(command => command.ToString())], Aftermath.Unknown, ChangeTimeout, cancellationToken)).Answers
            ?? throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, "fail2ban has stopped since it was read", "run again; `fail2ban-client ping` says whether it runs");
        foreach (var (command, answer) in commands.Zip(answers))
        {
            if (!command.IsDone(answer) && !answer.StartsWith("Sorry but the jail", StringComparison.Ordinal))
            {
                throw new ProviderException(FailureKind.Conflict, Aftermath.Unknown, $"fail2ban refused `set {command.Jail} {command.Verb} ...`: {answer.Trim()}", "run again: the next run reads what is there afresh");
            }
        }
    }

    /// <summary>Lets fail2ban check its configuration with our files in it, in a copy; null when it finds nothing wrong, else what it says.</summary>
    public async ValueTask<string?> TestAsync(OwnFiles files, CancellationToken cancellationToken)
    {
        var copy = $"/run/allowlist-sync-fail2ban-{Guid.NewGuid():n}";
        try
        {
            await RunAsync(new HostCommand("cp", ["-aL", "--", Fail2BanPlaces.Directory, copy]) { Timeout = LookTimeout }, cancellationToken);
            await PutIntoAsync(copy, Fail2BanPlaces.DropInName, files.DropIn, cancellationToken);
            await PutIntoAsync(copy, Fail2BanPlaces.FallbackName, files.Fallback, cancellationToken);
            return await TestAsync(["-c", copy], cancellationToken);
        }
        finally
        {
            await RunAsync(new HostCommand("rm", ["-rf", "--", copy]), CancellationToken.None);
        }
    }

    /// <summary>Lets fail2ban check its configuration as it is; null when it finds nothing wrong, else what it says.</summary>
    public ValueTask<string?> TestAsync(CancellationToken cancellationToken) => TestAsync([], cancellationToken);

    /// <summary>A file; null when there is none.</summary>
    public ValueTask<string?> ReadAsync(string path, CancellationToken cancellationToken) => Errors.ReadAsync(host, path, cancellationToken);

    /// <summary>The names of the drop-ins of jails.</summary>
    public async ValueTask<ImmutableArray<string>> ListDropInsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await host.Files.ListAsync(Fail2BanPlaces.DropIns, cancellationToken);
        }
        catch (HostException failed)
        {
            throw Errors.Of(failed, Aftermath.Untouched);
        }
    }

    /// <summary>Takes the lock that keeps runs of this program apart, which share one file; waits for a minute at most.</summary>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PatientLock.TakeAsync(host.Files, Fail2BanPlaces.Lock, LockPatience, time, cancellationToken)
                ?? throw new ProviderException(FailureKind.Transient, Aftermath.Untouched, $"another allowlist-sync works on fail2ban: {Fail2BanPlaces.Lock} was held for {LockPatience.TotalSeconds:0} s; nothing was changed", "run again when it has ended");
        }
        catch (HostException failed)
        {
            throw Errors.Of(failed, Aftermath.Untouched);
        }
    }

    /// <summary>Puts a file in the place of another, or takes it away.</summary>
    public ValueTask ReplaceAsync(string path, string? content, CancellationToken cancellationToken) =>
        Errors.PutAsync(host, path, content, FileMode, Aftermath.Untouched, cancellationToken);

    private async ValueTask<(string ClientVersion, ImmutableArray<string>? Answers)> BatchAsync(ImmutableArray<string> commands, Aftermath whenLost, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ImmutableArray<string> arguments = socket is null ? ["-i"] : ["-s", socket, "-i"];
        var command = new HostCommand(Client, arguments) { Input = Encoding.UTF8.GetBytes(string.Concat([.. commands.Select(line => line + '\n'), "exit\n"])), Timeout = timeout };
        var result = await Errors.RunAsync(host, command, whenLost, cancellationToken);
        if (result.ExitCode != 0 || result.Error.Contains("Permission denied to socket", StringComparison.Ordinal))
        {
            throw Errors.Of(command, result, whenLost);
        }

        var output = Text(result.Output);
        if (result.Error.Contains("Failed to access socket path", StringComparison.Ordinal) || result.Error.Contains("Unable to contact server", StringComparison.Ordinal))
        {
            return (Fail2BanReader.ReadVersion(output, command.ToString()), null);
        }

        try
        {
            var (version, answers) = Fail2BanReader.ReadAnswers(output, commands.Length, command.ToString());
            return (version, answers);
        }
        catch (ProviderException garbled) when (whenLost != Aftermath.Untouched)
        {
            throw new ProviderException(garbled.Kind, whenLost, garbled.Message, garbled.Remedy, garbled);
        }
    }

    // What shall not be there is an empty file, which says nothing.
    private ValueTask PutIntoAsync(string copy, string name, string? content, CancellationToken cancellationToken) =>
        RunAsync(new HostCommand("cp", ["--", "/dev/stdin", $"{copy}/jail.d/{name}"]) { Input = Encoding.UTF8.GetBytes(content ?? "") }, cancellationToken);

    private async ValueTask<string?> TestAsync(ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        var result = await Errors.RunAsync(host, new HostCommand(Client, [.. arguments, "-t"]) { Timeout = LookTimeout }, Aftermath.Untouched, cancellationToken);
        return result.ExitCode == 0 ? null : string.Join(" | ", Complaints(result.Error).DefaultIfEmpty($"exit code {result.ExitCode}"));
    }

    private async ValueTask RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        var result = await Errors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Errors.Of(command, result, Aftermath.Untouched);
        }
    }

    // A jail that cannot be read is skipped by -d with exit code 0, and by nobody else: fail2ban would not start with it.
    private static ImmutableArray<string> Complaints(string error) =>
    [
        .. error.Split('\n').Where(line => line.Contains(": ERROR ", StringComparison.Ordinal) || line.Contains("Have not found any log file", StringComparison.Ordinal))
            .Select(line => LogHead.Replace(line, "").Trim()).Where(line => !line.StartsWith("ERROR: test configuration failed", StringComparison.Ordinal)).Distinct().Take(MostComplaints),
    ];

    private static string Text(ReadOnlyMemory<byte> output) => Encoding.UTF8.GetString(output.Span);

    [GeneratedRegex(@"^\S+ \S+ fail2ban\S*\s+\[\d+\]: (ERROR|WARNING)\s+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogHead { get; }
}
