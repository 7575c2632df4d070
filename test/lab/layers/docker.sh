#!/bin/sh
# The host's container shows its cgroups read-only; Docker makes one per container.
set -eu

install -d /usr/local/lib/systemd/system
cat >/usr/local/lib/systemd/system/writable-cgroups.service <<'UNIT'
[Unit]
Description=Make the cgroup hierarchies writable for Docker
DefaultDependencies=no
After=local-fs.target
Before=containerd.service docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'for each in /sys/fs/cgroup /sys/fs/cgroup/*; do ! mountpoint -q "$$each" || mount -o remount,bind,rw "$$each" || exit 1; done'

[Install]
RequiredBy=docker.service
UNIT
systemctl --quiet enable writable-cgroups.service
