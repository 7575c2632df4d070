#!/bin/sh
# The hardened server with OpenClaw in a container instead of under systemd.
set -eu

remove_openclaw_from_the_host() {
  systemctl --quiet disable openclaw-gateway.service
  rm -r /etc/systemd/system/openclaw-gateway.service /opt/openclaw /opt/node /usr/local/bin/node
  sed -i -e 's/systemctl \(start\|stop\|restart\) openclaw-gateway/docker \1 openclaw/' \
    -e 's/systemctl status openclaw-gateway/docker ps/' -e 's/-u openclaw-gateway/CONTAINER_NAME=openclaw/' \
    /usr/local/share/operations/recovery.md
}

# The image's user has the number 1000; on the host it is OpenClaw's, and no login's.
give_the_images_user_its_files() {
  usermod --uid 1100 ops
  groupmod --gid 1100 ops
  usermod --uid 1000 openclaw
  groupmod --gid 1000 openclaw
  chown -R ops:ops /home/ops
  chown -R openclaw:openclaw /home/openclaw /var/log/openclaw
  chmod 600 /home/openclaw/.openclaw/openclaw.json
  runuser -u openclaw -- git -C /home/openclaw/.openclaw commit --quiet --all --message 'Run in a container'
}

# UFW's own rules do not bind what Docker forwards: the same list for the container, and nothing to it from outside.
bind_containers_to_the_list() {
  {
    echo ':DOCKER-USER - [0:0]'
    echo '-A DOCKER-USER -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN'
    grep -v '^#' /etc/ufw/destinations | while read -r protocol port last name; do
      echo "-A DOCKER-USER -i docker0 -d 198.51.100.$last -p $protocol --dport $port -m comment --comment $name -j RETURN"
    done
    echo '-A DOCKER-USER -i docker0 -j DROP'
    echo '-A DOCKER-USER -o docker0 -j DROP'
    echo '-A DOCKER-USER -j RETURN'
  } >/tmp/docker-user.rules
  sed -i '/^COMMIT$/e cat /tmp/docker-user.rules' /etc/ufw/after.rules
  rm /tmp/docker-user.rules
  # docker-proxy hands nginx's connections on to the container. Nothing filters here: UFW shall only note the rule.
  sed -i 's/^ENABLED=.*/ENABLED=no/' /etc/ufw/ufw.conf
  ufw allow out to 172.17.0.0/16 port 18789 proto tcp comment openclaw
  sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf
}

remove_openclaw_from_the_host
give_the_images_user_its_files
bind_containers_to_the_list
etckeeper commit 'Run OpenClaw in a container' >/dev/null 2>&1
