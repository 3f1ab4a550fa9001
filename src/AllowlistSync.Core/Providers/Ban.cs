using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Providers;

/// <summary>Somebody whom a tool keeps out, whatever a firewall lets in. Two bans are the same when they have the same prefix and the same author.</summary>
/// <param name="Prefix">Who is kept out.</param>
/// <param name="By">What keeps them out, in the tool's own terms, such as <c>jail sshd</c>; unique in its target together with the prefix, and the same from one look to the next.</param>
public sealed record Ban(IpPrefix Prefix, string By)
{
    // More than that are counted in a message.
    private const int Named = 5;

    /// <summary>Bans for a message: the first few, and how many more.</summary>
    public static string Describe(ImmutableArray<Ban> bans) => string.Join(", ", bans.Take(Named)) + (bans.Length > Named ? $" and {bans.Length - Named} more" : "");

    /// <summary>Since when, until when and why, as far as the tool says it, in its own words and its own time; empty when it says nothing.</summary>
    public string Note { get; init; } = "";

    /// <summary>True when it is the same ban, whatever its note says by now.</summary>
    public bool Equals(Ban? other) => other is not null && Prefix == other.Prefix && By == other.By;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Prefix, By);

    /// <summary>For people: <c>104.16.0.1 by jail sshd (since 2026-11-21 03:34:36)</c>.</summary>
    public override string ToString() => Note.Length == 0 ? $"{Prefix} by {By}" : $"{Prefix} by {By} ({Note})";
}
