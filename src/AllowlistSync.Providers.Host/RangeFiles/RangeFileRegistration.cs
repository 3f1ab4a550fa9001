using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>What this provider is.</summary>
public static class RangeFileRegistration
{
    private const string NoPackets = "a file lets no packet in or out by itself: the program that reads it does, and nginx, Apache and HAProxy are shown to do so by tests of their own";

    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = RangeFileProvider.ProviderName,
        Summary = "a file that another program reads (nginx, Apache, HAProxy, Caddy, Varnish, ModSecurity, nft, ipset, Terraform): written whole, then checked and reloaded by your commands, or put back",
        Atomicity = Atomicity.Transaction,
        Features = ["preflight", "snapshot", "ipv4", "ipv6"],
        Limits = [],
        Settings = RangeFileOptions.Fields,
        IsFirewall = false,
        Gaps =
        [
            new DeclaredGap("A4", NoPackets),
            new DeclaredGap("A6", "a list has no ports: they are left to the program that reads it"),
            new DeclaredGap("L2", "a file has no limit of its own; what a program takes, its check says"),
            new DeclaredGap("O1", "the whole file is ours: a line of somebody else in it is told (`edited`) and goes, and stays in the way back"),
            new DeclaredGap("O2", "a file has one owner: another owner's is a conflict, so two cannot keep one path"),
            new DeclaredGap("O4", "the order of a list means nothing, so nothing can stand ahead of it"),
            new DeclaredGap("P2", "every format holds both families, so there is nothing that cannot be held"),
            new DeclaredGap("R3", "the whole file is ours: a line that is no prefix is told (`edited`) and goes with the next apply"),
            new DeclaredGap("R4", "no program is asked when it is read, so none can answer wrongly; a file that cannot be read is a fault of its own"),
            new DeclaredGap("S5", "whether it is in force after a start is told by packets, and the program that reads it decides"),
            new DeclaredGap("T6", NoPackets),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(
        Descriptor, RangeFileOptions.Check, (settings, place) => new RangeFileProvider(RangeFileOptions.From(settings), place), DetectAsync)
    {
        Watches = settings => [new FileWatch(RangeFileOptions.From(settings).Path)],
    };

    // Where a list belongs, and which program reads it, nobody can guess.
    private static ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken) => ValueTask.FromResult(new Detection(
        Found: false, "keeps a list for a web server, a cache or a script, so that visitors' addresses are restored or only Cloudflare gets in; it is configured by hand (`path`, `format`, `check`, `reload`)", []));
}
