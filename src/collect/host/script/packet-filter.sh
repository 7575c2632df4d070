# --- Packet filter ----------------------------------------------------------------------------------------------------------------

# What is built into the kernel has no folder under /sys/module.
firewall_kernel() {
  builtin=/lib/modules/$(uname -r)/modules.builtin
  [ -r "$builtin" ] || echo 'builtin unknown'
  for module in nf_tables ip_tables ip6_tables; do
    if [ -d "/sys/module/$module" ] || grep -q "/$module\.ko" "$builtin" 2> /dev/null; then echo "module $module"; fi
  done
  for program in nft iptables-save ip6tables-save iptables-legacy-save ufw firewall-cmd; do ! have "$program" || echo "program $program"; done
  [ ! -r /etc/ufw/ufw.conf ] || sed -n 's/^ENABLED=\(yes\|no\).*/ufw \1/p' /etc/ufw/ufw.conf
  [ ! -r /etc/default/ufw ] || sed -n 's/^[[:space:]]*DEFAULT_OUTPUT_POLICY="\{0,1\}\([A-Z]*\)"\{0,1\}[[:space:]]*$/ufw output \1/p' /etc/default/ufw
  grep -q . /proc/net/if_inet6 2> /dev/null || echo 'no ipv6'
}

legacy_tables() {
  [ -d /sys/module/iptable_filter ] || grep -q . /proc/net/ip_tables_names 2> /dev/null
}

firewall_section() {
  frame firewall.kernel firewall_kernel
  ! have nft || frame firewall.nft as_root nft -j list ruleset
  ! have iptables-save || frame firewall.ipv4 as_root iptables-save
  ! have ip6tables-save || frame firewall.ipv6 as_root ip6tables-save
  # Asking for the legacy tables would load their module: only where it is there already and the above was not about them.
  case $out in *legacy*) legacy=yes ;; *) legacy=no ;; esac
  if have iptables-legacy-save && legacy_tables && [ "$legacy" = no ]; then
    frame firewall.legacy4 as_root iptables-legacy-save
  fi
  if have ip6tables-legacy-save && [ -d /sys/module/ip6table_filter ] && [ "$legacy" = no ]; then
    frame firewall.legacy6 as_root ip6tables-legacy-save
  fi
}

