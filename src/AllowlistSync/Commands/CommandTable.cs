using System.Collections.Immutable;
using System.CommandLine;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary>All commands, in the order of the help.</summary>
internal static class CommandTable
{
    private static readonly ImmutableArray<Func<Shell, Command>> Commands =
    [
        InitCommand.Create,
        DiffCommand.Create,
        ApplyCommand.Create,
        ConfirmCommand.Create,
        RollbackCommand.Create,
        ProposeCommand.Create,
        VerifyCommand.Create,
        DaemonCommand.Create,
        NotifyCommand.Create,
        StatusCommand.Create,
        RangesCommand.Create,
        ProvidersCommand.Create,
        RemoveCommand.Create,
        ConfigCommand.Create,
        CompletionCommand.Create,
        UndoGuardCommand.Create,
    ];

    /// <summary>Parses and runs; wrong usage is exit code 64.</summary>
    public static async Task<int> InvokeAsync(string[] args, Shell shell)
    {
        var parsed = Root(shell).Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await shell.Error.WriteLineAsync(error.Message);
            }

            if (parsed.CommandResult.Command is { Action: null, Subcommands: [_, ..] below })
            {
                await shell.Error.WriteLineAsync($"write one of: {string.Join(", ", below.Where(command => !command.Hidden).Select(command => command.Name))}");
            }

            await shell.Error.WriteLineAsync("nothing was done; `allowlist-sync --help` lists commands and options");
            return ExitCodes.Usage;
        }

        var exitCode = await parsed.InvokeAsync(Configuration(parsed, shell));
        return args.Length == 0 ? ExitCodes.Usage : exitCode;
    }

    // A daemon ends by itself when it is told to, and needs more time than a command.
    private static InvocationConfiguration Configuration(ParseResult parsed, Shell shell)
    {
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = shell.Out, Error = shell.Error };
        if (parsed.CommandResult.Command.Name == DaemonCommand.Name)
        {
            configuration.ProcessTerminationTimeout = null;
        }

        return configuration;
    }

    /// <summary>The root command with all others.</summary>
    public static RootCommand Root(Shell shell)
    {
        var root = new RootCommand("Keeps firewalls open for Cloudflare: fetches the published ranges, compares them with what the firewall lets in, and applies or proposes the difference.")
        {
            GlobalOptions.Config,
            GlobalOptions.Output,
            GlobalOptions.Target,
        };
        foreach (var create in Commands)
        {
            root.Add(create(shell));
        }

        HelpWithExamples.AddTo(root);
        return root;
    }
}
