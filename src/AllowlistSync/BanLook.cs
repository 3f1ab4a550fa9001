using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync;

/// <summary>Reads the bans of targets that hold bans, for commands that only look.</summary>
internal static class BanLook
{
    /// <summary>The bans of the session's targets on this host that keep out something of what each of them wants.</summary>
    public static async Task<ImmutableArray<TargetBans>> ReadAsync(Session session, Func<TargetConfig, PrefixSet> wanted, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<TargetBans>();
        foreach (var target in session.Targets.Where(target => Composition.DescriptorOf(target.Target).HoldsBans && HostTable.IsLocal(target)))
        {
            found.Add(await ReadAsync(session, target, wanted(target), cancellationToken));
        }

        return found.ToImmutable();
    }

    private static async Task<TargetBans> ReadAsync(Session session, TargetConfig target, PrefixSet wanted, CancellationToken cancellationToken)
    {
        try
        {
            var observed = await session.ReadAsync(target, cancellationToken);
            return new TargetBans(target.Target.Name, Bans.InTheWay(wanted, observed.Bans), null);
        }
        catch (ProviderException unreadable)
        {
            return new TargetBans(target.Target.Name, [], new Finding("bans-unreadable", Severity.Warning, $"its bans could not be read: {unreadable.Message}", unreadable.Remedy));
        }
    }
}
