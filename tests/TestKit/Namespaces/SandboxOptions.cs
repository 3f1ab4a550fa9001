namespace AllowlistSync.TestKit;

/// <summary>What differs between sandboxes.</summary>
public sealed record SandboxOptions
{
    /// <summary>All defaults.</summary>
    public static SandboxOptions Default { get; } = new();

    /// <summary>Directories of this machine that the sandbox sees and may change without changing this machine (overlays on tmpfs).</summary>
    public IReadOnlyList<string> Overlays { get; init; } = ["/etc", "/var", "/usr"];

    /// <summary>Variables that programs in it get besides LC_ALL, PATH, HOME and, where it is set, DOTNET_ROOT.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long the bring-up may take. It takes some 60 ms.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
