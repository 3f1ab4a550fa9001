using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Core.Providers;

/// <summary>One line of a table of providers: how it is described, how its settings are checked, how it is made.</summary>
/// <param name="Descriptor">What it is.</param>
/// <param name="Check">All problems of the settings at once; pure.</param>
/// <param name="Create">Makes a provider of checked settings, working in a place. Starts nothing.</param>
/// <param name="Detect">Looks for firewalls of this kind on a host, for <c>init</c> and <c>providers</c>. Changes nothing. What it throws as a <see cref="ProviderException"/> is why none was found.</param>
public sealed record ProviderRegistration(
    ProviderDescriptor Descriptor,
    Func<ProviderSettings, ImmutableArray<SettingProblem>> Check,
    Func<ProviderSettings, ProviderPlace, IFirewallProvider> Create,
    Func<IHost, CancellationToken, ValueTask<Detection>> Detect)
{
    /// <summary>Looks for firewalls of this kind on a host; throws no <see cref="ProviderException"/>.</summary>
    public Func<IHost, CancellationToken, ValueTask<Detection>> Detect { get; } = OrWhyNot(Detect);

    /// <summary>What shows that a firewall of these settings may have changed; nothing when a change can only be seen by looking.</summary>
    public Func<ProviderSettings, ImmutableArray<HostWatch>> Watches { get; init; } = _ => [];

    private static Func<IHost, CancellationToken, ValueTask<Detection>> OrWhyNot(Func<IHost, CancellationToken, ValueTask<Detection>> detect) => async (host, cancellationToken) =>
    {
        try
        {
            return await detect(host, cancellationToken);
        }
        catch (ProviderException failure)
        {
            return new Detection(Found: false, $"{failure.Message}; {failure.Remedy}", []);
        }
    };
}

/// <summary>What a provider works with.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Chains">Says what a chain does to connections.</param>
public sealed record ProviderPlace(IHost Host, IChainModel Chains);

/// <summary>What was found of one kind of firewall.</summary>
/// <param name="Found">True when it is there and readable.</param>
/// <param name="Summary">What was found, or why nothing can be said, for people.</param>
/// <param name="Proposals">Settings of targets that would work here.</param>
public sealed record Detection(bool Found, string Summary, ImmutableArray<TargetProposal> Proposals);

/// <summary>A target that <c>init</c> can write into a configuration.</summary>
/// <param name="Name">A name for it.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Comment">Why it is proposed, for the comment above it.</param>
public sealed record TargetProposal(string Name, ProviderSettings Settings, string Comment);
