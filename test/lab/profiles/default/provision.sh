#!/bin/sh
# A server as it is after an afternoon with a tutorial: it works.
set -eu

echo 'root:openclaw' | chpasswd
useradd --create-home --shell /bin/bash --groups sudo ops
echo 'ops:openclaw' | chpasswd
echo 'ops ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/90-cloud-init-users
install -d -m 700 -o ops -g ops /home/ops/.ssh
install -m 600 -o ops -g ops /lab/key.pub /home/ops/.ssh/authorized_keys

rm /etc/nginx/sites-enabled/default
ln -s ../sites-available/openclaw /etc/nginx/sites-enabled/openclaw

# Every Debian trusts the internet's authorities; that of the lab's has to be brought along.
install -m 644 /lab/ca.crt /usr/local/share/ca-certificates/lab.crt
update-ca-certificates >/dev/null

install -d -m 777 /srv/files
systemctl --quiet enable openclaw-gateway.service rsync.service
# Nobody here has thought of these.
rm -r /etc/.git
dpkg --purge etckeeper fail2ban msmtp-mta msmtp >/dev/null 2>&1
