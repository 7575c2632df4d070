#!/bin/sh
# What a Debian host needs to boot in a container with nothing failed; all else stays as Debian ships it.
set -eu

# A host may never move the machine's clock: chronyd follows its servers without setting it. Kept out of /etc, which is the operator's.
install -d /usr/local/lib/systemd/system/chrony.service.d
cat >/usr/local/lib/systemd/system/chrony.service.d/no-clock.conf <<'UNIT'
[Unit]
ConditionCapability=

[Service]
ExecStart=
ExecStart=!/usr/sbin/chronyd $DAEMON_OPTS -x
UNIT

# Keys made while the image was built would be the same on every host: each gets its own.
rm -f /etc/ssh/ssh_host_*

# fail2ban starts beside rsyslog and fails where its log is not there yet.
install -m 640 -o root -g adm /dev/null /var/log/auth.log

printf 'en_US.UTF-8 UTF-8\nja_JP.UTF-8 UTF-8\n' >/etc/locale.gen
locale-gen >/dev/null

# Left by the bootstrap, and none of a host's business.
rm -f /etc/apt/apt.conf.d/99mmdebstrap
rm -f /var/log/bootstrap.log /var/log/dpkg.log /var/log/alternatives.log /var/log/apt/*
: >/etc/resolv.conf
echo debian >/etc/hostname
echo uninitialized >/etc/machine-id

# What differs from host to host, so that a freshly booted host has nothing uncommitted in /etc.
cat >>/etc/.gitignore <<'IGNORE'

/docker/key.json
/hostname
/hosts
/machine-id
/resolv.conf
/ssh/ssh_host_*
IGNORE
cd /etc
git rm -r -q --cached --ignore-unmatch hostname hosts machine-id resolv.conf 'ssh/ssh_host_*'
etckeeper commit 'Ignore what differs from host to host' >/dev/null
