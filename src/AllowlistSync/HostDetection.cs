using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Collecting;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync;

/// <summary>What was found of one provider's kind of firewall.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Detection">What it found.</param>
internal sealed record FoundFirewall(ProviderDescriptor Provider, Detection Detection);

/// <summary>The firewalls of a host, and who manages them.</summary>
/// <param name="Firewalls">One for each provider that this build knows.</param>
/// <param name="Managers">The programs that manage what comes in.</param>
internal sealed record HostDetection(ImmutableArray<FoundFirewall> Firewalls, ImmutableArray<string> Managers)
{
    /// <summary>What the operator should know.</summary>
    public ImmutableArray<Finding> Findings => ManagerCheck.Judge(Managers);

    /// <summary>Looks at a host; changes nothing.</summary>
    public static async Task<HostDetection> LookAsync(IHost host, CancellationToken cancellationToken)
    {
        var remembering = new RememberingHost(host);
        var reading = await new HostRuleSetReader(remembering).ReadAsync(cancellationToken);
        var managers = reading.Rules?.Managers ?? [];
        var found = ImmutableArray.CreateBuilder<FoundFirewall>();
        foreach (var line in Composition.Providers)
        {
            var detection = await line.Detect(remembering, cancellationToken);
            found.Add(new FoundFirewall(line.Descriptor, managers.IsEmpty ? detection : Above(detection, line, new ProviderPlace(remembering, new ChainModel()), managers[0])));
        }

        return new HostDetection(WithOwnNames(found), managers);
    }

    // Two providers may both propose "web"; in a configuration each target has its own name.
    private static ImmutableArray<FoundFirewall> WithOwnNames(IEnumerable<FoundFirewall> found)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. found.Select(firewall => firewall with
            {
                Detection = firewall.Detection with
                {
                    Proposals = [.. firewall.Detection.Proposals.Select(proposal => taken.Add(proposal.Name) ? proposal : proposal with { Name = $"{proposal.Name}-{firewall.Provider.Name}" })],
                },
            }),
        ];
    }

    // Below a manager nothing is proposed: what stands there does not last.
    private static Detection Above(Detection detection, ProviderRegistration line, ProviderPlace place, string manager)
    {
        var above = detection.Proposals.Where(proposal => !line.Create(proposal.Settings, place).Descriptor.IsBelowManagers).ToImmutableArray();
        return above.Length == detection.Proposals.Length
            ? detection
            : detection with { Proposals = above, Summary = $"{detection.Summary}; {manager} manages what comes in, so nothing is proposed below it" };
    }
}
