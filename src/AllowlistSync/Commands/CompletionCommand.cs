using System.CommandLine;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>completion</c>: scripts for shells. They ask the program itself (its <c>[suggest]</c> directive), so they never go stale.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        # eval "$(allowlist-sync completion bash)"
        _allowlist_sync() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(allowlist-sync "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _allowlist_sync allowlist-sync
        """;

    private const string Zsh =
        """
        # eval "$(allowlist-sync completion zsh)"
        _allowlist_sync() {
            local -a suggestions
            suggestions=("${(@f)$(allowlist-sync "[suggest:${#BUFFER}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${suggestions[@]}"
        }
        compdef _allowlist_sync allowlist-sync
        """;

    private const string Fish =
        """
        # allowlist-sync completion fish | source
        complete -f -c allowlist-sync -a '(allowlist-sync "[suggest:"(string length (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
        """;

    public static Command Create(Shell shell)
    {
        var kind = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        kind.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new ExampleCommand("completion", "Prints a completion script for a shell", "eval \"$(allowlist-sync completion bash)\"", "allowlist-sync completion fish | source") { kind };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await shell.Out.WriteLineAsync(ScriptFor(parsed.GetRequiredValue(kind)).AsMemory(), cancellationToken);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string ScriptFor(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };
}
