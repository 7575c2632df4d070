#!/bin/sh
# OpenClaw's own user, its commands, and what Node compiles of it.
set -eu

useradd --system --create-home --home-dir /home/openclaw --shell /usr/sbin/nologin openclaw
ln -s /opt/node/bin/node /usr/local/bin/node

# npm was told to run no package's scripts on the machine: the one that OpenClaw insists on runs here.
cd /opt/openclaw/node_modules/openclaw
node scripts/postinstall-bundled-plugins.mjs
chmod 755 openclaw.mjs
ln -s "$PWD/openclaw.mjs" /usr/local/bin/openclaw

# For a unit of either name, and kept out of /etc, which is the operator's.
for unit in openclaw openclaw-gateway; do
  install -d "/usr/local/lib/systemd/system/$unit.service.d"
  cat >"/usr/local/lib/systemd/system/$unit.service.d/compile-cache.conf" <<'UNIT'
[Service]
Environment=NODE_COMPILE_CACHE=/opt/openclaw/compile-cache
Environment=OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED=1
UNIT
done
sh "${0%/*}/warm.sh" openclaw /opt/openclaw/compile-cache openclaw gateway
