using System.Collections.Immutable;

namespace AllowlistSync.Core.Hosts;

/// <summary>The system's message bus (D-Bus), where services of the host take their orders. Any number of calls may be on their way at once.</summary>
public interface ISystemBus
{
    /// <summary>
    /// Calls a method and waits for what it returns. What the service refuses is a <see cref="BusException"/>. Nobody of that name and no bus is a <see cref="HostException"/> of
    /// <see cref="HostFailure.NotFound"/>, a bus that forbids it <see cref="HostFailure.Denied"/>, no answer <see cref="HostFailure.TimedOut"/>: then it may have been done. A service
    /// that is not running is never started by a call.
    /// </summary>
    ValueTask<ImmutableArray<BusValue>> CallAsync(BusCall call, CancellationToken cancellationToken);
}

/// <summary>A call of a method.</summary>
/// <param name="Service">The name on the bus.</param>
/// <param name="Path">The object.</param>
/// <param name="Interface">The interface of the object.</param>
/// <param name="Method">The method.</param>
/// <param name="Arguments">Its arguments.</param>
public sealed record BusCall(string Service, string Path, string Interface, string Method, ImmutableArray<BusValue> Arguments)
{
    /// <summary>Set when it changes nothing: asked twice with nothing changed in between, it says the same.</summary>
    public bool OnlyLooks { get; init; }

    /// <summary>
    /// Looks that are sent with the call in one go, right before it: what they tell is what the call met. Their answers come first in the result, each as a <see cref="BusStruct"/>, an
    /// empty one for a look that failed.
    /// </summary>
    public ImmutableArray<BusCall> Witnesses { get; init; } = [];

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The call as a person would write it, for messages: without the arguments, which may be ten thousand.</summary>
    public override string ToString() => $"{Interface}.{Method}";
}

/// <summary>A service refused a call.</summary>
public sealed class BusException : Exception
{
    /// <summary>Makes the exception.</summary>
    public BusException(string name, string message, Exception? inner = null)
        : base(message, inner) => Name = name;

    /// <summary>The name of the error, such as <c>org.freedesktop.DBus.Error.InvalidArgs</c>.</summary>
    public string Name { get; }
}
