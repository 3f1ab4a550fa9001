using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>Watches this machine: a program's lines, inotify(7), signals of the system bus. Sleeps until something happens.</summary>
public sealed class LocalWatcher(LocalHost host, SystemBus bus) : IHostWatcher
{
    /// <summary>The text of the first sign.</summary>
    public const string Begun = "the watch began";

    /// <inheritdoc/>
    public IAsyncEnumerable<string> WatchAsync(HostWatch watch, CancellationToken cancellationToken) => watch switch
    {
        ProgramWatch program => LinesAsync(program, cancellationToken),
        FileWatch file => ChangesAsync(file, cancellationToken),
        BusWatch signals => SignalsAsync(signals, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(watch), watch, "a kind of watch without a line here"),
    };

    private async IAsyncEnumerable<string> LinesAsync(ProgramWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = Started(watch, cancellationToken);
        yield return Begun;
        await foreach (var line in lines)
        {
            yield return line;
        }
    }

    private async IAsyncEnumerable<string> Started(ProgramWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var lines = host.LinesAsync(new HostCommand(watch.Program, [watch.Argument]), cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(lines, watch))
        {
            yield return lines.Current;
        }
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<string> lines, ProgramWatch watch)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (Win32Exception missing)
        {
            throw new HostException(HostFailure.NotFound, $"{watch.Program} is not installed on {host.Name}", missing);
        }
    }

    private static async IAsyncEnumerable<string> ChangesAsync(FileWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isDirectory = Directory.Exists(watch.Path);
        var directory = isDirectory ? watch.Path : Path.GetDirectoryName(watch.Path)!;
        if (!Directory.Exists(directory))
        {
            throw new HostException(HostFailure.NotFound, $"{directory} is not there");
        }

        var signs = Signs();
        using var files = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite };
        if (!isDirectory)
        {
            files.Filter = Path.GetFileName(watch.Path);
        }

        void Tell(object sender, FileSystemEventArgs change) => signs.Writer.TryWrite($"{change.FullPath} {Word(change.ChangeType)}");
        files.Created += Tell;
        files.Changed += Tell;
        files.Deleted += Tell;
        files.Renamed += (sender, change) => Tell(sender, change);

        // More changes than the kernel could keep: some happened.
        files.Error += (_, _) => signs.Writer.TryWrite($"{directory} changed");
        using var place = PlaceOf(directory, signs.Writer);
        files.EnableRaisingEvents = true;
        yield return Begun;
        await foreach (var sign in signs.Reader.ReadAllAsync(cancellationToken))
        {
            yield return sign;
        }
    }

    // inotify(7) watches what a path meant at the beginning: of a directory that is taken away and made anew, as by a package that is installed again, nothing more would be heard.
    private static FileSystemWatcher? PlaceOf(string directory, ChannelWriter<string> signs)
    {
        if (Path.GetDirectoryName(directory) is not { } above)
        {
            return null;
        }

        var place = new FileSystemWatcher(above, Path.GetFileName(directory)) { NotifyFilter = NotifyFilters.DirectoryName };
        void Gone(object sender, FileSystemEventArgs change) => signs.TryComplete(new HostException(HostFailure.FileFailed, $"{directory} was taken away or replaced"));
        place.Deleted += Gone;
        place.Renamed += (sender, change) => Gone(sender, change);
        place.EnableRaisingEvents = true;
        return place;
    }

    private async IAsyncEnumerable<string> SignalsAsync(BusWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var signs = Signs();
        var listening = ListenAsync(watch, signs.Writer, cancellationToken);
        await foreach (var sign in signs.Reader.ReadAllAsync(cancellationToken))
        {
            yield return sign;
        }

        await listening;
    }

    private async Task ListenAsync(BusWatch watch, ChannelWriter<string> signs, CancellationToken cancellationToken)
    {
        try
        {
            await bus.ListenAsync(watch.Service, () => signs.TryWrite(Begun), signal => signs.TryWrite(signal), cancellationToken);
            throw new HostException(HostFailure.NotFound, $"the system bus was lost while {watch} were awaited");
        }
        finally
        {
            signs.TryComplete();
        }
    }

    // One that nobody has read yet tells as much as a hundred.
    private static Channel<string> Signs() => Channel.CreateBounded<string>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropWrite });

    private static string Word(WatcherChangeTypes change) => change switch
    {
        WatcherChangeTypes.Created => "was made",
        WatcherChangeTypes.Deleted => "was deleted",
        WatcherChangeTypes.Renamed => "was put there",
        _ => "was written",
    };
}
