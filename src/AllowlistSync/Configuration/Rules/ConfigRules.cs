using AllowlistSync.Configuration.Reading;
using AllowlistSync.Sources;
using FluentValidation;
using FluentValidation.Results;

namespace AllowlistSync.Configuration.Rules;

/// <summary>
/// The rules that need more than one value of the file. Built only for a configuration that breaks one (<see cref="Sane"/>):
/// FluentValidation compiles expressions, which costs more at start than all other reading.
/// </summary>
internal sealed class ConfigRules : AbstractValidator<AllowlistConfig>
{
    public ConfigRules()
    {
        RuleFor(config => config).Custom(SourcesAreSane);
        RuleFor(config => config).Custom(HostsAreSane);
        RuleFor(config => config).Custom(TargetsAreSane);
        RuleFor(config => config).Custom(ProposalsAreSane);
        RuleFor(config => config).Custom(ReceiversAreSane);
        RuleFor(config => config).Must(Sane.HasSomethingToDo).OverridePropertyName("targets")
            .WithMessage("there is neither a target nor a proposal, so nothing would be done").WithState(_ => "add a target");
        RuleFor(config => config).Custom(ListenIsSane);
        RuleFor(config => config.Guard).SetValidator(new GuardRules()).OverridePropertyName("guard");
    }

    private static void SourcesAreSane(AllowlistConfig config, ValidationContext<AllowlistConfig> context)
    {
        Unique(context, "sources", "source", [.. config.Sources.Select(source => source.Name)]);
        for (var i = 0; i < config.Sources.Length; i++)
        {
            if (config.Sources[i] is UrlSourceConfig source && !Sane.HasPathsWhereNeeded(source))
            {
                Fail(context, $"sources[{i}]", source.Format == ListFormat.Json
                    ? new("a JSON list needs the place of its prefixes", "add path: prefixes[].ip, or paths: [...]")
                    : new("a text list has no paths", "remove path and paths, or write format: json"));
            }
        }
    }

    private static void TargetsAreSane(AllowlistConfig config, ValidationContext<AllowlistConfig> context)
    {
        Unique(context, "targets", "target", [.. config.WrittenTargets.Select(target => target.Target.Mark)]);
        foreach (var target in config.WrittenTargets)
        {
            Known(context, $"targets[{target.Position}].allow", target.Target.Allow, config);
            if (!Sane.IsHostKnown(config, target.WrittenHost))
            {
                var names = config.Hosts.Select(group => group.Name).ToArray();
                Fail(context, $"targets[{target.Position}].host", new($"there is no group \"{Shown.Of(target.WrittenHost)}\" in hosts", names.Length == 0 ? "write local or ssh://user@host, or add the group to hosts" : Spelling.Suggest(target.WrittenHost, names)));
            }
        }
    }

    private static void HostsAreSane(AllowlistConfig config, ValidationContext<AllowlistConfig> context)
    {
        foreach (var group in config.Hosts)
        {
            var first = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var (i, place) in group.Hosts.Select(Sane.PlaceOf).Index())
            {
                if (place.Length > 0 && !first.TryAdd(place, i))
                {
                    Fail(context, $"hosts.{group.Name}.hosts[{i}]", new($"the host {Shown.Of(place)} is in this group already: number {first[place] + 1}", "keep one of them"));
                }
            }
        }
    }

    private static void ProposalsAreSane(AllowlistConfig config, ValidationContext<AllowlistConfig> context)
    {
        Unique(context, "proposals", "proposal", [.. config.Proposals.Select(proposal => proposal.Name)]);
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, proposal) in config.Proposals.Index())
        {
            if (Sane.BranchOf(proposal) is { Length: > 0 } branch && !first.TryAdd(branch, i))
            {
                Fail(context, $"proposals[{i}].branch", new($"proposals[{first[branch]}] writes to the same branch of the same repository, and each would undo the other", "put the files of both into one proposal, or name another branch"));
            }

            foreach (var (j, file) in proposal.Files.Index())
            {
                Known(context, $"proposals[{i}].files[{j}].allow", file.Allow, config);
            }

            foreach (var (key, fault) in ProposalRules.Faults(proposal))
            {
                Fail(context, $"proposals[{i}].{key}", fault);
            }
        }
    }

    private static void ReceiversAreSane(AllowlistConfig config, ValidationContext<AllowlistConfig> context)
    {
        foreach (var (i, receiver) in config.Notify.Index())
        {
            foreach (var (key, fault) in NotifyRules.Faults(receiver))
            {
                Fail(context, $"notify[{i}].{key}", fault);
            }
        }
    }

    private static void ListenIsSane(AllowlistConfig config, ValidationContext<AllowlistConfig> context)
    {
        if (!Sane.IsProtected(config.Listen))
        {
            Fail(context, "listen.address", new(
                $"other machines can reach {config.Listen.Address}, and nobody would ask them who they are",
                "write a loopback address such as 127.0.0.1:9521, or { address: ..., token: { file: PATH }, tls: { certificate: PATH, key: PATH } }, or tls with clientCa instead of a token"));
        }

        if (Sane.SpeaksTokenInPlainText(config.Listen))
        {
            Fail(context, "listen.token", new(
                $"the token would pass through the network in plain text, since {config.Listen.Address} is not loopback",
                "add tls: { certificate: PATH, key: PATH }, or listen on loopback behind a proxy that speaks TLS"));
        }
    }

    private static void Unique(ValidationContext<AllowlistConfig> context, string list, string what, IReadOnlyList<string> names)
    {
        var first = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (i, name) in names.Index())
        {
            if (name.Length > 0 && !first.TryAdd(name, i))
            {
                Fail(context, $"{list}[{i}].name", new($"another {what} is named \"{Shown.Of(name)}\": {list}[{first[name]}]", "give each its own name"));
            }
        }
    }

    private static void Known(ValidationContext<AllowlistConfig> context, string path, IReadOnlyList<string> allow, AllowlistConfig config)
    {
        var known = Sane.SourceNames(config);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, name) in allow.Index())
        {
            if (!known.Contains(name))
            {
                var names = config.Sources.Select(source => source.Name).Where(other => other.Length > 0).ToArray();
                Fail(context, $"{path}[{i}]", new($"there is no source \"{Shown.Of(name)}\"", names.Length == 0 ? "add it to sources" : Spelling.Suggest(name, names)));
            }
            else if (name.Length > 0 && !seen.Add(name))
            {
                Fail(context, $"{path}[{i}]", new($"the source \"{Shown.Of(name)}\" is named twice", "keep one of them"));
            }
        }
    }

    private static void Fail(ValidationContext<AllowlistConfig> context, string path, Fault fault) =>
        context.AddFailure(new ValidationFailure(path, fault.Problem) { CustomState = fault.Fix });
}
