#!/bin/sh
# Imports OpenClaw's image into an empty /var/lib/docker, with a daemon that lives only for that and has no network.
# usage: docker-store.sh VERSION, the image's root file system in /run/lab/image
set -eu
version=$1

# The daemon refuses to start where it finds no cgroups for devices, although no container runs here.
mount -t tmpfs tmpfs /sys/fs/cgroup
if [ "$(awk '$1 == "devices" { print $2 }' /proc/cgroups)" = 0 ]; then
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
  mkdir /sys/fs/cgroup/devices
  mount -t cgroup -o devices cgroup /sys/fs/cgroup/devices
fi

dockerd --iptables=false --bridge=none --storage-driver=overlay2 >/tmp/dockerd.log 2>&1 &
daemon=$!
tries=0
until docker info >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ] || ! kill -0 "$daemon"; then
    cat /tmp/dockerd.log
    exit 1
  fi
  sleep 0.1
done

image=ghcr.io/openclaw/openclaw:$version
tar --create --numeric-owner --directory /run/lab/image . | docker import \
  --change 'ENV NODE_ENV=production' \
  --change 'ENV NODE_COMPILE_CACHE=/var/cache/node-compile-cache' \
  --change 'ENV OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED=1' \
  --change 'WORKDIR /app' \
  --change 'USER node' \
  --change 'HEALTHCHECK --interval=3m --timeout=10s --start-period=60s CMD ["node", "dist/docker-healthcheck.js"]' \
  --change 'ENTRYPOINT ["tini", "-s", "--"]' \
  --change 'CMD ["node", "openclaw.mjs", "gateway", "--allow-unconfigured"]' \
  --message "OpenClaw $version" - "$image" >/dev/null
docker tag "$image" openclaw:local
docker image ls

kill "$daemon"
wait "$daemon" || :
