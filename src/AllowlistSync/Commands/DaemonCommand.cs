using System.CommandLine;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Output;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Commands;

/// <summary><c>daemon</c>: keeps the targets in sync by a schedule and whenever something changes on the host, until it is told to end.</summary>
internal static class DaemonCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "daemon";

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private static readonly Option<string> LogFormat = new("--log")
    {
        Description = "How the log is written: `journal` with the priorities of systemd (the default where systemd reads it), `text`, or `json`",
        HelpName = "journal|text|json",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is null ? "text" : "journal",
    };

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            Name,
            "Keeps the targets in sync: by the schedule, and within seconds when something else changes a firewall. SIGHUP reads the configuration again, SIGTERM ends it",
            "allowlist-sync daemon",
            "allowlist-sync daemon --log json")
        {
            LogFormat,
        };
        LogFormat.AcceptOnlyFromAmong("journal", "text", "json");
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(LogFormat)!, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, GlobalArguments arguments, string logFormat, CancellationToken cancellationToken)
    {
        if (arguments.Format == OutputFormat.Json)
        {
            await shell.Error.WriteLineAsync("--output json: a daemon writes a log and no report; give --log json, or ask `allowlist-sync status --output json`");
            return ExitCodes.Usage;
        }

        await using var frame = new DaemonFrame(shell with { ShowsProgress = false, CanAsk = false }, arguments);
        var (config, problems, exitCode) = await frame.LoadAsync(cancellationToken);
        if (config is null)
        {
            await shell.Error.WriteLineAsync(string.Join('\n', problems));
            return exitCode;
        }

        try
        {
            await frame.Lock.TakeAsync(frame.OpenState(config), cancellationToken);
            using var host = Build(frame, config, logFormat);
            await host.RunAsync(cancellationToken);
            return ExitCodes.Ok;
        }
        catch (TargetLockedException locked)
        {
            await shell.Error.WriteLineAsync($"another daemon keeps its state there: {locked.Holder}; end it first, or give this one a `state` of its own");
            return ExitCodes.Locked;
        }
        catch (StateException failure)
        {
            await shell.Error.WriteLineAsync($"{failure.Message}; {failure.Remedy}");
            return ExitCodes.Failed;
        }
    }

    private static IHost Build(DaemonFrame frame, Configuration.AllowlistConfig config, string logFormat)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddFilter("Quartz", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning).SetMinimumLevel(LogLevel.Information);
        _ = logFormat switch
        {
            "journal" => builder.Logging.AddSystemdConsole(),
            "json" => builder.Logging.AddJsonConsole(options => (options.TimestampFormat, options.UseUtcTimestamp) = ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", true)),
            _ => builder.Logging.AddSimpleConsole(options => (options.SingleLine, options.TimestampFormat, options.UseUtcTimestamp) = (true, "yyyy-MM-dd HH:mm:ss'Z' ", true)),
        };
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = LongestStop);
        builder.Services.AddSingleton<IHostedService>(services => new DaemonService(frame, config, services.GetRequiredService<ILoggerFactory>()));
        return builder.Build();
    }
}
