using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>Whether the crowdsec that runs has read our file.</summary>
public enum WhitelistLoad
{
    /// <summary>It has, or there is no file.</summary>
    Loaded,

    /// <summary>It has not, and its service can be told to.</summary>
    Reloadable,

    /// <summary>It has not, and no service manager is there that we could ask.</summary>
    NotLoaded,

    /// <summary>No crowdsec runs here: it reads the file when it starts.</summary>
    NotRunning,
}

/// <summary>Our whitelist file.</summary>
/// <param name="Text">The file; null when there is none.</param>
/// <param name="Sources">What it lists.</param>
/// <param name="IsWhole">False when somebody edited it.</param>
/// <param name="WrittenAt">When we wrote it, while it is not known to be loaded; null afterwards.</param>
public sealed record WhitelistFile(string? Text, PrefixSet Sources, bool IsWhole, DateTimeOffset? WrittenAt)
{
    /// <summary>No file.</summary>
    public static WhitelistFile None { get; } = new(null, PrefixSet.Empty, IsWhole: true, null);
}

/// <summary>An entry of an allowlist.</summary>
/// <param name="Value">As crowdsec holds it.</param>
/// <param name="Prefix">What it means; null when it cannot be read.</param>
/// <param name="Comment">Its comment.</param>
/// <param name="Expires">Whether it has an end.</param>
public sealed record AllowlistEntry(string Value, IpPrefix? Prefix, string Comment, bool Expires);

/// <summary>Our allowlist.</summary>
/// <param name="Own">Our entries.</param>
/// <param name="Foreign">Entries of others in it.</param>
public sealed record AllowlistContent(ImmutableArray<AllowlistEntry> Own, ImmutableArray<AllowlistEntry> Foreign);

/// <summary>The decisions that are in force.</summary>
/// <param name="Bans">Those about addresses.</param>
/// <param name="Others">Those about something else, such as <c>Country US</c>.</param>
public sealed record Decisions(ImmutableArray<Ban> Bans, ImmutableArray<string> Others);

/// <summary>What is there of ours in crowdsec.</summary>
/// <param name="HasAllowlists">Whether this crowdsec has allowlists (its documentation knows them since 1.6); else a file is used.</param>
/// <param name="File">Our whitelist file.</param>
/// <param name="Load">Whether it is in force.</param>
/// <param name="Allowlist">Our allowlist; null when there is none.</param>
/// <param name="Decisions">What crowdsec decided.</param>
public sealed record CrowdSecState(bool HasAllowlists, WhitelistFile File, WhitelistLoad Load, AllowlistContent? Allowlist, Decisions Decisions) : NativeState
{
    /// <summary>What our entries spare, in the way that is used here.</summary>
    public PrefixSet Own => HasAllowlists ? Union(Allowlist?.Own) : File.Sources;

    /// <summary>What entries of others in our allowlist spare.</summary>
    public PrefixSet Foreign => Union(Allowlist?.Foreign);

    private static PrefixSet Union(ImmutableArray<AllowlistEntry>? entries) => PrefixSet.Of((entries ?? []).Select(entry => entry.Prefix).OfType<IpPrefix>());
}
