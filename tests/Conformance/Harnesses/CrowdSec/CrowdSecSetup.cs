namespace AllowlistSync.Conformance.Harnesses.CrowdSec;

/// <summary>How a crowdsec is laid into a sandbox: scripts of sh.</summary>
internal static class CrowdSecSetup
{
    /// <summary>Where tests/run.sh unpacks Debian's package: installing it would call crowdsec's central servers.</summary>
    public const string Package = "/var/cache/allowlist-sync-tests/crowdsec";

    /// <summary>The stand-in for systemd.</summary>
    public static string ServiceManager { get; } = $"install -m 755 {StandIn("systemctl")} /usr/local/bin/systemctl";

    /// <summary>A crowdsec that is not real.</summary>
    public static string Fake(bool isOld) => $$"""
        install -m 755 {{StandIn("cscli")}} /usr/bin/cscli
        install -m 755 {{StandIn("crowdsec")}} /usr/bin/crowdsec
        mkdir -p /etc/crowdsec/parsers/s02-enrich /var/lib/crowdsec
        {{(isOld ? "touch /etc/crowdsec/standin.old" : ":")}}
        (umask 077; : > /var/lib/crowdsec/standin.state)
        cscli decisions add --ip 198.51.100.9 -R scanner
        {{(isOld ? ":" : "cscli allowlists create mine -d 'of the operator'; cscli allowlists add mine 198.51.100.0/28")}}
        ln -s /bin/sleep /usr/local/bin/crowdsec-main
        trap '' HUP
        setsid crowdsec-main 1000000 >/dev/null 2>&1 &
        echo $! > /run/crowdsec.main
        """;

    /// <summary>The real one: agent and local API, without the central API, and with an offline hub. Its parsers for logs only where they are needed: to compile their patterns takes seconds.</summary>
    public static string Real(bool readsLogs) => $$"""
        cp -a {{Package}}/etc/crowdsec /etc/
        ln -s {{Package}}/usr/bin/crowdsec {{Package}}/usr/bin/cscli /usr/bin/
        mkdir -p /var/lib/crowdsec/data /var/lib/crowdsec/hub /etc/crowdsec/acquis.d /usr/lib/crowdsec
        ln -s {{Package}}/usr/lib/crowdsec/plugins /usr/lib/crowdsec/plugins
        for i in blockers collections parsers postoverflows scenarios .index.json; do ln -s {{Package}}/usr/share/crowdsec/hub/$i /var/lib/crowdsec/hub/; done
        sed -i '/online_client:/,/credentials_path/d' /etc/crowdsec/config.yaml
        {{(readsLogs ? ":" : "rm /etc/crowdsec/patterns/*")}}
        for f in {{(readsLogs ? "parsers/s00-raw/crowdsecurity/syslog-logs parsers/s01-parse/crowdsecurity/sshd-logs scenarios/crowdsecurity/ssh-bf" : "")}} parsers/s02-enrich/crowdsecurity/dateparse-enrich parsers/s02-enrich/crowdsecurity/whitelists; do
          d=/etc/crowdsec/$(dirname $(dirname $f)); mkdir -p $d; ln -s /var/lib/crowdsec/hub/$f.yaml $d/
        done
        : > /var/log/auth.log
        printf 'filenames:\n  - /var/log/auth.log\nlabels:\n  type: syslog\n' > /etc/crowdsec/acquis.yaml
        (umask 077; touch /etc/crowdsec/local_api_credentials.yaml)
        cscli machines add testbox --password test-only-pw --force >/dev/null 2>&1
        {{Start}}
        cscli decisions add --ip 198.51.100.9 -R scanner >/dev/null 2>&1
        """;

    /// <summary>Starts the real one as its unit does, and waits until it reads.</summary>
    public const string Start = """
        was=$(cat /var/log/crowdsec.log 2>/dev/null | grep -c 'Starting processing data' || true)
        setsid crowdsec -c /etc/crowdsec/config.yaml >/var/log/crowdsec.out 2>&1 </dev/null &
        main=$!
        n=0; until [ "$(grep -c 'Starting processing data' /var/log/crowdsec.log 2>/dev/null)" -gt "$was" ]; do n=$((n+1)); [ $n -lt 300 ] || { cat /var/log/crowdsec.out; exit 1; }; sleep 0.1; done
        echo $main > /run/crowdsec.main
        """;

    /// <summary>
    /// Waits until the real one has loaded its configuration as often as it was told to; does nothing for a stand-in. What is gone between the listing of its parsers and their reading ends it (1.4.6: "failed to stat"),
    /// and a second signal waits until the first is done.
    /// </summary>
    public const string Settled = """
        quiet=0; n=0
        until [ $quiet = 3 ] || [ ! -e /var/log/crowdsec.log ]; do
          n=$((n+1)); [ $n -lt 200 ] && kill -0 $(cat /run/crowdsec.main) || { echo 'crowdsec did not end its reload:'; tail -n 20 /var/log/crowdsec.log; exit 1; } >&2
          if [ $(grep -c 'SIGHUP received' /var/log/crowdsec.log) = $(grep -c 'Reload is finished' /var/log/crowdsec.log) ]; then quiet=$((quiet+1)); else quiet=0; fi
          sleep 0.2
        done

        """;

    private static string StandIn(string name) => Path.Combine(AppContext.BaseDirectory, "StandIns", "crowdsec", name);
}
