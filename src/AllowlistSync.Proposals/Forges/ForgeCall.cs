using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges;

/// <summary>One request to a forge.</summary>
/// <param name="Doing">What is tried, for messages: <c>opening a pull request</c>.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below the address of the API, with its query.</param>
public sealed record ForgeCall(string Doing, HttpMethod Method, string Path)
{
    /// <summary>The body, JSON; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The right that the token needs for it, in the forge's words, for messages when the forge does not name it.</summary>
    public string? Needs { get; init; }

    /// <summary>What it is about within the repository, and may be missing there: <c>pull request 7</c>; null when only the repository may be missing.</summary>
    public string? Part { get; init; }

    /// <summary>The path that shows the repository: asked after a 404, to tell a missing repository from a missing part of it.</summary>
    public string? Home { get; init; }

    /// <summary>A call with a body.</summary>
    public static ForgeCall With<T>(string doing, HttpMethod method, string path, T body, JsonTypeInfo<T> shape) =>
        new(doing, method, path) { Body = JsonSerializer.SerializeToUtf8Bytes(body, shape) };
}

/// <summary>The answer of a forge.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="Headers">The headers that limits and rights are told in, by their lower-case names.</param>
public sealed record ForgeAnswer(int Status, ReadOnlyMemory<byte> Body, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>What the forge was asked with; it is taken out of whatever is shown of the answer.</summary>
    public Secret? Token { get; init; }
}
