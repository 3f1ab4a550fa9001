using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Verifying;

/// <summary>Judges who manages what comes into a host: programs such as ufw and firewalld rebuild their rules as they like, and packets must pass all of them. Pure.</summary>
public static class ManagerCheck
{
    /// <summary>The id of the finding that two managers filter what comes in.</summary>
    public const string Several = "two-managers";

    /// <summary>The id of the finding that a target lies below a manager.</summary>
    public const string Below = "managed-by-another";

    /// <summary>What an operator should know of the managers of a host.</summary>
    /// <param name="managers">Their names, as <see cref="ILiveRules.Managers"/> gives them.</param>
    public static ImmutableArray<Finding> Judge(ImmutableArray<string> managers) => managers.Length < 2
        ? []
        :
        [
            new(
                Several,
                Severity.Warning,
                $"{string.Join(" and ", managers)} each filter what comes in: a packet must pass all of them, and each may undo what the other did",
                "keep one of them and switch the others off (`ufw disable`, `systemctl disable --now firewalld`, `csf -x`)"),
        ];

    /// <summary>What an operator should know of a target and the managers of its host.</summary>
    public static ImmutableArray<Finding> Judge(ProviderDescriptor provider, ImmutableArray<string> managers)
    {
        ArgumentNullException.ThrowIfNull(provider);
        return provider.IsBelowManagers && !managers.IsEmpty
            ?
            [
                new(
                    Below,
                    Severity.Warning,
                    $"{managers[0]} manages what comes into this host: it may drop what this target lets in, and take out rules of others when it reloads",
                    $"use `provider: {managers[0]}` for this host"),
                .. Judge(managers),
            ]
            : Judge(managers);
    }
}
