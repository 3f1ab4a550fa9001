using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>A file that is loaded into the filter table at boot, and what of ours is in it.</summary>
/// <param name="Family">Its family.</param>
/// <param name="Path">The file.</param>
/// <param name="SetsPath">The file of sets that is loaded before it; null where none is, so that a rule that asks a set would keep the whole file from being loaded.</param>
/// <param name="Problem">Why it cannot be worked on; null when it can.</param>
public sealed record PersistentState(IpFamily Family, string Path, string? SetsPath, string? Problem)
{
    /// <summary>What concerns us in it; null when it cannot be worked on.</summary>
    public PlaceState? Place { get; init; }

    /// <summary>What it will let in because of us, when it is loaded.</summary>
    public TrafficSet Allowed { get; init; } = TrafficSet.Empty;

    /// <summary>A digest of it and of the file of sets.</summary>
    public string Digest { get; init; } = "";

    /// <summary>True when it can be worked on.</summary>
    public bool IsUsable => Place is not null;

    /// <summary>True when something of ours is in it.</summary>
    public bool HoldsOurs => Place is { HoldsOurs: true };

    /// <summary>What is worth telling.</summary>
    public IEnumerable<Finding> Findings => Problem is null
        ? []
        : [new Finding("persistent-file", Severity.Warning, $"{Path} {Problem}; it is left alone, and after a reboot it says nothing of ours", "mend the file; until then the timer or the boot unit of allowlist-sync puts ours back after a reboot")];

    /// <summary>In which form prefixes stand in it.</summary>
    public PrefixForm FormFor(PrefixForm kernel) => kernel == PrefixForm.Sets && SetsPath is not null ? PrefixForm.Sets : PrefixForm.Rules;

    /// <summary>True when a reboot brings back this traffic and nothing else of ours.</summary>
    public bool Holds(TrafficSet traffic, PrefixForm kernel) => traffic.IsEmpty && !HoldsOurs
        || (Place is { HasChain: true, Jump: { IsEffective: true, Ours.Length: <= 1 }, Strays.IsEmpty: true } place
            && place.Rules.All(rule => rule.Rule is { } one && (one.Set is not null) == (FormFor(kernel) == PrefixForm.Sets))
            && Allowed.Equals(traffic));
}
