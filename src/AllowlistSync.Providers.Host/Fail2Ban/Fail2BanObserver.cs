using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Reads what is there of fail2ban: what its files mean, what its server does, and what is ours. Two programs, three when a jail runs that no file enables.</summary>
internal sealed class Fail2BanObserver(Fail2BanTool tool, Fail2BanOptions options)
{
    // The first that reads lists of ranges by itself (ChangeLog of 1.1.1).
    private static readonly Version ListReader = new(1, 1, 1);

    /// <summary>Reads all of it.</summary>
    public async ValueTask<Fail2BanState> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        var (enabled, complaints) = await tool.DumpAsync(cancellationToken);
        var (client, server) = await ReadServerAsync([.. enabled.Keys.Where(JailName.IsValid)], cancellationToken);
        var files = await ReadFilesAsync(cancellationToken);
        var sections = files.SelectMany(file => Fail2BanReader.ReadSections(file.Text)).ToList();
        ImmutableArray<string> jails = [.. sections.Select(section => section.Jail).Concat(enabled.Keys).Where(jail => options.Keeps(jail) && JailName.IsValid(jail)).Distinct().Order(StringComparer.Ordinal)];
        var own = await ReadOwnAsync(target, cancellationToken);
        var dropIn = DropIn.Read(own.DropIn);
        return new Fail2BanState
        {
            Own = own,
            DropIn = dropIn,
            Entries = dropIn.Of(target) switch
            {
                null => [],
                { List: null } part => part.Entries,
                _ => own.List is null ? [] : RangeList.Read(own.List),
            },
            Jails = jails,
            NotInFiles = [.. sections.Where(section => section.AddsToKnown).Select(section => section.Jail).Distinct().Intersect(jails)],
            NeedsFallback = !files.Any(file => Fail2BanPlaces.IsBeforeFallback(file.Path) && Fail2BanReader.SetsDefault(file.Text)),
            Enabled = enabled,
            Server = server,
            ReadsLists = IsListReader(client) && (server is null || IsListReader(server.Version)),
            Complaints = complaints,
        };
    }

    /// <summary>Our files as they are.</summary>
    public async ValueTask<OwnFiles> ReadOwnAsync(Target target, CancellationToken cancellationToken) =>
        new(await ReadDropInAsync(Fail2BanPlaces.DropIn, cancellationToken), await ReadListAsync(target, cancellationToken), await ReadDropInAsync(Fail2BanPlaces.Fallback, cancellationToken));

    private static bool IsListReader(string version) => Version.TryParse(version.Contains('.', StringComparison.Ordinal) ? version : version + ".0", out var parsed) && parsed >= ListReader;

    private async ValueTask<(string ClientVersion, Fail2BanServer? Server)> ReadServerAsync(ImmutableArray<string> enabled, CancellationToken cancellationToken)
    {
        var (client, answers) = await tool.AskAsync(["version", "status", .. enabled.SelectMany(Questions)], cancellationToken);
        if (answers is not [var version, var status, .. var ofJails])
        {
            return (client, null);
        }

        var running = Fail2BanReader.ReadJails(status, "fail2ban-client status");
        var jails = enabled.Zip(ofJails.Chunk(2), Jail).OfType<RunningJail>().ToList();
        ImmutableArray<string> others = [.. running.Where(JailName.IsValid).Except(enabled)];
        if (!others.IsEmpty && (await tool.AskAsync([.. others.SelectMany(Questions)], cancellationToken)).Answers is { } more)
        {
            jails.AddRange(others.Zip(more.Chunk(2), Jail).OfType<RunningJail>());
        }

        return jails.Select(jail => jail.Name).ToHashSet().SetEquals(running)
            ? (client, new Fail2BanServer(version, [.. jails.OrderBy(jail => jail.Name, StringComparer.Ordinal)]))
            : throw Fail2BanReader.Garbled("fail2ban-client -i", $"jails {string.Join(", ", running)} run, and {string.Join(", ", jails.Select(jail => jail.Name))} answered");
    }

    private static string[] Questions(string jail) => [$"get {jail} ignoreip", $"get {jail} banip --with-time"];

    private static RunningJail? Jail(string name, string[] answers) =>
        Fail2BanReader.ReadIgnored(answers[0]) is { } ignored ? new RunningJail(name, ignored, [.. Fail2BanReader.ReadBans(name, answers[1])]) : null;

    private async ValueTask<string?> ReadDropInAsync(string path, CancellationToken cancellationToken) =>
        await tool.ReadAsync(path, cancellationToken) is { } text
            ? DropIn.IsOurs(text) ? text : throw Taken(path, "move it away or give it another name")
            : null;

    private async ValueTask<string?> ReadListAsync(Target target, CancellationToken cancellationToken) =>
        await tool.ReadAsync(Fail2BanPlaces.List(target), cancellationToken) is { } text
            ? RangeList.IsMarked(text, target) ? text : throw Taken(Fail2BanPlaces.List(target), $"move it away, or make its first line `{RangeList.Mark(target)}` to hand it over")
            : null;

    private static ProviderException Taken(string path, string remedy) =>
        new(FailureKind.Conflict, Aftermath.Untouched, $"{path} is there and was not made by this program; nothing was changed", remedy);

    private async ValueTask<IReadOnlyCollection<(string Path, string Text)>> ReadFilesAsync(CancellationToken cancellationToken)
    {
        var names = await tool.ListDropInsAsync(cancellationToken);
        var dropIns = names.Where(name => name is not (Fail2BanPlaces.DropInName or Fail2BanPlaces.FallbackName) && !name.StartsWith('.') && (name.EndsWith(".conf", StringComparison.Ordinal) || name.EndsWith(".local", StringComparison.Ordinal)));
        var files = new List<(string, string)>();
        foreach (var path in Fail2BanPlaces.Files.Concat(dropIns.Select(name => $"{Fail2BanPlaces.DropIns}/{name}")))
        {
            files.Add((path, await tool.ReadAsync(path, cancellationToken) ?? ""));
        }

        return files;
    }
}
