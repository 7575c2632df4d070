#!/bin/sh
# The server's own token, key and origin into OpenClaw's configuration.
set -eu
umask 077
cd /home/openclaw/.openclaw
sed -i -e "s/@TOKEN@/$(openssl rand -hex 24)/" -e "s/@HOST@/$(hostname)/" openclaw.json
printf 'ANTHROPIC_API_KEY=sk-ant-lab-%s\n' "$(openssl rand -hex 24)" >.env
chown openclaw: openclaw.json .env
runuser -u openclaw -- git commit --quiet --all --message 'Set the server up'
