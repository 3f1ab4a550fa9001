using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>
/// The programs and files of ufw's host: arguments, and what exit codes and messages mean (captured from iptables 1.8.9 of both kinds under LC_ALL=C). The only place
/// that looks at their English. ufw itself is not run: what it would run is.
/// </summary>
internal sealed partial class UfwTool(IHost host, TimeProvider time)
{
    private const UnixFileMode RulesMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private static readonly TimeSpan ProgramTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private const string BadLine = "mend that line; `ufw reload` would fail on it as well and leave this host without rules of yours";

    private static readonly ProgramErrors Errors = new()
    {
        Messages =
        [
            new("Permission denied", FailureKind.Permission, "run as root, or with the capability CAP_NET_ADMIN"),
            new("Another app is currently holding the xtables lock", FailureKind.Transient, "run again when the other program has ended"),
            new("at line: ", FailureKind.Conflict, BadLine),
            new("at line ", FailureKind.Conflict, BadLine),
            new("RULE_APPEND failed", FailureKind.Conflict, BadLine),
        ],
        Unknown = "this message of iptables is not known to us: please report it together with `iptables --version`",
        Install = "install it (Debian: `apt install iptables`)",
        Afresh = "the next run reads ufw's files and the kernel afresh",
    };

    /// <summary>Throws when ufw is not installed: its files and chains may outlive it.</summary>
    public async ValueTask RequireInstalledAsync(CancellationToken cancellationToken)
    {
        foreach (var program in UfwPlaces.Programs)
        {
            if (await ReadAsync(program, cancellationToken) is not null)
            {
                return;
            }
        }

        throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"ufw is not installed on {host.Name}: none of {string.Join(", ", UfwPlaces.Programs)} is there", "install it (Debian: `apt install ufw`), or use the provider of the firewall that is in use");
    }

    /// <summary>Which tables iptables works on.</summary>
    public async ValueTask<UfwBackend> ReadBackendAsync(CancellationToken cancellationToken)
    {
        var command = new HostCommand("iptables", ["--version"]) { OnlyLooks = true };
        var result = await Errors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        var version = Encoding.UTF8.GetString(result.Output.Span);
        return version switch
        {
            _ when result.ExitCode != 0 => throw Errors.Of(command, result, Aftermath.Untouched),
            _ when version.Contains("(nf_tables)", StringComparison.Ordinal) => UfwBackend.Nft,
            _ when version.Contains("(legacy)", StringComparison.Ordinal) => UfwBackend.Legacy,
            _ => throw new ProviderException(FailureKind.Protocol, Aftermath.Untouched, $"`{command}` does not say which tables it works on: {version.Trim()}", "iptables 1.8 or newer is needed"),
        };
    }

    /// <summary>The chain of the user's rules; null when it is not there.</summary>
    public async ValueTask<UfwChain?> ReadChainAsync(UfwBackend backend, IpFamily family, CancellationToken cancellationToken)
    {
        var command = new HostCommand($"{Prefix(family)}-{(backend == UfwBackend.Nft ? "nft" : "legacy")}-save", []) { OnlyLooks = true, Timeout = ProgramTimeout };
        var result = await Errors.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        return result.ExitCode == 0
            ? UfwReader.ReadChain(Encoding.UTF8.GetString(result.Output.Span), family, command.ToString())
            : throw Errors.Of(command, result, Aftermath.Untouched);
    }

    /// <summary>Lets iptables-restore read a file without loading it.</summary>
    public ValueTask TestAsync(UfwBackend backend, IpFamily family, string rules, CancellationToken cancellationToken) =>
        RestoreAsync(backend, family, rules, Aftermath.Untouched, ["--test"], cancellationToken);

    /// <summary>Loads a file as ufw does (<c>_reload_user_rules</c> of ufw 0.36.2); one transaction. It is unknown what happened only when the answer is lost.</summary>
    public ValueTask LoadAsync(UfwBackend backend, IpFamily family, string rules, CancellationToken cancellationToken) =>
        RestoreAsync(backend, family, rules, Aftermath.Unknown, [], cancellationToken);

    /// <summary>A file; null when there is none.</summary>
    public async ValueTask<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await host.Files.ReadAsync(path, cancellationToken) is { } file ? UfwRulesFile.Decode(file.Content) : null;
        }
        catch (HostException failed)
        {
            throw Failure(failed, "nothing was changed");
        }
    }

    /// <summary>Puts a file in the place of another.</summary>
    public async ValueTask ReplaceAsync(string path, string content, CancellationToken cancellationToken)
    {
        try
        {
            await host.Files.ReplaceAsync(path, UfwRulesFile.Encode(content), RulesMode, cancellationToken);
        }
        catch (HostException failed)
        {
            throw Failure(failed, "make room on its disk or make it writable, then run again");
        }
    }

    /// <summary>Takes the lock that every ufw command holds while it works; waits for ten seconds at most.</summary>
    public async ValueTask<IAsyncDisposable> LockAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await PatientLock.TakeAsync(host.Files, UfwPlaces.Lock, LockPatience, time, cancellationToken)
                ?? throw new ProviderException(FailureKind.Transient, Aftermath.Untouched, $"another ufw is running: {UfwPlaces.Lock} was held for {LockPatience.TotalSeconds:0} s; nothing was changed", $"run again when it has ended; `fuser {UfwPlaces.Lock}` names it");
        }
        catch (HostException failed)
        {
            throw Failure(failed, "run as root");
        }
    }

    private static string Prefix(IpFamily family) => family == IpFamily.IPv4 ? "iptables" : "ip6tables";

    // Without -w iptables-legacy waits for the lock of the tables for ever (measured with 1.8.9); iptables-nft takes none.
    private async ValueTask RestoreAsync(UfwBackend backend, IpFamily family, string rules, Aftermath whenLost, ImmutableArray<string> more, CancellationToken cancellationToken)
    {
        ImmutableArray<string> wait = backend == UfwBackend.Legacy ? ["-w", "10"] : [];
        var command = new HostCommand($"{Prefix(family)}-restore", ["-n", .. wait, .. more]) { Input = UfwRulesFile.Encode(rules), Timeout = ProgramTimeout };
        var result = await Errors.RunAsync(host, command, whenLost, cancellationToken);
        if (result.ExitCode != 0)
        {
            throw Errors.Of(command, result, whenLost, Quote(result.Error, rules, family));
        }
    }

    private static ProviderException Failure(HostException failed, string remedy) => failed.Failure switch
    {
        HostFailure.Denied => new(FailureKind.Permission, Aftermath.Untouched, failed.Message, "run as root: ufw's files belong to root", failed),
        HostFailure.TimedOut => new(FailureKind.Transient, Aftermath.Untouched, failed.Message, "run again", failed),
        _ => new(FailureKind.Unavailable, Aftermath.Untouched, failed.Message, remedy, failed),
    };

    private static string Quote(string error, string rules, IpFamily family)
    {
        var match = LineNumber.Match(error);
        var lines = rules.Split('\n');
        return match.Success && int.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= lines.Length
            ? $" (line {number} of {UfwPlaces.Rules(family)}: {lines[number - 1].TrimEnd()})"
            : "";
    }

    [GeneratedRegex(@"\bline:? (?<number>\d+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LineNumber { get; }
}
