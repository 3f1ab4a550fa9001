using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Reads all options of one module in one rule.</summary>
/// <param name="options">The options that the module claims, in their order.</param>
/// <param name="context">What the reading depends on.</param>
/// <returns>The condition; null when the options are not understood.</returns>
internal delegate Condition? ModuleReader(ImmutableArray<MatchOption> options, IptablesContext context);

/// <summary>Reads one option.</summary>
/// <returns>The condition; null when the option's value is not understood.</returns>
internal delegate Condition? OptionReader(MatchOption option, IptablesContext context);

/// <summary>One match module of iptables: which options it has and what they ask of a packet.</summary>
/// <param name="Name">As <c>-m</c> takes it.</param>
/// <param name="Options">The names of its options; empty when it claims all that nobody else does.</param>
/// <param name="Read">Reads them.</param>
internal sealed record MatchModule(string Name, ImmutableArray<string> Options, ModuleReader Read)
{
    /// <summary>The name that the kernel gives it, which nft prints: <c>-m state</c> is conntrack there.</summary>
    internal string KernelName { get; init; } = Name;

    /// <summary>Without any option it asks nothing (tcp, comment); others are then not understood.</summary>
    internal bool MayBeBare { get; init; }

    /// <summary>A module whose options are each a condition of its own, which all must hold.</summary>
    internal static MatchModule Of(string name, params ReadOnlySpan<(string Names, OptionReader Read)> options)
    {
        var readers = new Dictionary<string, OptionReader>();
        foreach (var (names, read) in options)
        {
            foreach (var one in names.Split(' '))
            {
                readers.Add(one, read);
            }
        }

        return new(name, [.. readers.Keys], (given, context) => ReadEach(given, context, readers));
    }

    /// <summary>The full name of an option that the module knows by this name or by a beginning that fits only one; null when it does not.</summary>
    internal string? FullName(string option)
    {
        if (Options.Contains(option))
        {
            return option;
        }

        var starting = Options.Where(name => name.StartsWith(option, StringComparison.Ordinal)).Take(2).ToArray();
        return starting.Length == 1 ? starting[0] : null;
    }

    private static Condition? ReadEach(ImmutableArray<MatchOption> options, IptablesContext context, Dictionary<string, OptionReader> readers)
    {
        var conditions = ImmutableArray.CreateBuilder<Condition>();
        foreach (var option in options)
        {
            conditions.Add(readers[option.Name](option, context) ?? Unknown(option));
        }

        return All(conditions.DrainToImmutable());
    }

    /// <summary>One condition that holds when all do.</summary>
    internal static Condition All(ImmutableArray<Condition> conditions)
    {
        var asking = conditions.RemoveAll(condition => condition is FixedCondition { Holds: true });
        return asking.Length switch { 0 => FixedCondition.Always, 1 => asking[0], _ => new AllOfCondition(asking) };
    }

    internal static UnknownCondition Unknown(MatchOption option) => new(option.ToString(), UnknownReason.NotUnderstood);
}
