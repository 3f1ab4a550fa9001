using System.Collections.Immutable;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>
/// A change, as steps: files that hold old and new, then the server, then files that hold the new only. What our files say is what is ours, so they name a prefix as long as the server may ignore it because of us:
/// a kill between two steps leaves nothing that the next run takes for the operator's.
/// </summary>
/// <param name="Before">The files as they are.</param>
/// <param name="Between">The files while the server is told.</param>
/// <param name="After">The files as they shall be.</param>
/// <param name="Commands">What the server is told.</param>
/// <param name="Undo">What takes that back; bans that were lifted stay lifted.</param>
internal sealed record Fail2BanEdit(OwnFiles Before, OwnFiles Between, OwnFiles After, ImmutableArray<Fail2BanCommand> Commands, ImmutableArray<Fail2BanCommand> Undo)
{
    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Before == After && Commands.IsEmpty;
}
