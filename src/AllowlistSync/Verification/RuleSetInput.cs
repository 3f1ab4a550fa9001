using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Reachability.Collecting;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Verification;

/// <summary>The rule set that is verified, and how it was come by.</summary>
/// <param name="RuleSet">The rule set.</param>
/// <param name="Name">For people.</param>
internal sealed record RuleSetInput(RuleSet RuleSet, string Name)
{
    public bool IsLive { get; init; }

    public ImmutableArray<string> Notes { get; init; } = [];

    public ImmutableArray<CollectionTime> Times { get; init; } = [];

    /// <summary>Reads files, or asks the tools of a host.</summary>
    /// <exception cref="VerificationException">It cannot be read.</exception>
    public static async Task<RuleSetInput> ReadAsync(VerifyArguments arguments, IHost host, TextReader input, CancellationToken cancellationToken)
    {
        try
        {
            var read = arguments.RuleSets.IsEmpty ? await OfHostAsync(host, cancellationToken) : await OfFilesAsync(arguments.RuleSets, input, cancellationToken);
            return UnknownInterface(arguments.Interface, read.RuleSet.Host) is { } note ? read with { Notes = read.Notes.Add(note) } : read;
        }
        catch (DumpException unreadable)
        {
            throw new VerificationException(unreadable.Message, unreadable.Remedy, unreadable);
        }
        catch (CollectionException refused)
        {
            throw new VerificationException(refused.Message, refused.Remedy, refused);
        }
    }

    private static async Task<RuleSetInput> OfHostAsync(IHost host, CancellationToken cancellationToken)
    {
        var collection = await LiveRuleSet.CollectAsync(host, LiveRuleSet.DefaultLimit, cancellationToken);
        var ruleSet = RuleSetReader.Read(collection.Dumps);
        return new RuleSetInput(ruleSet with { Gaps = ruleSet.Gaps.AddRange(collection.Gaps) }, "the live rule set")
        {
            IsLive = true,
            Notes = collection.Notes,
            Times = [.. collection.Times.Select(time => new CollectionTime(time.Command, time.Elapsed, time.Bytes))],
        };
    }

    private static async Task<RuleSetInput> OfFilesAsync(ImmutableArray<string> paths, TextReader input, CancellationToken cancellationToken)
    {
        var dumps = new List<Dump>();
        foreach (var path in paths.SelectMany(FilesOf))
        {
            dumps.Add(await ReadFileAsync(path, input, cancellationToken));
        }

        // Blanks and empty JSON lists say nothing of rules either.
        if (dumps.TrueForAll(static dump => dump.Content.Span.Trim(" \t\r\n[]"u8).IsEmpty))
        {
            throw new VerificationException($"{Named(paths)}: nothing is in it", "take the dumps again as root: an empty file mostly means that the tool failed");
        }

        var empty = dumps.Where(dump => IsEmptyDump(dump, paths)).ToList();
        return new RuleSetInput(RuleSetReader.Read([.. dumps.Except(empty)]), Named(paths))
        {
            Notes = [.. empty.Select(dump => $"{dump.Name} is empty: taken for a tool that had nothing to print")],
        };
    }

    // No error: an interface may come later, such as that of a tunnel, and its rules are there already.
    private static string? UnknownInterface(string? name, HostFacts host) =>
        name is null || host.Interfaces.IsDefault || host.Interfaces.Any(known => known.Name == name) ? null
            : $"there is no interface {name} now (there is {string.Join(", ", host.Interfaces.Select(known => known.Name).Take(8))}); the verdicts are for packets that would come through one of that name";

    private static string Named(ImmutableArray<string> paths) => string.Join(", ", paths.Select(path => path == "-" ? "standard input" : path));

    // iptables-save, ipset save and nft's text print nothing when there is nothing; nft's JSON always prints something. A file that
    // was named is meant to hold something, and a folder without anything is no dump of a host.
    private static bool IsEmptyDump(Dump dump, ImmutableArray<string> named)
    {
        if (!dump.Content.Span.Trim(" \r\n\t"u8).IsEmpty)
        {
            return false;
        }

        return !named.Contains(dump.Name) && !dump.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            ? true
            : throw new VerificationException($"{dump.Name} is empty", "take the dump again as root: an empty file mostly means that the tool failed");
    }

    private static IEnumerable<string> FilesOf(string path)
    {
        if (path == "-" || !Directory.Exists(path))
        {
            return [path];
        }

        var files = Guarded(path, () => Directory.EnumerateFiles(path).Where(file => !Path.GetFileName(file).StartsWith('.')).Order(StringComparer.Ordinal).ToList());
        return files.Count > 0 ? files : throw new VerificationException($"{path} is a folder without files", "save dumps into it, for example `nft -j list ruleset > nft.json`");
    }

    private static async Task<Dump> ReadFileAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        if (path == "-")
        {
            return new Dump("standard input", Encoding.UTF8.GetBytes(await input.ReadToEndAsync(cancellationToken)));
        }

        try
        {
            return new Dump(path, await File.ReadAllBytesAsync(path, cancellationToken));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, unreadable);
        }
    }

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, unreadable);
        }
    }

    private static VerificationException Unreadable(string path, Exception cause) =>
        new($"{path} cannot be read: {cause.Message}", "name a file or a folder with dumps (`nft -j list ruleset`, iptables-save, ipset save), or - for standard input", cause);
}
