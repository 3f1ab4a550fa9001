#!/bin/sh
# Stands in for script/BT-FirewallServices.py of the panel (read in aaPanel/BaoTa of 2026-04): what it saves, by which words, and what it loads at boot. Run by
# whatever the tests lay at pyenv/bin/python3, which is a shell.
data=$(dirname "$0")/../data
save() {
  ipset save | grep _bt_ > "$data/ipsetdata"
  if iptables -C INPUT -j IN_BT 2>/dev/null; then
    iptables-save | awk '/^[*]|^COMMIT/ { print; next } /_BT/ && !($0 in had) { had[$0]; if ($2 ~ /^(INPUT|OUTPUT|PREROUTING)$/) sub("-A", "-I"); print }' > "$data/iptablesdata"
  fi
}
load() {
  ipset restore < "$data/ipsetdata" 2>/dev/null
  iptables -C INPUT -j IN_BT 2>/dev/null || iptables-restore --noflush < "$data/iptablesdata"
}
case "$1" in
save) [ ! -e "$data/save-fails" ] || { echo 'no space left on device' >&2; exit 1; }; save ;;
start) load ;;
stop) save; iptables -D INPUT -j IN_BT; iptables -D OUTPUT -j OUT_BT; iptables -t nat -D PREROUTING -j FORWARD_BT ;;
*) exit 1 ;;
esac
