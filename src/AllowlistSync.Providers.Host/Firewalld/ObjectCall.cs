using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>A call to an object of the permanent configuration, and what undoes it on an object that was not meant. Pure.</summary>
/// <param name="Find">The method that finds the object by its name; empty for a call to the configuration itself.</param>
/// <param name="Name">Its name.</param>
/// <param name="Part">Its kind.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">Its arguments.</param>
internal sealed record ObjectCall(string Find, string Name, string Part, string Method, ImmutableArray<BusValue> Arguments)
{
    private const string FindSet = "getIPSetByName";
    private const string FindZone = "getZoneByName";
    private const string FindPolicy = "getPolicyByName";

    /// <summary>The method that tells all of such an object.</summary>
    public string Look => Part == "zone" ? "getSettings2" : "getSettings";

    /// <summary>The call of a step.</summary>
    public static ObjectCall Of(FirewalldStep step) => step switch
    {
        ReplaceSet set => new ObjectCall(FindSet, set.Set.Name, "ipset", "update", [FirewalldSettings.Of(set.Set)]),
        PermanentEntries entries => new ObjectCall(FindSet, entries.Set, "ipset", "setEntries", [BusValue.Texts(entries.Entries)]),
        RemoveSet set => new ObjectCall(FindSet, set.Name, "ipset", "remove", []),
        PermanentRule rule => new ObjectCall(FindZone, rule.Zone, "zone", rule.Adds ? "addRichRule" : "removeRichRule", [new BusText(rule.Text)]),
        ReplacePolicy policy => new ObjectCall(FindPolicy, policy.Policy.Name, "policy", "update", [FirewalldSettings.Of(policy.Policy)]),
        RemovePolicy policy => new ObjectCall(FindPolicy, policy.Name, "policy", "remove", []),
        _ => throw new NotSupportedException($"{step.GetType().Name} is no step"),
    };

    /// <summary>What puts back another object that the call met.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="settings">What it was like before.</param>
    public ObjectCall Undo(string name, ImmutableArray<BusValue> settings) => (Part, Method) switch
    {
        ("zone", "addRichRule") => this with { Name = name, Method = "removeRichRule" },
        ("zone", _) => this with { Name = name, Method = "addRichRule" },
        ("ipset", "remove") => new ObjectCall("", name, "", "addIPSet", [new BusText(name), .. settings]),
        ("policy", "remove") => new ObjectCall("", name, "", "addPolicy", [new BusText(name), .. settings]),
        _ => this with { Name = name, Method = "update", Arguments = settings },
    };
}

/// <summary>What we make, as the bus wants it (firewalld.dbus(5)). Pure.</summary>
internal static class FirewalldSettings
{
    public static BusStruct Of(NewSet set) => new(
    [
        new BusText(""),
        new BusText(FirewalldStep.Label),
        new BusText(set.Description),
        new BusText("hash:net"),
        BusMap.Of("s", ("family", new BusText(set.Family == Core.Addresses.IpFamily.IPv4 ? "inet" : "inet6")), ("maxelem", new BusText(FirewalldStep.Room))),
        BusValue.Texts(set.Entries),
    ]);

    public static BusMap Of(NewPolicy policy) => BusMap.Of(
        "v",
        ("short", new BusVariant(new BusText(FirewalldStep.Label))),
        ("description", new BusVariant(new BusText(policy.Description))),
        ("target", new BusVariant(new BusText(FirewalldStep.PolicyTarget))),
        ("priority", new BusVariant(new BusNumber(FirewalldStep.PolicyPriority))),
        ("ingress_zones", new BusVariant(BusValue.Texts([FirewalldStep.Ingress]))),
        ("egress_zones", new BusVariant(BusValue.Texts([FirewalldStep.Egress]))),
        ("rich_rules", new BusVariant(BusValue.Texts(policy.Rules))));
}
