using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>Reads what is there of CSF: its configuration, its lists with all that they include, our files, and its chains in the kernel.</summary>
internal sealed class CsfObserver(CsfTool tool)
{
    // CSF itself reads a file that includes itself for ever.
    private const int MostFiles = 200;

    /// <summary>Reads all of it, as one target sees it.</summary>
    public async ValueTask<CsfState> ReadAsync(CsfMark mark, CancellationToken cancellationToken)
    {
        await tool.RequireInstalledAsync(cancellationToken);
        var text = await tool.ReadAsync(CsfPlaces.Configuration, cancellationToken)
            ?? throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"{CsfPlaces.Configuration} is not there, so csf cannot work; nothing was changed", "install CSF again, or put its configuration back");
        var configuration = CsfReader.ReadConfiguration(text);
        await tool.RequireTablesAsync(configuration, cancellationToken);
        var (allow, ignore) = (await ReadListAsync(CsfPlaces.Allow, cancellationToken), await ReadListAsync(CsfPlaces.Ignore, cancellationToken));
        return new CsfState
        {
            Configuration = configuration,
            IsDisabled = await tool.ReadAsync(CsfPlaces.Disabled, cancellationToken) is not null,
            Error = (await tool.ReadAsync(CsfPlaces.Error, cancellationToken))?.Trim(),
            Allow = allow,
            Ignore = ignore,
            Deny = await ReadListAsync(CsfPlaces.Deny, cancellationToken),
            TemporaryBans = await tool.ReadAsync(CsfPlaces.TemporaryBans, cancellationToken) ?? "",
            TemporaryAllows = await tool.ReadAsync(CsfPlaces.TemporaryAllows, cancellationToken) ?? "",
            OwnAllow = await ReadOwnAsync(allow, mark.AllowFile, cancellationToken),
            OwnIgnore = await ReadOwnAsync(ignore, mark.IgnoreFile, cancellationToken),
            Chains = [.. await Task.WhenAll(Families(configuration).Select(family => tool.ReadChainAsync(configuration, family, cancellationToken).AsTask()))],
            Lfd = await tool.ReadLfdAsync(cancellationToken),
        };
    }

    private static IpFamily[] Families(CsfConfiguration configuration) => configuration.HasIPv6 ? [IpFamily.IPv4, IpFamily.IPv6] : [IpFamily.IPv4];

    private async ValueTask<CsfOwnFile> ReadOwnAsync(CsfList list, string path, CancellationToken cancellationToken) =>
        new(path, await tool.ReadAsync(path, cancellationToken), list.Files.Sum(file => file.Includes.Count(included => included == path)));

    private async ValueTask<CsfList> ReadListAsync(string path, CancellationToken cancellationToken)
    {
        var paths = new List<string> { path };
        var files = ImmutableArray.CreateBuilder<CsfFile>();
        for (var at = 0; at < paths.Count; at++)
        {
            if (at == MostFiles)
            {
                throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"{path} includes more than {MostFiles} files, or one that includes itself: csf would read it for ever; nothing was changed", $"take the line out that includes {paths[^1]}");
            }

            var file = new CsfFile(paths[at], await tool.ReadAsync(paths[at], cancellationToken));
            files.Add(file);
            paths.AddRange(file.Includes.Where(included => included.StartsWith('/')));
        }

        return new CsfList(files.DrainToImmutable());
    }
}
