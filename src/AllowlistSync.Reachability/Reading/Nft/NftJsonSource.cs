using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Where a JSON document of nft comes from, and what only its maker can do.</summary>
/// <param name="Name">For messages.</param>
internal sealed record NftJsonSource(string Name)
{
    /// <summary>The bytes that the document was parsed from; empty when they are not at hand.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>Set for <c>nft -t</c>, which leaves out the elements of named sets: what is in them is then not known.</summary>
    public bool LacksElements { get; init; }

    /// <summary>The text of a rule, from its JSON object; null to render it from the JSON.</summary>
    public Func<JsonElement, RuleText>? TextOf { get; init; }

    /// <summary>
    /// Reads an anonymous chain, which nft prints as text in the middle of the JSON (<c>jump {\n\t\ttcp dport 80 drop\n}</c>), into an array
    /// of rule objects that each have an <c>expr</c>; null when the text is not understood. Without it such a chain is unknown.
    /// </summary>
    public Func<string, JsonElement?>? AnonymousChain { get; init; }

    /// <summary>A part of the document as memory: a part of <see cref="Content"/> where it lies there, else a copy.</summary>
    public ReadOnlyMemory<byte> SliceOf(ReadOnlySpan<byte> part) =>
        Content.Span.Overlaps(part, out var offset) && offset >= 0 && offset + part.Length <= Content.Length ? Content.Slice(offset, part.Length) : part.ToArray();
}
