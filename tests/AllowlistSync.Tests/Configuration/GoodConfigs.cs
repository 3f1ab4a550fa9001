namespace AllowlistSync.Tests.Configuration;

/// <summary>Files that are right, each for what is unusual in it.</summary>
internal static class GoodConfigs
{
    internal static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["the smallest"] = BadConfigs.Top,
        ["a document marker at the top"] = "---\n" + BadConfigs.Top,
        ["JSON, which is YAML"] = """{"version":1,"sources":[{"name":"cf","type":"cloudflare"}],"targets":[{"name":"web","provider":"ufw","allow":["cf"],"ports":[80,"443/udp"]}]}""",
        ["CRLF"] = BadConfigs.Top.Replace("\n", "\r\n", StringComparison.Ordinal),
        ["loopback over plain http"] = BadConfigs.Top.Replace("type: cloudflare", "type: cloudflare, apiUrl: \"http://127.0.0.1:8080/ips\", textUrls: [\"http://localhost/4\", \"http://[::1]:81/6\"]", StringComparison.Ordinal),
        ["a quoted name that looks like a number"] = BadConfigs.Top + "state: \"5\"\n",
        ["nothing is served"] = BadConfigs.Top + "listen: off\n",
        ["served to other machines by token"] = BadConfigs.Top + "listen: { address: 0.0.0.0:9521, token: { env: LONG_TOKEN }, tls: { certificate: c.pem, key: /etc/k.pem } }\n",
        ["served to other machines by certificate"] = BadConfigs.Top + "listen: { address: \"[::]:9521\", tls: { certificate: c.pem, key: k.pem, clientCa: ca.pem } }\n",
        ["everything"] = Everything,
    };

    internal const string Everything = """
        version: 1
        owner: web-1
        sources:
          - { name: cloudflare, type: cloudflare, networks: [jdcloud] }
          - { name: json, type: url, url: https://example.com/ranges.json, format: json, paths: ["prefixes[].ip", extra] }
          - { name: list, type: url, url: https://example.com/ranges.txt }
          - { name: local, type: file, path: lists/local.txt }
          - name: office
            type: static
            prefixes: [198.51.100.0/24, 2001:db8::/32, ::1/128, 192.0.2.1]
        guard:
          minPrefixes: { ipv4: 9, ipv6: 5 }
          maxRemovedPercent: 10
          maxAddedPercent: 50
          widest: { ipv4: 9 }
          removalGrace: 1d
          maxAge: 90m
        hosts:
          fleet: [ssh://root@a, "ssh://root@[2001:db8::1]:2222"]
          db: { hosts: [ssh://ops@db1], sudo: true, identityFile: keys/db, connectTimeout: 5s }
        parallelism: 20
        targets:
          - name: web
            provider: nftables
            host: ssh://deploy@web-1.example.org:2222
            allow: [cloudflare, office]
            ports: [80, 8000-8010, 443/udp, "443"]
            mode: report
            policy: addOnly
            settings: { table: inet filter, sets: { ipv4: inet filter cf4, ipv6: inet filter cf6 } }
          - { name: other, provider: ufw, allow: [json, list, local], mode: propose }
          - { name: many, provider: nftables, host: fleet, allow: [cloudflare], settings: { table: inet filter, chain: input } }
        schedule: { cron: "0 5 * * * ?", jitter: 0s }
        state: Host=/run/postgresql;Database=allow
        proposals:
          - name: infra
            repository: git@git.example.org:ops/infra.git
            base: release/1.0
            forge: { type: gitea, apiUrl: https://git.example.org/api/v1, repository: ops/infra, token: { env: TOKEN } }
            files:
              - { path: nginx/realip.conf, format: nginx-realip, allow: [cloudflare] }
              - { path: group_vars/web.yml, key: firewall.allow, allow: [cloudflare, office] }
              - { path: nft/rules.nft, block: cloudflare, format: nft-elements, allow: [cloudflare] }
          - { name: bare, repository: ssh://git@git.example.org/ops/x.git, forge: { type: none }, files: [{ path: a, key: b, allow: [office] }] }
        notify:
          - { type: webhook, url: { env: HOOK }, secret: { env: TOKEN }, on: [failed] }
          - { type: slack, url: { env: HOOK } }
          - { type: teams, url: { env: HOOK } }
          - { type: discord, url: { env: HOOK } }
          - { type: email, smtp: "mail.example.com:587", from: sync@example.com, to: [ops@example.com], username: sync, password: { env: TOKEN } }
          - { type: email, smtp: "[::1]:25", tls: none, from: sync@example.com, to: [a@example.com, b@example.com] }
          - { type: exec, command: [/usr/local/bin/tell, --quiet], timeout: 5s, on: [blocked, stale] }
        listen: "[::1]:9600"

        """;
}
