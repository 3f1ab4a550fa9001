using System.CommandLine;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>ranges</c>: prints, exports, merges and compares range lists. With files it reads no configuration and asks no network.</summary>
internal static class RangesCommand
{
    private static readonly Argument<string[]> Files = new("files")
    {
        Description = "Lists to print together; - is standard input; none: the lists that are in force",
        Arity = ArgumentArity.ZeroOrMore,
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<bool> Aggregate = new("--aggregate") { Description = "Print the fewest prefixes that hold the same addresses" };

    private static readonly Option<string[]> Diff = new("--diff")
    {
        Description = "Compare two lists: + is only in B, - is only in A; exit code 1 when they differ",
        HelpName = "A B",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string> Format = MakeFormat();

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            "ranges",
            "Prints, exports, merges and compares range lists",
            "allowlist-sync ranges",
            "allowlist-sync ranges --aggregate --format json",
            "allowlist-sync ranges --format nginx-realip > /etc/nginx/cloudflare-realip.conf",
            "allowlist-sync ranges --aggregate blocklist-1.txt blocklist-2.txt > merged.txt",
            "allowlist-sync ranges --diff yesterday.txt today.txt")
        {
            Files, Aggregate, Diff, Format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, ParseResult parsed, CancellationToken cancellationToken)
    {
        var global = GlobalOptions.Read(parsed);
        var format = global.Format == OutputFormat.Json ? "json" : parsed.GetValue(Format)!;
        try
        {
            if (parsed.GetValue(Diff) is [var before, var after])
            {
                return await CompareAsync(shell, await RangeFiles.ReadSetAsync(before, shell.In, cancellationToken), await RangeFiles.ReadSetAsync(after, shell.In, cancellationToken));
            }

            var files = parsed.GetValue(Files) ?? [];
            if (files.Length == 0)
            {
                return await RangesInForce.PrintAsync(shell, global, parsed.GetValue(Aggregate), format, cancellationToken);
            }

            await PrintFilesAsync(shell, files, parsed.GetValue(Aggregate), format, cancellationToken);
            return ExitCodes.Ok;
        }
        catch (UnreadableListException unreadable)
        {
            await shell.Error.WriteLineAsync(unreadable.Message);
            return ExitCodes.Failed;
        }
    }

    private static async Task PrintFilesAsync(Shell shell, string[] files, bool aggregate, string format, CancellationToken cancellationToken)
    {
        if (!aggregate)
        {
            var listed = new List<IpPrefix>();
            foreach (var file in files)
            {
                listed.AddRange(await RangeFiles.ReadListAsync(file, shell.In, cancellationToken));
            }

            RangeFormats.Write(listed.Distinct().Order(), format, shell.Out);
            return;
        }

        var all = PrefixSet.Empty;
        foreach (var file in files)
        {
            all = all.Union(await RangeFiles.ReadSetAsync(file, shell.In, cancellationToken));
        }

        RangeFormats.Write(all, format, shell.Out);
    }

    private static async Task<int> CompareAsync(Shell shell, PrefixSet before, PrefixSet after)
    {
        var delta = PrefixSetDelta.Between(before, after);
        foreach (var (sign, set) in new[] { ('-', delta.Removed), ('+', delta.Added) })
        {
            foreach (var prefix in set.Prefixes())
            {
                await shell.Out.WriteLineAsync($"{sign} {prefix}");
            }
        }

        return delta.IsEmpty ? ExitCodes.Ok : ExitCodes.Differences;
    }

    private static Option<string> MakeFormat()
    {
        var option = new Option<string>("--format", "-f")
        {
            Description = $"text (one a line), json, csv, nft (a variable for each family, to include), or a file for another program, with the fewest prefixes: {string.Join(", ", RangeFormats.Names.Skip(4))}",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => "text",
        };
        return option.AcceptOnlyFromAmong(RangeFormats.Names);
    }
}
