#!/usr/bin/env bash
# Runs all tests: installs what they need from Debian's packages (as root), builds, tests, and ends with one line
# "N passed, N failed, N skipped". Without root, the tests that need a network namespace print why and are counted as skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

needed() {
  local pair
  for pair in nft:nftables sshd:openssh-server ssh:openssh-client iptables:iptables ipset:ipset ufw:ufw firewalld:firewalld dbus-daemon:dbus fail2ban-server:fail2ban ip:iproute2 unshare:util-linux setpriv:util-linux setsid:util-linux iprange:iprange ps:procps git:git curl:curl jq:jq systemd-analyze:systemd nginx:nginx apache2:apache2 haproxy:haproxy varnishd:varnish promtool:prometheus faketime:faketime chromium:chromium pg_ctlcluster:postgresql gcc:gcc; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || PATH="$PATH:/usr/sbin:/sbin" command -v "${pair%%:*}" >/dev/null 2>&1 || echo "${pair##*:}"
  done | sort -u
  [ -e /usr/include/zlib.h ] || echo zlib1g-dev
}

missing=$(needed)
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing:" $missing
    apt-get update -qq
    # firewalld, ufw and fail2ban run in the tests' namespaces only: nothing is started here (invoke-rc.d(8), deb-systemd-invoke(1p)).
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
      chmod 755 /usr/sbin/policy-rc.d
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
    if trap -p EXIT | grep -q policy-rc.d; then
      rm -f /usr/sbin/policy-rc.d
      trap - EXIT
    fi
  else
    echo "not installed, so the tests that need them are skipped:" $missing
  fi
fi
# What brings rules of iptables back at boot. ufw breaks these packages, so they are not installed: the tests put their files into a namespace.
persistent=/var/cache/allowlist-sync-tests/netfilter-persistent
if [ "$(id -u)" = 0 ] && [ ! -d "$persistent" ] && command -v apt-get >/dev/null 2>&1; then
  debs=$(mktemp -d)
  if (cd "$debs" && { apt-get download -qq netfilter-persistent iptables-persistent ipset-persistent || { apt-get update -qq && apt-get download -qq netfilter-persistent iptables-persistent ipset-persistent; }; }) >/dev/null 2>&1; then
    mkdir -p "$(dirname "$persistent")"
    for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$persistent.new"; done
    mv "$persistent.new" "$persistent"
  else
    echo "netfilter-persistent could not be downloaded, so the tests that need it are skipped"
  fi
  rm -rf "$debs"
fi

# A fail2ban that reads lists of ranges (1.1.1) beside the installed one; only a sandbox runs it. The mirror is the one that packages come from.
newer=/var/cache/allowlist-sync-tests/fail2ban-1.1.1
if [ "$(id -u)" = 0 ] && [ ! -d "$newer" ] && command -v apt-get >/dev/null 2>&1; then
  pool=$(apt-get --print-uris download fail2ban 2>/dev/null | sed -n "s/^'\(.*\/\)fail2ban_[^/]*' .*/\1/p" | head -1)
  deb=$(mktemp)
  if [ -n "$pool" ] && curl -fsSL --max-time 120 -o "$deb" "${pool}fail2ban_1.1.1-1_all.deb" && echo "c544561da237a443c34982bc6be0bef39490406e08643d4ceb968f6177ac58c2  $deb" | sha256sum -c --quiet; then
    mkdir -p "$(dirname "$newer")"
    dpkg-deb -x "$deb" "$newer.new"
    mv "$newer.new" "$newer"
  else
    echo "fail2ban 1.1.1 could not be downloaded, so the tests that need it are skipped"
  fi
  rm -f "$deb"
fi

# CrowdSec: installing Debian's package would call crowdsec's central servers, so it is only unpacked; the tests run it in a namespace.
crowdsec=/var/cache/allowlist-sync-tests/crowdsec
if [ "$(id -u)" = 0 ] && [ ! -d "$crowdsec" ] && command -v apt-get >/dev/null 2>&1; then
  debs=$(mktemp -d)
  if (cd "$debs" && { apt-get download -qq crowdsec || { apt-get update -qq && apt-get download -qq crowdsec; }; }) >/dev/null 2>&1; then
    mkdir -p "$(dirname "$crowdsec")"
    dpkg-deb -x "$debs"/crowdsec_*.deb "$crowdsec.new"
    mv "$crowdsec.new" "$crowdsec"
  else
    echo "crowdsec could not be downloaded, so the tests that need it are skipped"
  fi
  rm -rf "$debs"
fi

[ "$(id -u)" = 0 ] || echo "not root: the tests that need a network namespace are skipped"

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
dotnet build AllowlistSync.sln --nologo -v quiet

# The program is tested as it is shipped, compiled to machine code; where that cannot be made, as it was just built.
if ! command -v gcc >/dev/null 2>&1 || [ ! -e /usr/include/zlib.h ]; then
  echo "gcc or zlib1g-dev is missing, so the program is tested as it was built, not as it is shipped"
elif ! dotnet restore src/AllowlistSync -p:_IsPublishing=true -p:Configuration=Release --nologo -v quiet; then
  echo "the compiler to machine code cannot be had, so the program is tested as it was built, not as it is shipped"
else
  dotnet publish src/AllowlistSync -c Release -p:RunAnalyzers=false -o artifacts/program --nologo -v quiet
  export ALLOWLIST_SYNC_PROGRAM="$PWD/artifacts/program/allowlist-sync"
fi

# run NAME OPTION...: one project after the other, as each keeps all cores busy by itself, and side by side they make each other's programs miss their time limits.
run() {
  local name=$1
  shift
  dotnet test --solution AllowlistSync.sln --no-build --no-progress --max-parallel-test-modules 1 --results-directory "$results/$name" --report-ctrf "$@" 2>&1 | tee "$results/$name.log"
}

# count NAME WORD: each test project prints its counts; this is their sum.
count() {
  awk -v word="$2:" '$1==word{n+=$2} END{print n+0}' "$results/$1.log"
}

# methods NAME STATUS: the methods whose tests passed or failed in that run, one a line.
methods() {
  find "$results/$1" -name '*.ctrf' -exec jq -r --arg status "$2" '.results.tests[] | select(.status == $status) | "\(.extra.type).\(.extra.method)"' {} + | sort -u
}

status=0
run first "$@" || status=$?
passed=$(count first succeeded) failed=$(count first failed) skipped=$(count first skipped)

# Real programs, clocks and signals on two busy cores can make a test late. So a few that failed are run once more, alone: what fails again
# has failed, what passes is named, because a test that depends on chance is a fault of its own. More than five are no chance.
if [ "$status" = 2 ] && [ "$failed" -le 5 ] && command -v jq >/dev/null 2>&1; then
  mapfile -t again < <(methods first failed)
  echo "run again, alone:" "${again[@]}"
  if run second "$@" --filter-method "${again[@]}" --ignore-exit-code 8 && [ "$(methods second passed)" = "$(methods first failed)" ]; then
    echo "passed only when run again, see their first failure above:" "${again[@]}"
    passed=$((passed + failed)) failed=0 status=0
  fi
fi

if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ] && [ "$skipped" != 0 ]; then
  echo "a test was skipped on a machine that can run all of them"
  status=1
fi
echo "$passed passed, $failed failed, $skipped skipped"
exit "$status"
