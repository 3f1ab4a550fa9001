namespace AllowlistSync.Core.Sources;

/// <summary>A place where ranges are published.</summary>
public interface IRangeSource
{
    /// <summary>The name in the configuration.</summary>
    string Name { get; }

    /// <summary>Who answers for it.</summary>
    SourceKind Kind { get; }

    /// <summary>The list that was built into the program, for a first look without network; null for sources that have none.</summary>
    RangeSnapshot? Embedded { get; }

    /// <summary>
    /// Reads what is published now. Retries inside its own bounds; an answer that is no list, or no answer, is a
    /// <see cref="SourceException"/> and never an empty snapshot.
    /// </summary>
    /// <param name="known">The last list that was believed, for a conditional request; null on a first run.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken);
}
