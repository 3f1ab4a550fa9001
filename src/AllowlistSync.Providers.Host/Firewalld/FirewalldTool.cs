using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>
/// firewalld on the system bus: its methods, and what its errors mean (captured from firewalld 1.3.3; errors are <c>CODE: text</c>, firewall/errors.py). The only place that knows
/// its words. It never calls <c>reload</c>: one that fails leaves the host open to everybody.
/// </summary>
internal sealed class FirewalldTool(ISystemBus bus)
{
    /// <summary>The name on the bus, and the interface of the root object.</summary>
    public const string Service = "org.fedoraproject.FirewallD1";

    private const string Root = "/org/fedoraproject/FirewallD1";
    private const string Config = Root + "/config";
    private const string Properties = "org.freedesktop.DBus.Properties";
    private const string Refused = Service + ".Exception";
    private const string NotAuthorized = Service + ".NotAuthorizedException";
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromMinutes(2);

    private const string ChangedUnderUs = "something else changed firewalld at the same moment: run again";

    // What each code of an error means for us.
    private static readonly ImmutableArray<(string Code, FailureKind Kind, string Remedy)> Codes =
    [
        ("ACCESS_DENIED", FailureKind.Permission, "firewalld is locked down: add this program or user to its lockdown whitelist (firewalld.lockdown-whitelist(5)), or `firewall-cmd --lockdown-off`"),
        ("PANIC_MODE", FailureKind.Unavailable, "panic mode is on: `firewall-cmd --panic-off` when the emergency is over"),
        ("RUNNING_BUT_FAILED", FailureKind.Unavailable, FirewalldTrouble.FailedRemedy),
        ("INVALID_ZONE", FailureKind.Unavailable, "`firewall-cmd --get-zones` and `firewall-cmd --permanent --get-zones` list the zones that there are: a new one is in force only after a reload"),
        ("INVALID_POLICY", FailureKind.Conflict, ChangedUnderUs),
        ("INVALID_IPSET", FailureKind.Conflict, ChangedUnderUs),
        ("NAME_CONFLICT", FailureKind.Conflict, ChangedUnderUs),
        ("INVALID_ENTRY", FailureKind.Conflict, ChangedUnderUs),
        ("NOT_APPLIED", FailureKind.Conflict, ChangedUnderUs),
        ("COMMAND_FAILED", FailureKind.Conflict, "the kernel did not take it, most often because something changed the tables of firewalld behind its back: `nft list table inet firewalld` shows them; `firewall-cmd --reload` makes them anew"),
        ("NOT_RUNNING", FailureKind.Unavailable, FirewalldTrouble.StartRemedy),
    ];

    /// <summary>Looks: a method of the root object; the interface is that of a part, such as <c>zone</c>.</summary>
    public Task<ImmutableArray<BusValue>> LookAsync(string part, string method, CancellationToken cancellationToken, params ImmutableArray<BusValue> arguments) =>
        CallAsync(new BusCall(Service, Root, Interface(part), method, arguments) { OnlyLooks = true }, Aftermath.Untouched, cancellationToken);

    /// <summary>Looks at a property of the root object, or of the configuration.</summary>
    public async Task<string> PropertyAsync(bool ofConfig, string name, CancellationToken cancellationToken) => FirewalldReader.Text(await CallAsync(
        new BusCall(Service, ofConfig ? Config : Root, Properties, "Get", [new BusText(ofConfig ? Interface("config") : Service), new BusText(name)]) { OnlyLooks = true }, Aftermath.Untouched, cancellationToken));

    /// <summary>Looks at the permanent configuration.</summary>
    public Task<ImmutableArray<BusValue>> LookAtConfigAsync(string method, CancellationToken cancellationToken, params ImmutableArray<BusValue> arguments) =>
        CallAsync(new BusCall(Service, Config, Interface("config"), method, arguments) { OnlyLooks = true }, Aftermath.Untouched, cancellationToken);

    /// <summary>Looks at an object of the permanent configuration.</summary>
    /// <param name="find">The method that finds it by its name, such as <c>getZoneByName</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="part">Its kind: <c>zone</c>, <c>policy</c>, <c>ipset</c>.</param>
    /// <param name="method">The method.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<ImmutableArray<BusValue>> LookAtObjectAsync(string find, string name, string part, string method, CancellationToken cancellationToken)
    {
        var path = await FindAsync(find, name, Aftermath.Untouched, cancellationToken);
        return await CallAsync(new BusCall(Service, path, Interface("config." + part), method, []) { OnlyLooks = true }, Aftermath.Untouched, cancellationToken);
    }

    /// <summary>Makes one step of a change. What is already as it shall be is no failure.</summary>
    public async Task DoAsync(FirewalldStep step, CancellationToken cancellationToken)
    {
        var call = CallOf(step);
        try
        {
            await (call is null ? DoOnObjectAsync(ObjectCall.Of(step), cancellationToken) : CallAsync(call with { Timeout = WriteTimeout }, Aftermath.Unknown, cancellationToken));
        }
        catch (ProviderException refused) when (refused.InnerException is BusException { Message: var said } && IsDone(said))
        {
            return;
        }
    }

    // What goes by a name; null for what goes by the path of an object.
    private static BusCall? CallOf(FirewalldStep step) => step switch
    {
        RuntimeRule { Adds: true, Place.IsPolicy: false } add => Runtime("zone", "addRichRule", new BusText(add.Place.Name), new BusText(add.Text), new BusNumber(0)),
        RuntimeRule { Adds: false, Place.IsPolicy: false } remove => Runtime("zone", "removeRichRule", new BusText(remove.Place.Name), new BusText(remove.Text)),
        RuntimePolicyRules rules => Runtime("policy", "setPolicySettings", new BusText(rules.Name), BusMap.Of("v", ("rich_rules", new BusVariant(BusValue.Texts(rules.Texts))))),
        RuntimeEntries entries => Runtime("ipset", "setEntries", new BusText(entries.Set), BusValue.Texts(entries.Entries)),
        NewSet set => OfConfig("addIPSet", new BusText(set.Name), FirewalldSettings.Of(set)),
        NewPolicy policy => OfConfig("addPolicy", new BusText(policy.Name), FirewalldSettings.Of(policy)),
        _ => null,
    };

    private static BusCall OfConfig(string method, params ImmutableArray<BusValue> arguments) => new(Service, Config, Interface("config"), method, arguments);

    // Objects of the permanent configuration have numbers for names, and a reload deals them out anew: between the look for the number and the call, a number of ours may have become
    // that of an operator's block list (seen). So the call takes witnesses along, and what it did to somebody else's is put back at once.
    private async Task DoOnObjectAsync(ObjectCall step, CancellationToken cancellationToken)
    {
        var path = await FindAsync(step.Find, step.Name, Aftermath.Untouched, cancellationToken);
        var part = Interface("config." + step.Part);
        var call = new BusCall(Service, path, part, step.Method, step.Arguments)
        {
            Timeout = WriteTimeout,
            Witnesses = [new BusCall(Service, path, Properties, "Get", [new BusText(part), new BusText("name")]), new BusCall(Service, path, part, step.Look, [])],
        };
        var answer = await CallAsync(call, Aftermath.Unknown, cancellationToken);
        if (answer is not [BusStruct { Fields: { } met }, BusStruct { Fields: { } settings }, ..])
        {
            throw FirewalldReader.Odd("the answer of three calls");
        }

        var name = met is [BusVariant { Value: BusText { Text: var text } }] ? text : "";
        if (name == step.Name)
        {
            return;
        }

        if (name.Length > 0)
        {
            await PutBackAsync(step, name, settings);
        }

        throw new ProviderException(
            FailureKind.Conflict,
            name.Length > 0 ? Aftermath.RolledBack : Aftermath.Unknown,
            $"firewalld was reloaded while {step.Name} was looked for, and {step.Method} met {(name.Length > 0 ? $"{name} in its place; that was put back as it was" : "an object that is gone since")}",
            "run again: what is there is read afresh");
    }

    private async Task PutBackAsync(ObjectCall step, string name, ImmutableArray<BusValue> settings)
    {
        var call = step.Undo(name, settings) switch
        {
            { Find.Length: 0 } make => OfConfig(make.Method, make.Arguments),
            var undo => new BusCall(Service, await FindAsync(undo.Find, name, Aftermath.Unknown, CancellationToken.None), Interface("config." + undo.Part), undo.Method, undo.Arguments),
        };
        await CallAsync(call, Aftermath.Unknown, CancellationToken.None);
    }

    private static BusCall Runtime(string part, string method, params ImmutableArray<BusValue> arguments) => new(Service, Root, Interface(part), method, arguments);

    private async ValueTask<string> FindAsync(string find, string name, Aftermath whenLost, CancellationToken cancellationToken) => FirewalldReader.Path(
        await CallAsync(new BusCall(Service, Config, Interface("config"), find, [new BusText(name)]) { OnlyLooks = true }, whenLost, cancellationToken));

    private static string Interface(string part) => part.Length == 0 ? Service : $"{Service}.{part}";

    private static bool IsDone(string said) => said.StartsWith("ALREADY_ENABLED", StringComparison.Ordinal) || said.StartsWith("NOT_ENABLED", StringComparison.Ordinal);

    private async Task<ImmutableArray<BusValue>> CallAsync(BusCall call, Aftermath whenLost, CancellationToken cancellationToken)
    {
        try
        {
            return await bus.CallAsync(call, cancellationToken);
        }
        catch (BusException refused)
        {
            throw Meaning(call, refused);
        }
        catch (HostException absent) when (absent.Failure == HostFailure.NotFound)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"firewalld cannot be reached: {absent.Message}", FirewalldTrouble.StartRemedy, absent);
        }
        catch (HostException denied) when (denied.Failure == HostFailure.Denied)
        {
            throw new ProviderException(FailureKind.Permission, Aftermath.Untouched, denied.Message, FirewalldTrouble.RightsRemedy, denied);
        }
        catch (HostException lost)
        {
            throw new ProviderException(FailureKind.Transient, whenLost, lost.Message, "run again; the next run reads firewalld afresh", lost);
        }
    }

    private static ProviderException Meaning(BusCall call, BusException refused)
    {
        var said = refused.Message.Split('\n')[0];
        if (refused.Name == NotAuthorized)
        {
            return new ProviderException(FailureKind.Permission, Aftermath.Untouched, $"firewalld did not let this user call {call}: {said}", FirewalldTrouble.RightsRemedy, refused);
        }

        if (refused.Name is "org.freedesktop.DBus.Error.UnknownMethod" or "org.freedesktop.DBus.Error.UnknownObject")
        {
            return new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"firewalld does not know {call} (any more): {said}", ChangedUnderUs, refused);
        }

        foreach (var (code, kind, remedy) in Codes)
        {
            if (refused.Name == Refused && (said == code || said.StartsWith(code + ":", StringComparison.Ordinal)))
            {
                return new ProviderException(kind, Aftermath.Untouched, $"firewalld refused {call}: {said}", remedy, refused);
            }
        }

        return new ProviderException(FailureKind.Protocol, Aftermath.Untouched, $"firewalld refused {call}: {said} ({refused.Name})", "this message of firewalld is not known to us: please report it together with `firewall-cmd --version`", refused);
    }
}
