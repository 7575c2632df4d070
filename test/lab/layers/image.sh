#!/bin/sh
# What the published image looks like from inside: user node (1000), the package in /app, Node in /usr/local/bin.
set -eu

rm -f /etc/apt/apt.conf.d/99mmdebstrap
rm -rf /var/log/bootstrap.log /var/log/dpkg.log /var/log/alternatives.log /var/log/apt/*
groupadd --gid 1000 node
useradd --uid 1000 --gid node --shell /bin/bash --create-home node
mv /opt/node/bin/node /usr/local/bin/node
mv /opt/openclaw/node_modules/openclaw /app
rm -r /opt/node /opt/openclaw

cd /app
node scripts/postinstall-bundled-plugins.mjs
chown -R node:node /app
sh "${0%/*}/warm.sh" node /var/cache/node-compile-cache node openclaw.mjs gateway
