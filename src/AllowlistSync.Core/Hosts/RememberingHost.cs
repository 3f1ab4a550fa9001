using System.Collections.Concurrent;

namespace AllowlistSync.Core.Hosts;

/// <summary>
/// A host that answers a look from memory as long as nothing was changed in between: in one run no listing is made twice, however many
/// targets are on the host. A command that is not only a look makes it forget everything, before and after it runs.
/// </summary>
public sealed class RememberingHost(IHost inner) : IHost
{
    private readonly ConcurrentDictionary<string, CommandResult> _looks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        if (command.OnlyLooks)
        {
            return _looks.TryGetValue(KeyOf(command), out var known) ? known : _looks[KeyOf(command)] = await inner.RunAsync(command, cancellationToken);
        }

        _looks.Clear();
        try
        {
            return await inner.RunAsync(command, cancellationToken);
        }
        finally
        {
            _looks.Clear();
        }
    }

    private static string KeyOf(HostCommand command) => string.Join('\0', command.Arguments.Prepend(command.Program));
}
