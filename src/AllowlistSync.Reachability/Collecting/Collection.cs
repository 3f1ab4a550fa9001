using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>What the tools of a host printed about its packet filter, and what they did not.</summary>
/// <param name="Dumps">What was printed, whole; to be read together.</param>
/// <param name="Gaps">Rules that may exist and were not read: nothing that they could concern is proved.</param>
public sealed record Collection(ImmutableArray<Dump> Dumps, ImmutableArray<Gap> Gaps)
{
    /// <summary>What is missing without leaving a gap, because the model says unknown where it would be needed; for people.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>How long each tool took; they ran side by side.</summary>
    public ImmutableArray<ToolTime> Times { get; init; } = [];
}

/// <summary>How long a tool took.</summary>
/// <param name="Command">As a person would write it.</param>
/// <param name="Elapsed">How long.</param>
/// <param name="Bytes">How much it printed.</param>
public sealed record ToolTime(string Command, TimeSpan Elapsed, int Bytes);

/// <summary>The rule set of a host may not be read at all.</summary>
public sealed class CollectionException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which tool, and what it said.</param>
    /// <param name="remedy">What to do.</param>
    public CollectionException(string message, string remedy)
        : base(message) => Remedy = remedy;

    /// <summary>What to do.</summary>
    public string Remedy { get; }
}
