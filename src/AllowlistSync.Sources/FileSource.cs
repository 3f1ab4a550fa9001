using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;
using AllowlistSync.Sources.Http;

namespace AllowlistSync.Sources;

/// <summary>The settings of a source of type <c>file</c>.</summary>
public sealed record FileSourceOptions
{
    /// <summary>The name in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>The path of a text list.</summary>
    public required string Path { get; init; }

    /// <summary>The largest file that is read, in bytes; a million prefixes need about 18 MiB.</summary>
    public int MaxBytes { get; init; } = 64 * 1024 * 1024;
}

/// <summary>A text list in a file of the operator.</summary>
/// <param name="options">The settings.</param>
/// <param name="time">The clock.</param>
public sealed class FileSource(FileSourceOptions options, TimeProvider time) : IRangeSource
{
    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public SourceKind Kind => SourceKind.File;

    /// <inheritdoc/>
    public RangeSnapshot? Embedded => null;

    /// <inheritdoc/>
    /// <exception cref="SourceException">Not answered: <c>not-read</c>. Answered: <c>too-large</c>, <c>malformed-list</c>.</exception>
    public async ValueTask<RangeSnapshot> FetchAsync(RangeSnapshot? known, CancellationToken cancellationToken)
    {
        var body = await ReadAsync(cancellationToken);
        var prefixes = TextList.Read(Name, ShownText.Of(options.Path), body.Span);
        return new RangeSnapshot
        {
            Source = Name,
            Kind = Kind,
            Published = prefixes,
            Ranges = PrefixSet.Of(prefixes.AsSpan()),
            FetchedAt = time.GetUtcNow(),
            Provenance = Provenance.Live,
        };
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(options.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            return await BoundedBody.ReadAsync(file, options.MaxBytes, cancellationToken) ?? throw TooLarge();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NotRead(failure);
        }
    }

    private SourceException NotRead(Exception failure) => new(
        new Refusal(
            "not-read",
            $"source {Name}: the file {ShownText.Of(options.Path)} could not be read: {Words(failure)}",
            "nothing was changed, and what was in force stays so; check the path and that this user may read the file"),
        answered: false,
        failure);

    private SourceException TooLarge() => new(
        new Refusal(
            "too-large",
            $"source {Name}: the file {ShownText.Of(options.Path)} has more than {options.MaxBytes} bytes",
            "nothing was changed, and what was in force stays so; check that this is the list"),
        answered: true);

    private string Words(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => Directory.Exists(options.Path) ? "it is a directory" : "permission denied",
        _ => ShownText.Of(failure.Message),
    };
}
