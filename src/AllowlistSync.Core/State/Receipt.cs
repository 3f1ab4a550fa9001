using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.State;

/// <summary>How far an apply came.</summary>
public enum ReceiptStage
{
    /// <summary>Written before the first change: if a process dies now, the target holds the old state or the new one.</summary>
    Applying,

    /// <summary>The change is made and was read back.</summary>
    Applied,

    /// <summary>The change was undone.</summary>
    Undone,

    /// <summary>The change failed and nothing was touched.</summary>
    Failed,
}

/// <summary>
/// What was done to a target last, and how to undo it. Written before the change, so that no undo can be lost. What an earlier version did not write yet is read as none: the source-generated reader hands
/// over the type's default for it, past the initializer.
/// </summary>
public sealed record Receipt
{
    /// <summary>The run that made it.</summary>
    public required string RunId { get; init; }

    /// <summary>The target.</summary>
    public required string Target { get; init; }

    /// <summary>The firewall object that was changed; see <see cref="Desired.Target.Place"/>.</summary>
    public string Place { get; init => field = value ?? ""; } = "";

    /// <summary>The fingerprint of the plan.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>When the apply began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How far it came.</summary>
    public required ReceiptStage Stage { get; init; }

    /// <summary>Our things as they were before; null for targets that cannot be put back.</summary>
    public TargetSnapshot? Before { get; init; }

    /// <summary>What our entries let in afterwards.</summary>
    public required TrafficSet Result { get; init; }

    /// <summary>The bans that it lifted. An undo does not bring them back.</summary>
    public ImmutableArray<Ban> Lifted { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What the last apply before this one let in, if it stood; null when none ever stood. It counts again when this one is undone.</summary>
    public TrafficSet? Standing { get; init; }

    /// <summary>What was in an unmarked target before our first apply and was wanted anyway; `remove` leaves it.</summary>
    public TrafficSet Found { get; init => field = value ?? TrafficSet.Empty; } = TrafficSet.Empty;

    /// <summary>What stands because of us in the target, as far as it is known from here; null when no apply ever stood.</summary>
    [JsonIgnore]
    public TrafficSet? LastStanding => Stage is ReceiptStage.Applying or ReceiptStage.Applied ? Result : Standing;

    /// <summary>Until when the change must be confirmed; null when it need not be, or was.</summary>
    public DateTimeOffset? ConfirmBy { get; init; }

    /// <summary>True while a confirmation is awaited.</summary>
    [JsonIgnore]
    public bool AwaitsConfirmation => ConfirmBy is not null && Stage is ReceiptStage.Applying or ReceiptStage.Applied;
}
