using AllowlistSync.TestKit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>A configuration as an operator writes it.</summary>
internal sealed record ConfigText
{
    public const string RuleWay = "settings: { table: inet filter, chain: input }";
    public const string SetWay = "settings: { sets: { ipv4: inet filter cf4, ipv6: inet filter cf6 } }";

    /// <summary>The lines of the guard section; none for the defaults.</summary>
    public string Guard { get; init; } = "";

    /// <summary>Lines of the first target besides name, provider, allow and settings.</summary>
    public string More { get; init; } = "";

    public string Settings { get; init; } = RuleWay;

    /// <summary>Further targets, complete.</summary>
    public string Others { get; init; } = "";

    /// <summary>Further sources, complete.</summary>
    public string Sources { get; init; } = "";

    public string Allow { get; init; } = "cloudflare";

    public string State { get; init; } = Origin.StatePath;

    /// <summary>Further lines of the file itself, such as <c>schedule: ...</c>.</summary>
    public string Lines { get; init; } = "";

    public string Write(CloudflareServer server) =>
        $"""
        version: 1
        sources:
          - name: cloudflare
            type: cloudflare
            apiUrl: {server.ApiUrl}
            textUrls: [{server.TextIPv4Url}, {server.TextIPv6Url}]
        {Sources}
        {(Guard.Length == 0 ? "" : $"guard: {{ {Guard} }}")}
        state: {State}
        {Lines}
        targets:
          - name: web
            provider: nftables
            allow: [{Allow}]
            {More}
            {Settings}
        {Others}

        """;
}
