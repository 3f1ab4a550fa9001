using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Firewalld;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What an operator does to firewalld, over the bus: <c>firewall-cmd</c> takes a quarter of a second for each word.</summary>
public sealed class FirewalldBus(ISystemBus bus)
{
    private const string Service = "org.fedoraproject.FirewallD1";
    private const string Root = "/org/fedoraproject/FirewallD1";

    /// <summary>A call that concerns what is in force.</summary>
    public async Task<ImmutableArray<BusValue>> RuntimeCallAsync(string part, string method, CancellationToken cancellationToken, params ImmutableArray<BusValue> arguments) =>
        await bus.CallAsync(new BusCall(Service, Root, part.Length == 0 ? Service : $"{Service}.{part}", method, arguments), cancellationToken);

    /// <summary>A call that concerns the permanent configuration.</summary>
    public async Task<ImmutableArray<BusValue>> ConfigAsync(string method, CancellationToken cancellationToken, params ImmutableArray<BusValue> arguments) =>
        await bus.CallAsync(new BusCall(Service, Root + "/config", Service + ".config", method, arguments), cancellationToken);

    /// <summary>A call to an object of the permanent configuration.</summary>
    public async Task<ImmutableArray<BusValue>> ObjectAsync(string find, string name, string part, string method, CancellationToken cancellationToken, params ImmutableArray<BusValue> arguments)
    {
        var path = ((BusPath)(await ConfigAsync(find, cancellationToken, new BusText(name)))[0]).Path;
        return await bus.CallAsync(new BusCall(Service, path, $"{Service}.config.{part}", method, arguments), cancellationToken);
    }

    /// <summary>The state; empty when nobody answers.</summary>
    public async Task<string> StateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await bus.CallAsync(new BusCall(Service, Root, "org.freedesktop.DBus.Properties", "Get", [new BusText(Service), new BusText("state")]), cancellationToken);
            return ((BusText)((BusVariant)answer[0]).Value).Text;
        }
        catch (Exception absent) when (absent is HostException or BusException)
        {
            return "";
        }
    }

    /// <summary>The settings of a set, as the bus wants them.</summary>
    public static BusStruct Set(string type, string description, params string[] entries) =>
        new([new BusText(""), new BusText(""), new BusText(description), new BusText(type), BusMap.Of("s", ("family", new BusText("inet"))), BusValue.Texts(entries)]);

    /// <summary>Takes all that is ours out of the permanent configuration, by hand.</summary>
    public async Task RemoveOursAsync(FirewalldMark mark, string zone, CancellationToken cancellationToken)
    {
        var rules = Texts((await ObjectAsync("getZoneByName", zone, "zone", "getRichRules", cancellationToken))[0]);
        foreach (var rule in rules.Where(rule => OwnRichRule.Read(rule, mark) is not null))
        {
            await ObjectAsync("getZoneByName", zone, "zone", "removeRichRule", cancellationToken, new BusText(rule));
        }

        if (Texts((await ConfigAsync("getPolicyNames", cancellationToken))[0]).Contains(mark.Policy))
        {
            await ObjectAsync("getPolicyByName", mark.Policy, "policy", "remove", cancellationToken);
        }

        foreach (var set in Texts((await ConfigAsync("getIPSetNames", cancellationToken))[0]).Where(name => name.StartsWith(mark.Stem, StringComparison.Ordinal)))
        {
            await ObjectAsync("getIPSetByName", set, "ipset", "remove", cancellationToken);
        }
    }

    /// <summary>All that is in force and not ours.</summary>
    public async Task<string> RuntimeAsync(FirewalldMark mark, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var zone in Texts((await RuntimeCallAsync("zone", "getZones", cancellationToken))[0]))
        {
            var settings = (BusMap)(await RuntimeCallAsync("zone", "getZoneSettings2", cancellationToken, new BusText(zone)))[0];
            var rules = settings.Items.TryGetValue("rules_str", out var listed) ? Texts(((BusVariant)listed).Value) : [];
            text.Append(zone).Append(settings with { Items = settings.Items.Remove("rules_str") }).AppendJoin('\n', rules.Where(rule => OwnRichRule.Read(rule, mark) is null).Order(StringComparer.Ordinal)).Append('\n');
        }

        foreach (var set in Texts((await RuntimeCallAsync("ipset", "getIPSets", cancellationToken))[0]).Where(name => !name.StartsWith(mark.Stem, StringComparison.Ordinal)))
        {
            text.Append(set).Append((await RuntimeCallAsync("ipset", "getIPSetSettings", cancellationToken, new BusText(set)))[0]).Append('\n');
        }

        foreach (var policy in Texts((await RuntimeCallAsync("policy", "getPolicies", cancellationToken))[0]).Where(name => name != mark.Policy))
        {
            text.Append(policy).Append((await RuntimeCallAsync("policy", "getPolicySettings", cancellationToken, new BusText(policy)))[0]).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The texts of a list.</summary>
    public static ImmutableArray<string> Texts(BusValue list) => [.. ((BusList)list).Items.Select(item => ((BusText)item).Text)];
}
