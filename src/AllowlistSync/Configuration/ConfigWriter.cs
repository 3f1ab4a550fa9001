using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;
using AllowlistSync.Sources;

namespace AllowlistSync.Configuration;

/// <summary>Writes a configuration as YAML with every default filled in and every secret as <c>***</c>. Pure.</summary>
public static class ConfigWriter
{
    /// <summary>The effective values. Without secrets in it, the text reads back as the same configuration.</summary>
    public static string Write(AllowlistConfig config)
    {
        var yaml = new YamlText();
        yaml.Raw("version", $"{AllowlistConfig.Version}");
        yaml.Text("owner", config.Owner.Name);
        yaml.List("sources", config.Sources, source => Source(yaml, source));
        yaml.Map("guard", () => Guard(yaml, config.Guard));
        if (!config.Hosts.IsEmpty)
        {
            yaml.Map("hosts", () =>
            {
                foreach (var group in config.Hosts)
                {
                    yaml.Map(group.Name, () => Group(yaml, group));
                }
            });
        }

        yaml.Raw("parallelism", $"{config.Parallelism}");
        yaml.List("targets", [.. config.WrittenTargets], target => TargetWriter.Write(yaml, target));
        yaml.Map("schedule", () =>
        {
            yaml.Text("cron", config.Schedule.Cron);
            yaml.Text("timeZone", config.Schedule.TimeZone.Id);
            yaml.Text("jitter", DurationText.Print(config.Schedule.Jitter));
        });
        yaml.Text("state", State(config.State));
        yaml.List("proposals", config.Proposals, proposal => ProposalWriter.Write(yaml, proposal));
        yaml.List("notify", config.Notify, notify => NotifyWriter.Write(yaml, notify));
        ListenWriter.Write(yaml, config.Listen);
        return yaml.ToString();
    }

    private static void Group(YamlText yaml, HostGroup group)
    {
        yaml.Texts("hosts", group.Hosts);
        yaml.Raw("sudo", group.Options.Sudo ? "true" : "false");
        yaml.Text("identityFile", group.Options.IdentityFile);
        yaml.Text("connectTimeout", DurationText.Print(group.Options.ConnectTimeout));
    }

    private static void Source(YamlText yaml, SourceConfig source)
    {
        yaml.Text("name", source.Name);
        yaml.Text("type", source.Type);
        switch (source)
        {
            case CloudflareSourceConfig cloudflare:
                yaml.Text("apiUrl", cloudflare.ApiUrl.OriginalString);
                yaml.Texts("textUrls", cloudflare.TextUrls.Select(url => url.OriginalString));
                yaml.Texts("networks", cloudflare.Networks);
                break;
            case UrlSourceConfig url:
                yaml.Text("url", url.Url.OriginalString);
                yaml.Text("format", url.Format == ListFormat.Json ? "json" : "text");
                if (url.Paths.Length > 0)
                {
                    yaml.Texts("paths", url.Paths);
                }

                break;
            case FileSourceConfig file:
                yaml.Text("path", file.Path);
                break;
            case StaticSourceConfig fixedList:
                yaml.Texts("prefixes", fixedList.Prefixes.Select(prefix => prefix.ToString()));
                break;
        }
    }

    private static void Guard(YamlText yaml, GuardPolicy guard)
    {
        yaml.Raw("minPrefixes", PerFamily(guard.MinPrefixes));
        yaml.Raw("maxRemovedPercent", $"{guard.MaxRemovedPercent}");
        yaml.Raw("maxAddedPercent", $"{guard.MaxAddedPercent}");
        yaml.Raw("widest", PerFamily(guard.Widest));
        yaml.Text("removalGrace", DurationText.Print(guard.RemovalGrace));
        yaml.Text("maxAge", DurationText.Print(guard.MaxAge));
    }

    private static string PerFamily(PerFamily numbers) => $"{{ ipv4: {numbers[IpFamily.IPv4]}, ipv6: {numbers[IpFamily.IPv6]} }}";

    private static string State(StateConfig state) => state switch
    {
        StateInFiles files => files.Directory,
        StateInDatabase database => database.Connection,
        _ => Secret.Mask,
    };
}
