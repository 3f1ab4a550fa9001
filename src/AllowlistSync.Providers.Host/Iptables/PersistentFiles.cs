using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>
/// The files from which rules come back after a reboot: those of netfilter-persistent (Debian) and of iptables-services (RHEL). They are edited, never saved anew: a
/// save would freeze the bans of fail2ban and the rules of Docker. A file that iptables-restore refuses leaves the host open at boot, so each is tested before it takes the old one's place.
/// </summary>
internal sealed class PersistentFiles(IptablesOptions options, ProviderPlace place, IptablesTool tool)
{
    private const string DebianDirectory = "/etc/iptables";
    private const string DebianPlugins = "/usr/share/netfilter-persistent/plugins.d";
    private const string RedHatDirectory = "/etc/sysconfig";
    private const UnixFileMode NewMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private IHostFiles Files => place.Host.Files;

    /// <summary>What is told of a host without such files.</summary>
    public static Finding None { get; } = new(
        "not-kept-over-reboot", Severity.Info, "nothing on this host loads rules of iptables at boot, so after a reboot ours are gone like all others", "let `allowlist-sync-boot.service` or the timer put them back");

    /// <summary>The files of this host, and what of ours is in them.</summary>
    public async ValueTask<ImmutableArray<PersistentState>> ReadAsync(Target target, CancellationToken cancellationToken)
    {
        try
        {
            var states = ImmutableArray.CreateBuilder<PersistentState>();
            foreach (var (family, path, sets) in await FindAsync(cancellationToken))
            {
                states.Add(await ReadAsync(target, family, path, sets, cancellationToken));
            }

            return states.ToImmutable();
        }
        catch (HostException failed)
        {
            throw IptablesErrors.Of(failed, Aftermath.Untouched);
        }
    }

    /// <summary>Writes what the kernel holds of ours into the files that hold something else.</summary>
    public async ValueTask<ImmutableArray<string>> WriteAsync(Target target, IptablesState made, CancellationToken cancellationToken)
    {
        var actions = ImmutableArray.CreateBuilder<string>();
        foreach (var file in made.Persistent.Where(file => file.IsUsable))
        {
            var traffic = IptablesObservation.Allowed(made).Only(file.Family);
            var exists = made.Served.Any(served => served.Place.Family == file.Family && served.HasChain);
            if (exists ? !file.Holds(traffic, made.Form) : file.HoldsOurs)
            {
                await WriteAsync(target, file, exists ? traffic : null, file.FormFor(made.Form), cancellationToken);
                actions.Add($"{file.Path} written");
            }
        }

        return actions.ToImmutable();
    }

    private async ValueTask<ImmutableArray<(IpFamily Family, string Path, string? Sets)>> FindAsync(CancellationToken cancellationToken)
    {
        var debian = await Files.ListAsync(DebianDirectory, cancellationToken);
        var found = ImmutableArray.CreateBuilder<(IpFamily, string, string?)>();
        if (debian.Contains("rules.v4") || debian.Contains("rules.v6"))
        {
            var plugins = await Files.ListAsync(DebianPlugins, cancellationToken);
            var sets = plugins.Any(plugin => plugin.Contains("ipset", StringComparison.Ordinal)) ? $"{DebianDirectory}/ipsets" : null;
            found.AddRange(new[] { (IpFamily.IPv4, "rules.v4", "ip4tables"), (IpFamily.IPv6, "rules.v6", "ip6tables") }
                .Where(line => debian.Contains(line.Item2) && plugins.Any(plugin => plugin.EndsWith(line.Item3, StringComparison.Ordinal)))
                .Select(line => (line.Item1, $"{DebianDirectory}/{line.Item2}", sets)));
        }

        var redHat = await Files.ListAsync(RedHatDirectory, cancellationToken);
        found.AddRange(new[] { (IpFamily.IPv4, "iptables"), (IpFamily.IPv6, "ip6tables") }.Where(line => redHat.Contains(line.Item2))
            .Select(line => (line.Item1, $"{RedHatDirectory}/{line.Item2}", redHat.Contains("ipset") ? $"{RedHatDirectory}/ipset" : null)));
        return found.ToImmutable();
    }

    private async ValueTask<PersistentState> ReadAsync(Target target, IpFamily family, string path, string? setsPath, CancellationToken cancellationToken)
    {
        var mark = IptablesMark.Of(target);
        var text = await TextAsync(path, cancellationToken);
        var sets = setsPath is null ? "" : await TextAsync(setsPath, cancellationToken);
        var (file, problem) = RulesFile.Read(text);
        var state = new PersistentState(family, path, setsPath, problem) { Digest = IptablesDigest.Of([path, text, sets]) };
        if (file is null)
        {
            return state;
        }

        var listing = IptablesReader.Read(Encoding.UTF8.GetBytes(file.FilterTable), path);
        if (!listing.Chains.ContainsKey(options.Chain))
        {
            return state with { Problem = $"has no chain {options.Chain}" };
        }

        var at = new IptablesPlace(IptablesEngine.Nft, family);
        var question = new ChainQuestion([new RuleListing(at.Listing, PlaceReading.WithoutOurs(listing, mark))], at.Table, options.Chain, options.PortsOf(target));
        var inFile = PlaceReading.Read(at, listing, options.Chain, mark, place.Chains.FirstThatMayBlock(question)?.Number, isServed: true);
        var saved = IpsetReader.Read(Encoding.UTF8.GetBytes(sets.Length > 0 && sets[^1] != '\n' ? sets + "\n" : sets), [mark.Set(family)]);
        return state with
        {
            Place = inFile,
            Allowed = IptablesObservation.Traffic(inFile.Rules.Select(rule => rule.Rule).OfType<AcceptRule>(), name => saved.GetValueOrDefault(name)?.Matches ?? PrefixSet.Empty),
        };
    }

    // Sets before the rules that ask them, and the other way round to take them out: a reboot at any moment finds no rule without its set.
    private async ValueTask WriteAsync(Target target, PersistentState file, TrafficSet? traffic, PrefixForm form, CancellationToken cancellationToken)
    {
        try
        {
            var mark = IptablesMark.Of(target);
            var usesSets = traffic is not null && form == PrefixForm.Sets;
            if (usesSets)
            {
                await WriteSetsAsync(file, mark, traffic!.Sources, cancellationToken);
            }

            await WriteRulesAsync(file, mark, traffic, form, cancellationToken);
            if (!usesSets && file.SetsPath is not null)
            {
                await WriteSetsAsync(file, mark, null, cancellationToken);
            }
        }
        catch (HostException failed)
        {
            throw Incomplete(file, failed.Message, "make room on the disk or make the file writable, and run `apply` again", failed);
        }
    }

    private async ValueTask WriteRulesAsync(PersistentState file, IptablesMark mark, TrafficSet? traffic, PrefixForm form, CancellationToken cancellationToken)
    {
        var now = await TextAsync(file.Path, cancellationToken);
        if (RulesFile.Read(now) is not ({ } rules, _))
        {
            throw Incomplete(file, "it was changed in the meantime", "run `apply` again", null);
        }

        var jump = file.Place!.Jump;
        var before = jump.InsertBefore - jump.Ours.Count(ours => ours.Number < jump.InsertBefore);
        var text = rules.With(options.Chain, mark, traffic is null ? null : Rules(file.Family, mark, traffic, form), before);
        if (text == now)
        {
            return;
        }

        try
        {
            await tool.TestAsync(new IptablesPlace(IptablesEngine.Nft, file.Family).Tool, text, flushes: true, cancellationToken);
        }
        catch (ProviderException refused)
        {
            throw Incomplete(file, refused.Message, $"find out what iptables-restore has against the file (`iptables-restore --test {file.Path}`), mend it, and run `apply` again", refused);
        }

        await Files.ReplaceAsync(file.Path, Encoding.UTF8.GetBytes(text), NewMode, cancellationToken);
    }

    private IEnumerable<AcceptRule> Rules(IpFamily family, IptablesMark mark, TrafficSet traffic, PrefixForm form)
    {
        var layout = IptablesLayout.For(traffic).Of(family);
        return form == PrefixForm.Sets
            ? AcceptRule.ForSet(mark.Set(family), layout.Ports, options.IsDocker)
            : AcceptRule.ForPrefixes(layout.Sources.Prefixes(), layout.Ports, options.IsDocker);
    }

    private async ValueTask WriteSetsAsync(PersistentState file, IptablesMark mark, PrefixSet? sources, CancellationToken cancellationToken)
    {
        var now = await TextAsync(file.SetsPath!, cancellationToken);
        var sets = new StringBuilder();
        if (sources is not null)
        {
            IpsetWriter.Write(sets, mark.Set(file.Family), file.Family, sources);
        }

        var text = RulesFile.WithSets(now, [mark.Set(file.Family), mark.NewSet(file.Family)], sets.ToString());
        if (text != now)
        {
            await Files.ReplaceAsync(file.SetsPath!, Encoding.UTF8.GetBytes(text), NewMode, cancellationToken);
        }
    }

    private async ValueTask<string> TextAsync(string path, CancellationToken cancellationToken) => (await Files.ReadAsync(path, cancellationToken))?.Text ?? "";

    private static ProviderException Incomplete(PersistentState file, string why, string remedy, Exception? inner) => new(
        FailureKind.Conflict, Aftermath.Unknown, $"the kernel was changed, and {file.Path} was left as it was, so a reboot would bring back the old rules: {why}", remedy, inner);
}
