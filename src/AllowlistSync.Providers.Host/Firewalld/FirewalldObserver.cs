using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>Asks firewalld for all that a plan for a target depends on. Questions that do not wait for each other are asked at once: it is one daemon behind one connection.</summary>
internal sealed class FirewalldObserver(FirewalldOptions options, FirewalldTool tool)
{
    /// <summary>Reads both sides.</summary>
    public async ValueTask<FirewalldState> ReadAsync(FirewalldMark mark, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(cancellationToken);
        var place = options.Place(mark);
        var runtime = RuntimeAsync(mark, place, names, cancellationToken);
        var sets = PermanentSetsAsync(mark, names, cancellationToken);
        var policy = names.PermanentPolicies.Contains(mark.Policy) ? tool.LookAtObjectAsync("getPolicyByName", mark.Policy, "policy", "getSettings", cancellationToken) : null;
        await Task.WhenAll(runtime, sets, policy ?? Task.CompletedTask);
        var (now, around, zones) = await runtime;
        var permanent = new FirewalldSide(await sets, [], [place], mark);
        permanent = policy is null ? permanent : WithPolicy(permanent, FirewalldReader.Policy(await policy), mark, "permanent");
        var read = permanent.Sets.Select(set => set.Place).Append(place).Concat(zones).Where(one => !one.IsPolicy).Distinct().ToList();
        permanent = await WithZonesAsync(permanent, read, place, mark, cancellationToken);
        return new FirewalldState(permanent, now, place, around) { Backend = names.Backend };
    }

    private async Task<Names> NamesAsync(CancellationToken cancellationToken)
    {
        var (state, panic) = (tool.PropertyAsync(ofConfig: false, "state", cancellationToken), tool.LookAsync("", "queryPanicMode", cancellationToken));
        var (backend, zones, active) = (tool.PropertyAsync(ofConfig: true, "FirewallBackend", cancellationToken), tool.LookAsync("zone", "getZones", cancellationToken), tool.LookAsync("zone", "getActiveZones", cancellationToken));
        var (standard, policies, sets) = (tool.LookAsync("", "getDefaultZone", cancellationToken), tool.LookAsync("policy", "getPolicies", cancellationToken), tool.LookAsync("ipset", "getIPSets", cancellationToken));
        var (permanentSets, permanentPolicies) = (tool.LookAtConfigAsync("getIPSetNames", cancellationToken), tool.LookAtConfigAsync("getPolicyNames", cancellationToken));
        await Task.WhenAll(state, panic, backend, zones, active, standard, policies, sets, permanentSets, permanentPolicies);
        FirewalldTrouble.RequireRunning(await state, FirewalldReader.Flag(await panic));
        return new Names(
            await backend,
            FirewalldReader.Texts(await zones),
            [.. FirewalldReader.Keys(await active).Append(FirewalldReader.Text(await standard)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            FirewalldReader.Texts(await policies),
            FirewalldReader.Texts(await sets),
            FirewalldReader.Texts(await permanentSets),
            FirewalldReader.Texts(await permanentPolicies));
    }

    private async Task<(FirewalldSide Side, string Around, ImmutableArray<FirewalldPlace> Zones)> RuntimeAsync(FirewalldMark mark, FirewalldPlace place, Names names, CancellationToken cancellationToken)
    {
        if (options.Zone is { } configured && !names.Zones.Contains(configured))
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"firewalld has no zone {configured} in force (it has {string.Join(", ", names.Zones)}); nothing was changed", "correct `zone`; a new zone is in force only after `firewall-cmd --reload`");
        }

        var sets = mark.Sets().Where(set => names.Sets.Contains(set.Name)).Select(set => (set, Answer: tool.LookAsync("ipset", "getIPSetSettings", cancellationToken, new BusText(set.Name)))).ToList();
        var zones = names.Zones.Select(zone => (zone, Answer: tool.LookAsync("zone", "getZoneSettings2", cancellationToken, new BusText(zone)))).ToList();
        var policy = names.Policies.Contains(mark.Policy) ? tool.LookAsync("policy", "getPolicySettings", cancellationToken, new BusText(mark.Policy)) : null;
        await Task.WhenAll([.. sets.Select(set => set.Answer), .. zones.Select(zone => zone.Answer), policy ?? Task.FromResult(ImmutableArray<BusValue>.Empty)]);

        var isInPolicy = place.IsPolicy && policy is not null;
        ImmutableArray<FirewalldPlace> places = !place.IsPolicy || isInPolicy ? [place] : [.. names.Active.Select(FirewalldPlace.Zone)];
        var side = new FirewalldSide([.. sets.Select(set => FirewalldReader.Own(set.set, FirewalldReader.Set(set.Answer.Result), mark, "runtime"))], [], places, mark);
        side = policy is null ? side : WithPolicy(side, FirewalldReader.Policy(await policy), mark, "runtime");
        var around = new List<string> { names.Backend, string.Join(' ', names.Active), string.Join(' ', names.Policies.Where(name => name != mark.Policy)) };
        foreach (var (zone, answer) in zones)
        {
            side = With(side, FirewalldPlace.Zone(zone), FirewalldReader.ZoneRules(answer.Result), mark);
            if (names.Active.Contains(zone) || zone == options.Zone)
            {
                around.Add($"{zone} {Around(answer.Result, mark)}");
            }
        }

        return (side, string.Join('\n', around), [.. side.Rules.Select(placed => placed.Place).Distinct()]);
    }

    private async Task<ImmutableArray<OwnSet>> PermanentSetsAsync(FirewalldMark mark, Names names, CancellationToken cancellationToken)
    {
        var sets = mark.Sets().Where(set => names.PermanentSets.Contains(set.Name)).Select(set => (set, Answer: tool.LookAtObjectAsync("getIPSetByName", set.Name, "ipset", "getSettings", cancellationToken))).ToList();
        await Task.WhenAll(sets.Select(set => set.Answer));
        return [.. sets.Select(set => FirewalldReader.Own(set.set, FirewalldReader.Set(set.Answer.Result), mark, "permanent"))];
    }

    private async Task<FirewalldSide> WithZonesAsync(FirewalldSide side, List<FirewalldPlace> zones, FirewalldPlace place, FirewalldMark mark, CancellationToken cancellationToken)
    {
        var asked = zones.Select(zone => (zone, Answer: ZoneAsync(zone, isNeeded: zone == place, cancellationToken))).ToList();
        await Task.WhenAll(asked.Select(zone => zone.Answer));
        return asked.Aggregate(side, (all, zone) => With(all, zone.zone, zone.Answer.Result, mark));
    }

    // A zone of an earlier configuration may be gone; that of today must be there.
    private async Task<ImmutableArray<string>> ZoneAsync(FirewalldPlace zone, bool isNeeded, CancellationToken cancellationToken)
    {
        try
        {
            return FirewalldReader.Texts(await tool.LookAtObjectAsync("getZoneByName", zone.Name, "zone", "getRichRules", cancellationToken));
        }
        catch (ProviderException gone) when (!isNeeded && gone.Kind == FailureKind.Unavailable && gone.InnerException is BusException)
        {
            return [];
        }
    }

    private static FirewalldSide With(FirewalldSide side, FirewalldPlace place, ImmutableArray<string> rules, FirewalldMark mark)
    {
        var (own, borrowers) = FirewalldReader.Rules(place, rules, mark);
        return side with { Rules = [.. side.Rules, .. own], Borrowers = [.. side.Borrowers, .. borrowers] };
    }

    private static FirewalldSide WithPolicy(FirewalldSide side, RawPolicy policy, FirewalldMark mark, string name)
    {
        var place = FirewalldPlace.Policy(mark.Policy);
        if (!mark.IsOn(policy.Description))
        {
            throw FirewalldReader.Taken($"{name} policy", mark.Policy, $"description `{policy.Description}`, {policy.Rules.Length} rich rules", mark);
        }

        var isSound = policy.Ingress is [FirewalldStep.Ingress] && policy.Egress is [FirewalldStep.Egress] && policy.Priority == FirewalldStep.PolicyPriority && policy.Target == FirewalldStep.PolicyTarget;
        return With(side, place, policy.Rules, mark) with { HasPolicy = true, IsPolicySound = isSound };
    }

    // The operator's own part of a zone; firewalld gives rules in any order.
    private static string Around(ImmutableArray<BusValue> settings, FirewalldMark mark)
    {
        var map = (BusMap)settings[0];
        var rules = FirewalldReader.ZoneRules(settings).Where(rule => OwnRichRule.Read(rule, mark) is null).Order(StringComparer.Ordinal);
        return $"{map with { Items = map.Items.Remove("rules_str") }} {string.Join('|', rules)}";
    }

    private sealed record Names(
        string Backend,
        ImmutableArray<string> Zones,
        ImmutableArray<string> Active,
        ImmutableArray<string> Policies,
        ImmutableArray<string> Sets,
        ImmutableArray<string> PermanentSets,
        ImmutableArray<string> PermanentPolicies);
}
