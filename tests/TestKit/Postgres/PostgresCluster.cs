using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AllowlistSync.TestKit;

/// <summary>A real PostgreSQL server of a test's own: in a temporary directory, on loopback and a unix socket, as a user without rights.</summary>
public sealed partial class PostgresCluster : IAsyncDisposable
{
    /// <summary>The user who may do everything, without a password.</summary>
    public const string Superuser = "postgres";

    /// <summary>The user who needs a password, and owns no database.</summary>
    public const string Stranger = "stranger";

    /// <summary>That password.</summary>
    public const string Password = "hunter2-secret";

    private const int Quit = 3;
    private const string Nobody = "65534";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("als-pg-").FullName;
    private readonly string _programs;
    private Process? _server;
    private int _databases;

    private PostgresCluster(string programs) => _programs = programs;

    /// <summary>Where it listens.</summary>
    public int Port { get; } = QuietPort.Find();

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Starts one. Throws <see cref="SkipException"/> where PostgreSQL is not installed.</summary>
    public static async Task<PostgresCluster> StartAsync(CancellationToken cancellationToken)
    {
        var programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb"))) : null;
        var cluster = new PostgresCluster(programs ?? throw new SkipException("postgresql is missing"));
        await cluster.MakeAsync(cancellationToken);
        await cluster.LaunchAsync(cancellationToken);
        await cluster.SqlAsync("postgres", $"CREATE ROLE {Stranger} LOGIN PASSWORD '{Password}'", cancellationToken);
        return cluster;
    }

    /// <summary>A connection string, with the further settings that are given.</summary>
    public string Connection(string database, string user = Superuser, string more = "") => $"Host=127.0.0.1;Port={Port};Database={database};Username={user};{more}";

    /// <summary>Makes a database that nobody else uses, and says its name.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await SqlAsync("postgres", $"CREATE DATABASE {name} STRATEGY file_copy", cancellationToken);
        return name;
    }

    /// <summary>Runs SQL with psql; what it prints.</summary>
    public Task<string> SqlAsync(string database, string sql, CancellationToken cancellationToken) =>
        RunAsync(Path.Combine(_programs, "psql"), ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", $"{Port}", "-U", Superuser, "-d", database, "-c", sql], cancellationToken);

    /// <summary>Ends the server at once, as a crash would (pg_ctl's mode immediate).</summary>
    public async Task CrashAsync(CancellationToken cancellationToken)
    {
        _ = SendSignal(await MainProcessAsync(cancellationToken), Quit);
        await _server!.WaitForExitAsync(cancellationToken);
        _server.Dispose();
        _server = null;
    }

    /// <summary>Starts it again.</summary>
    public async Task LaunchAsync(CancellationToken cancellationToken)
    {
        string[] arguments = ["-D", Data, "-k", _directory, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200", "-c", "logging_collector=off"];
        _server = Start(Path.Combine(_programs, "postgres"), arguments);
        _ = _server.StandardOutput.ReadToEndAsync(CancellationToken.None);
        _ = _server.StandardError.ReadToEndAsync(CancellationToken.None);
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var ready = Start(Path.Combine(_programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", $"{Port}"]);
            await ready.WaitForExitAsync(cancellationToken);
            if (ready.ExitCode == 0)
            {
                return;
            }

            if (_server.HasExited || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new InvalidOperationException("PostgreSQL does not start");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await CrashAsync(CancellationToken.None);
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", [$"{Nobody}:{Nobody}", _directory], cancellationToken);
        }

        await RunAsync(Path.Combine(_programs, "initdb"), ["-D", Data, "-U", Superuser, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"], cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), $"host all {Stranger} 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\nlocal all all trust\n", cancellationToken);
    }

    // The server may run below setpriv(1); its own number is what it wrote down.
    private async Task<int> MainProcessAsync(CancellationToken cancellationToken) =>
        int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid"), cancellationToken))[0], System.Globalization.CultureInfo.InvariantCulture);

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        IEnumerable<string> all = Environment.IsPrivilegedProcess && program != "chown"
            ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", program, .. arguments]
            : [program, .. arguments];
        var start = new ProcessStartInfo(all.First(), all.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start)!;
    }

    private static async Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? (await output).TrimEnd('\n') : throw new InvalidOperationException($"{program} failed: {await error}");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}
