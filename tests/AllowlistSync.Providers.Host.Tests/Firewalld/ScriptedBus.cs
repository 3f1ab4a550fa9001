using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Tests.Firewalld;

/// <summary>A bus that answers every call in one way.</summary>
internal sealed class ScriptedBus(Func<BusCall, ImmutableArray<BusValue>> answer) : ISystemBus
{
    public List<BusCall> Calls { get; } = [];

    public ValueTask<ImmutableArray<BusValue>> CallAsync(BusCall call, CancellationToken cancellationToken)
    {
        Calls.Add(call);
        return ValueTask.FromResult(answer(call));
    }
}
