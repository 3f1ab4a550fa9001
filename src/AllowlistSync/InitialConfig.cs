using System.Text;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Providers;

namespace AllowlistSync;

/// <summary>Writes the configuration that <c>init</c> proposes for what was found on a machine. Pure.</summary>
internal static class InitialConfig
{
    private const string Head =
        """
        # AllowlistSync: lets Cloudflare through the firewalls of this machine, and nobody else.
        # `allowlist-sync diff` shows what would change, `allowlist-sync config show` all settings with their defaults.
        version: 1

        # The mark on everything that is made here; two machines or teams that share a firewall need different owners.
        owner: allowlist-sync

        sources:
          - name: cloudflare
            type: cloudflare
          # Addresses of your own that shall get in too:
          # - name: office
          #   type: static
          #   prefixes: [198.51.100.0/24]

        """;

    /// <summary>The whole file.</summary>
    public static string Write(HostDetection host)
    {
        var yaml = new StringBuilder(Head.ReplaceLineEndings("\n")).Append('\n');
        var targets = 0;
        yaml.Append("targets:");
        foreach (var (provider, detection) in host.Firewalls)
        {
            foreach (var proposal in detection.Proposals)
            {
                yaml.Append(targets++ == 0 ? "\n" : "");
                Append(yaml, provider, proposal);
            }
        }

        if (targets == 0)
        {
            yaml.Append(" []\n");
            foreach (var (provider, detection) in host.Firewalls)
            {
                yaml.Append(null, $"# {provider.Name}: {detection.Summary}\n");
            }

            yaml.Append("# A target looks like this:\n#  - name: web\n#    provider: nftables\n#    allow: [cloudflare]\n#    ports: [80, 443]\n#    settings: { table: inet filter, chain: input }\n");
        }

        return yaml.ToString();
    }

    private static void Append(StringBuilder yaml, ProviderDescriptor provider, TargetProposal proposal)
    {
        yaml.Append(null, $"  # {proposal.Comment}\n  - name: {proposal.Name}\n    provider: {provider.Name}\n    allow: [cloudflare]\n");
        yaml.Append("    ports: [80, 443]        # tcp; 443/udp for HTTP/3\n    mode: apply             # report: only say what differs\n");
        yaml.Append(proposal.Settings.IsEmpty ? "" : "    settings:\n");
        foreach (var (key, values) in proposal.Settings.Lists)
        {
            yaml.Append(null, $"      {key}: {YamlText.Flow(values)}\n");
        }

        foreach (var field in provider.Settings.Where(field => proposal.Settings[field.Name] is not null))
        {
            yaml.Append(null, $"      {field.Name}: {proposal.Settings[field.Name]}\n");
        }
    }
}
