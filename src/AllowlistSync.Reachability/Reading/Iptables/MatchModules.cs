using System.Collections.Frozen;
using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>The table of all match modules, and the reading of one module's options.</summary>
internal static class MatchModules
{
    private static readonly FrozenDictionary<string, MatchModule> ByName = new[]
    {
        PortModules.All, ConntrackModules.All, AddressModules.All, [AddressTypeModule.Module], PathModules.All, UnknowableModules.All,
    }.SelectMany(modules => modules).ToFrozenDictionary(module => module.Name);

    /// <summary>The module's name in the kernel, and so in nft; the given name when the module is not known.</summary>
    internal static string KernelName(string name) => ByName.TryGetValue(name, out var module) ? module.KernelName : name;

    /// <summary>A module by its name; null when it is not known.</summary>
    internal static MatchModule? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Whether the kernel tracks connections because of a module of this name, whatever its options are.</summary>
    internal static bool TracksConnections(string kernelName) =>
        kernelName is "conntrack" or "state" or "connmark" or "connlimit" or "connbytes" or "connlabel" or "helper" or "cluster" or "";

    /// <summary>The conditions of the options that stand after <c>-m NAME</c> (or after <c>-p NAME</c>, which loads the protocol's own module).</summary>
    /// <param name="name">The module; null for options after -s, -i and the like, which belong to a module that was named elsewhere in the rule.</param>
    /// <param name="group">The words.</param>
    /// <param name="context">What the reading depends on.</param>
    internal static IEnumerable<Condition> Read(string? name, RuleGroup group, IptablesContext context)
    {
        MatchModule? own = null;
        if (name is not null && !ByName.TryGetValue(name, out own))
        {
            return [new UnknownCondition(group.Text, UnknownReason.NotUnderstood)];
        }

        if (group.HasStrayWords || (group.Options.IsEmpty && own is { MayBeBare: false }))
        {
            return [new UnknownCondition(group.Text, UnknownReason.NotUnderstood)];
        }

        return ReadOptions(own, group, context);
    }

    private static IEnumerable<Condition> ReadOptions(MatchModule? own, RuleGroup group, IptablesContext context)
    {
        var mine = ImmutableArray.CreateBuilder<MatchOption>();
        foreach (var option in group.Options)
        {
            if (own?.FullName(option.Name) is { } fullName)
            {
                mine.Add(option with { Name = fullName });
            }
            else if (Stray(option, context) is { } condition)
            {
                yield return condition;
            }
            else if (own is { Options: [] })
            {
                mine.Add(option);
            }
            else
            {
                yield return MatchModule.Unknown(option);
            }
        }

        if (own is not null && (mine.Count > 0 || own.Options.IsEmpty || own.MayBeBare))
        {
            yield return own.Read(mine.DrainToImmutable(), context) ?? new UnknownCondition(group.Text, UnknownReason.NotUnderstood);
        }
    }

    /// <summary>
    /// An option that stands behind another module than its own. Only one module can have it, or it is a port of the protocol that the rule
    /// asks for anyway; everything else is not understood (null).
    /// </summary>
    internal static Condition? Stray(MatchOption option, IptablesContext context) => option.Name switch
    {
        "dport" or "destination-port" => PortModules.Ports(option, Field.DestinationPort),
        "sport" or "source-port" => PortModules.Ports(option, Field.SourcePort),
        "syn" or "tcp-flags" => ByName["tcp"].Read([option], context),
        "state" => ByName["state"].Read([option], context),
        "ctstate" => ByName["conntrack"].Read([option], context),
        "dports" or "sports" or "ports" => ByName["multiport"].Read([option], context),
        "comment" => FixedCondition.Always,
        _ => null,
    };
}
