using System.Collections.Immutable;

namespace AllowlistSync.Daemon.Web;

/// <summary>What a reader asks, as far as the answer depends on it.</summary>
/// <param name="Method">The method of HTTP.</param>
/// <param name="Path">The path, decoded.</param>
internal sealed record WebQuestion(string Method, string Path)
{
    /// <summary>True when JSON was asked for, by <c>?format=json</c> or by <c>Accept</c>.</summary>
    public bool WantsJson { get; init; }
}

/// <summary>What a reader gets.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="ContentType">What the text is.</param>
/// <param name="Text">The text.</param>
internal sealed record WebAnswer(int Status, string ContentType, string Text)
{
    public const string Plain = "text/plain; charset=utf-8";

    public const string Json = "application/json; charset=utf-8";

    public const string Html = "text/html; charset=utf-8";

    public const string Svg = "image/svg+xml";

    public const string Prometheus = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Further headers.</summary>
    public ImmutableArray<(string Name, string Value)> Headers { get; init; } = [];
}
