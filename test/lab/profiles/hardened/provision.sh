#!/bin/sh
# Makes a host with OpenClaw follow the guide. What needs no command lies under files/.
set -eu

trust_the_lab() {
  install -m 644 /lab/ca.crt /usr/local/share/ca-certificates/lab.crt
  update-ca-certificates >/dev/null
}

keep_japanese_time() {
  ln -sfn /usr/share/zoneinfo/Asia/Tokyo /etc/localtime
  echo Asia/Tokyo >/etc/timezone
}

# login NAME: a login by key alone.
login() {
  useradd --create-home --shell /bin/bash "$1"
  install -d -m 700 -o "$1" -g "$1" "/home/$1/.ssh"
  install -m 600 -o "$1" -g "$1" /lab/key.pub "/home/$1/.ssh/authorized_keys"
}

# ops audits and may do what the audit needs; admin administers.
give_logins() {
  login ops
  install -m 440 /lab/sudoers /etc/sudoers.d/sekisho
  login admin
  echo 'admin ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/admin
  chmod 440 /etc/sudoers.d/admin
  visudo -cq
}

# In from the office and, to 443, from UptimeRobot; out to what the work needs and the operator uses.
shut_the_doors() {
  ufw default deny incoming >/dev/null
  ufw default deny outgoing >/dev/null
  ufw default deny routed >/dev/null
  for source in 10.83.0.10 fd83::10; do
    ufw allow from "$source" to any port 22 proto tcp comment office
    ufw allow from "$source" to any port 443 proto tcp comment office
  done
  for source in 198.51.100.201 198.51.100.202 2001:db8:51::201 2001:db8:51::202; do
    ufw allow from "$source" to any port 443 proto tcp comment UptimeRobot
  done
  grep -v '^#' /etc/ufw/destinations | while read -r protocol port last name; do
    for prefix in 198.51.100. 2001:db8:51::; do
      ufw allow out to "$prefix$last" port "$port" proto "$protocol" comment "$name"
    done
  done
  sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
}

serve_by_nginx_alone() {
  rm /etc/nginx/sites-enabled/default
  ln -s ../sites-available/openclaw /etc/nginx/sites-enabled/openclaw
}

set_modes() {
  chmod 640 /etc/notify.conf
  chmod 600 /home/openclaw/.openclaw/openclaw.json
  chmod 700 /home/openclaw /home/openclaw/.openclaw
  install -d -m 750 -o openclaw -g openclaw /var/log/openclaw
  chown -R openclaw:openclaw /home/openclaw
}

enable_jobs() {
  systemctl --quiet enable first-boot.service openclaw-gateway.service config-history.path openclaw-backup.timer \
    offsite-copy.timer operation-log.timer openclaw-errors.timer server-check.timer restore-drill.timer
}

# OpenClaw makes its database when it first starts.
make_the_database() {
  runuser -u openclaw -- env HOME=/home/openclaw OPENCLAW_NO_AUTO_UPDATE=1 openclaw gateway >/tmp/gateway.log 2>&1 &
  gateway=$!
  tries=0
  until curl --silent --fail --max-time 2 --output /dev/null http://127.0.0.1:18789/healthz; do
    tries=$((tries + 1))
    if [ "$tries" -gt 120 ] || ! kill -0 "$gateway"; then
      cat /tmp/gateway.log
      exit 1
    fi
    sleep 1
  done
  # Its last process closes the database.
  while pkill -TERM -u openclaw; do sleep 1; done
  rm /tmp/gateway.log /var/log/openclaw/*
}

keep_history_of_settings() {
  runuser -u openclaw -- sh -eu -c '
    cd /home/openclaw/.openclaw
    git init --quiet --initial-branch=main --template=
    git config user.name openclaw
    git config user.email openclaw@localhost
    git add -A
    git commit --quiet --message "Configuration of OpenClaw"'
  etckeeper commit 'Harden the server' >/dev/null 2>&1
  git -C /etc gc --quiet
}

trust_the_lab
keep_japanese_time
give_logins
shut_the_doors
serve_by_nginx_alone
set_modes
enable_jobs
make_the_database
keep_history_of_settings
