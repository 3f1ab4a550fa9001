namespace AllowlistSync.Core.Hosts;

/// <summary>Something on a host that shows when its firewall may have changed, so that nobody has to ask again and again. Equal watches are one.</summary>
public abstract record HostWatch
{
    private protected HostWatch()
    {
    }
}

/// <summary>A program that runs on and prints a line for each change, such as <c>nft monitor</c>.</summary>
/// <param name="Program">The program.</param>
/// <param name="Argument">Its only argument.</param>
public sealed record ProgramWatch(string Program, string Argument) : HostWatch
{
    /// <summary><c>nft monitor</c> (nft(8)): every change of tables, chains, sets, elements and rules in the kernel, whoever makes it; also those of iptables-nft.</summary>
    public static ProgramWatch NftMonitor { get; } = new("nft", "monitor");

    /// <inheritdoc/>
    public override string ToString() => $"`{Program} {Argument}`";
}

/// <summary>A file, or everything directly in a directory (inotify(7)). What is not there is watched from the next start on.</summary>
/// <param name="Path">Its path.</param>
public sealed record FileWatch(string Path) : HostWatch
{
    /// <inheritdoc/>
    public override string ToString() => Path;
}

/// <summary>Any signal of a service on the system bus.</summary>
/// <param name="Service">Its name, such as <c>org.fedoraproject.FirewallD1</c>.</param>
public sealed record BusWatch(string Service) : HostWatch
{
    /// <inheritdoc/>
    public override string ToString() => $"signals of {Service}";
}

/// <summary>Watches a host.</summary>
public interface IHostWatcher
{
    /// <summary>
    /// A text for each sign of a change, until cancelled; the first comes when the watch has begun, as nobody knows what changed before. When it cannot begin or breaks, it is a
    /// <see cref="HostException"/> (<see cref="HostFailure.NotFound"/> when there is nothing to watch).
    /// </summary>
    IAsyncEnumerable<string> WatchAsync(HostWatch watch, CancellationToken cancellationToken);
}
