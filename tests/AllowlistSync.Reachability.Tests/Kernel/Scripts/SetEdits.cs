using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Ipset;
using AllowlistSync.Reachability.Tests.Kernel.Generating;

namespace AllowlistSync.Reachability.Tests.Kernel.Scripts;

/// <summary>Makes scripts for <c>ipset restore</c> that change the sets of a host.</summary>
internal sealed class SetEdits(Dice dice, AddressPool pool)
{
    private int _made;

    /// <summary>A script.</summary>
    /// <param name="before">The host's rule set.</param>
    public string Make(RuleSet before)
    {
        var names = before.IpSets!.Keys.Order(StringComparer.Ordinal).ToList();
        var lines = new List<string>();
        for (var i = dice.Roll(1, 4); i > 0; i--)
        {
            lines.Add(Edit(before, names));
        }

        return string.Concat(lines.Where(line => line.Length > 0).Select(line => line + "\n"));
    }

    private string Edit(RuleSet before, List<string> names) => names.Count == 0 ? Create() : dice.Weighted(
        (0.20, Create),
        (0.20, () => Fill(before, dice.PickOf(names))),
        (0.15, () => Delete(before, dice.PickOf(names))),
        (0.20, () => Exchange(before, dice.PickOf(names))),
        (0.08, () => Swap(before, dice.PickOf(names), dice.PickOf(names))),
        (0.05, () => $"flush {dice.PickOf(names)}"),
        (0.04, () => $"rename {dice.PickOf(names)} renamed{_made++}"),
        (0.04, () => $"destroy {dice.PickOf(names)}"),
        (0.04, () => dice.Pick("destroy nobody", "destroy nobody -exist", "add nobody 1.1.1.1", "swap nobody s0", "create bad hash:nothing", "frobnicate", "# a comment", "COMMIT")));

    private string Create()
    {
        var name = $"new{_made++}";
        return $"create {name} hash:net family {(pool.IsV6 ? "inet6" : "inet")}{dice.Pick("", " maxelem 131072", " comment", " timeout 0")}\n{Nets(name)}";
    }

    private string Nets(string name) => string.Join('\n', Enumerable.Range(0, dice.Roll(1, 6)).Select(_ => $"{pool.Narrow()}").Distinct().Select(net => $"add {name} {net}{(dice.Chance(0.1) ? " nomatch" : "")}{(dice.Chance(0.2) ? " -exist" : "")}"));

    private string Fill(RuleSet before, string name)
    {
        var exist = dice.Chance(0.7) ? " -exist" : "";
        return before.IpSets![name].Type switch
        {
            "hash:net" => $"add {name} {pool.Narrow()}{(dice.Chance(0.2) ? " nomatch" : "")}{exist}",
            "hash:ip" => $"add {name} {pool.Address()}{exist}",
            "hash:ip,port" or "hash:net,port" => $"add {name} {pool.Address()},{IptablesText.SetPort(dice)}{exist}",
            "bitmap:port" => $"add {name} {dice.Pick("80-82", "443", "tcp:8443")}{exist}",
            "hash:net,iface" => $"add {name} {pool.Narrow()},eth0{exist}",
            "list:set" => $"add {name} {dice.PickOf(before.IpSets.Keys.Order(StringComparer.Ordinal).ToList())}{exist}",
            _ => "",
        };
    }

    private string Delete(RuleSet before, string name)
    {
        var elements = SetText.Lines(before.IpSets![name]).Select(line => Encoding.UTF8.GetString(line.Element.Span)).ToList();
        return elements.Count == 0 || dice.Chance(0.1) ? $"del {name} {pool.Narrow()}{(dice.Chance(0.5) ? " -exist" : "")}" : $"del {name} {dice.PickOf(elements)}";
    }

    /// <summary>How a set is filled anew in one step: beside it, and then exchanged.</summary>
    private string Exchange(RuleSet before, string name)
    {
        var (fresh, set) = ($"fresh{_made++}", before.IpSets![name]);
        var options = string.Join(' ', set.Options.Where((word, i) => word is not ("hashsize" or "bucketsize" or "initval") && (i == 0 || set.Options[i - 1] is not ("hashsize" or "bucketsize" or "initval"))));
        return $"create {fresh} {set.Type} {options}\n{(set.Type == "hash:net" ? Nets(fresh) + "\n" : "")}swap {fresh} {name}{(dice.Chance(0.7) ? $"\ndestroy {fresh}" : "")}";
    }

    // Types that differ are one for the kernel now and then, such as hash:ip and bitmap:ip: the model does not follow that.
    private static string Swap(RuleSet before, string one, string other) => before.IpSets![one].Type == before.IpSets[other].Type ? $"swap {one} {other}" : "";
}
