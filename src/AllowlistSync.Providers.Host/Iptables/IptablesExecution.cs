using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Carries out the steps of a change, and says truly what a failure leaves behind.</summary>
internal sealed class IptablesExecution(IptablesTool tool)
{
    /// <summary>All steps, in order; the lines for people.</summary>
    public async ValueTask<ImmutableArray<string>> RunAsync(ImmutableArray<IptablesStep> steps, CancellationToken cancellationToken)
    {
        var actions = ImmutableArray.CreateBuilder<string>();
        foreach (var step in steps)
        {
            try
            {
                await RunAsync(step, cancellationToken);
            }
            catch (ProviderException failure) when (actions.Count > 0)
            {
                throw new ProviderException(failure.Kind, Aftermath.Unknown, $"{string.Join(", ", actions)}; then: {failure.Message}", failure.Remedy, failure);
            }

            actions.Add(step.Place is null ? $"ipset restore of {Lines(step)} lines" : $"one transaction of {Lines(step) - 2} lines in {step.Place.Place}");
        }

        return actions.ToImmutable();
    }

    /// <summary>
    /// Lets iptables-restore check what the steps will do to rules; ipset has no such check. A rule that asks a set which is not there yet is checked without that
    /// match, since a check must not make sets.
    /// </summary>
    public async ValueTask TestAsync(ImmutableArray<IptablesStep> steps, IptablesState now, CancellationToken cancellationToken)
    {
        foreach (var step in steps.Where(step => step.Place is not null))
        {
            var missing = now.Sets.Where(set => set.Info is null).Select(set => $"-m set --match-set {set.Name} src ");
            await tool.TestAsync(step.Place!.Programs, missing.Aggregate(Sample(step.Script.Text), (text, match) => text.Replace(match, "", StringComparison.Ordinal)), flushes: false, cancellationToken);
        }
    }

    private async ValueTask RunAsync(IptablesStep step, CancellationToken cancellationToken)
    {
        if (step.Place is not null)
        {
            await tool.RestoreAsync(step.Place.Programs, step.Script.Text, cancellationToken);
        }
        else if (await tool.TryChangeSetsAsync(step.Script.Text, cancellationToken) is var (failure, line))
        {
            throw await TidyAsync(step.Script.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line, failure, cancellationToken);
        }
    }

    // What was made before the line that failed, and not yet used, is taken out again. Unless a swap or a removal was among those lines, all is as it was then.
    private async ValueTask<ProviderException> TidyAsync(string[] lines, int? failed, ProviderException failure, CancellationToken cancellationToken)
    {
        if (failure.Aftermath == Aftermath.Unknown || failed is not (>= 1 and var line) || line > lines.Length)
        {
            return After(failure, Aftermath.Unknown);
        }

        var done = lines[..(line - 1)];
        var made = done.Where(text => text.StartsWith("create ", StringComparison.Ordinal)).Select(text => text.Split(' ')[1]).Where(name => !done.Contains($"destroy {name}")).ToList();
        if (made.Count > 0 && await tool.TryChangeSetsAsync(string.Concat(made.Select(name => $"destroy {name}\n")), cancellationToken) is not null)
        {
            return After(failure, Aftermath.Unknown);
        }

        return After(failure, Array.Exists(done, text => text.StartsWith("swap ", StringComparison.Ordinal) || text.StartsWith("destroy ", StringComparison.Ordinal)) ? Aftermath.Unknown : Aftermath.Untouched);
    }

    private static ProviderException After(ProviderException failure, Aftermath aftermath) => new(failure.Kind, aftermath, failure.Message, failure.Remedy, failure);

    // The check costs as much as the change: types, rights and names show in the first lines, and the transaction is all-or-nothing in any case.
    private static string Sample(string script)
    {
        const int Enough = 200;
        var lines = script.Split('\n');
        return lines.Length <= Enough ? script : string.Join('\n', lines[..(Enough / 2)].Concat(lines[^(Enough / 2)..]));
    }

    private static int Lines(IptablesStep step) => step.Script.Text.Count(c => c == '\n');
}
