using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace AllowlistSync.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Lines that can be copied into a shell.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}

/// <summary>Puts the examples of a command, and the exit codes, under its help.</summary>
internal static class HelpWithExamples
{
    private const string ExitCodeText =
        """
        Exit codes:
          0 in sync or done   1 differences   2 failed   3 refused by a guard or a safety rule
          4 partly done       5 locked        64 wrong usage   78 wrong configuration
        """;

    /// <summary>Replaces the action of the help option, which all commands share.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Action((HelpAction)help.Action!);
    }

    private sealed class Action(HelpAction standard) : SynchronousCommandLineAction
    {
        // `completion --help` lacks an argument and is right all the same.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var result = standard.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            if (parseResult.CommandResult.Command is ExampleCommand { Examples.Count: > 0 } command)
            {
                output.WriteLine("Examples:");
                foreach (var example in command.Examples)
                {
                    output.WriteLine("  " + example);
                }

                output.WriteLine();
            }

            output.WriteLine(ExitCodeText);
            return result;
        }
    }
}
