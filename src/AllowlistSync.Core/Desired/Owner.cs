using System.Diagnostics.CodeAnalysis;

namespace AllowlistSync.Core.Desired;

/// <summary>
/// The name under which this installation marks all that it makes. Two installations with different owners never touch each
/// other's things. Letters, digits, <c>.</c>, <c>_</c>, <c>-</c>; starts with a letter; at most 32 characters, so that it fits
/// into the shortest names that a target allows.
/// </summary>
public sealed record Owner
{
    private Owner(string name) => Name = name;

    /// <summary>The owner of a configuration that names none.</summary>
    public static Owner Default { get; } = new("allowlist-sync");

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>Accepts a name that every target can hold.</summary>
    public static bool TryCreate([NotNullWhen(true)] string? name, [NotNullWhen(true)] out Owner? owner)
    {
        owner = IsValidName(name) ? new Owner(name!) : null;
        return owner is not null;
    }

    /// <summary>True for a name that may be an owner or a target: it becomes part of names inside firewalls.</summary>
    public static bool IsValidName(string? name) =>
        name is { Length: > 0 and <= 32 }
        && char.IsAsciiLetter(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
