#!/bin/sh
# The hardened server as one stands in an office: a VPN for those outside, a database server, storage by rclone.
set -eu

# Redis came along with the packages, and nothing here needs it; of the VPNs one is enough.
stop_what_is_not_needed() {
  systemctl --quiet disable redis-server.service openvpn.service
  systemctl --quiet mask redis-server.service
}

let_the_vpn_in() {
  chmod 600 /etc/wireguard/wg0.conf
  systemctl --quiet enable wg-quick@wg0.service
  sed -i 's|^    allow fd83::10;$|&\n    allow 10.99.0.0/24;\n    allow fd99::/64;|' /etc/nginx/sites-available/openclaw
  # Nothing filters here: UFW shall only note the rules.
  sed -i 's/^ENABLED=.*/ENABLED=no/' /etc/ufw/ufw.conf
  ufw allow 51820/udp comment WireGuard
  for range in 10.99.0.0/24 fd99::/64; do
    ufw allow from "$range" to any port 22 proto tcp comment VPN
    ufw allow from "$range" to any port 443 proto tcp comment VPN
  done
  sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
}

enable_jobs() {
  chmod 755 /usr/local/sbin/mariadb-backup /usr/local/sbin/offsite-copy
  chmod 600 /root/.config/rclone/rclone.conf
  install -d -m 700 /var/backups/mariadb
  systemctl --quiet enable mariadb-backup.timer
}

stop_what_is_not_needed
let_the_vpn_in
enable_jobs
etckeeper commit 'Add the VPN and the database server' >/dev/null 2>&1
