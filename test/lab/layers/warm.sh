#!/bin/sh
# Runs the gateway once, as the user it will run as, so that Node keeps what it compiles of it. OpenClaw itself does so under /tmp,
# where it is gone with each boot. Node keys what it keeps by user and path.
# usage: warm.sh USER FOLDER command...
set -eu

user=$1 folder=$2
shift 2
install -d -o "$user" -g "$user" "$folder"
home=$(mktemp -d)
mkdir "$home/.openclaw"
token=$(openssl rand -hex 24)
printf '{"gateway":{"mode":"local","auth":{"mode":"token","token":"%s"}}}\n' "$token" >"$home/.openclaw/openclaw.json"
chown -R "$user:" "$home"
setpriv --reuid "$user" --regid "$user" --clear-groups \
  env HOME="$home" NODE_COMPILE_CACHE="$folder" OPENCLAW_PACKAGED_COMPILE_CACHE_RESPAWNED=1 "$@" &
gateway=$!
tries=0
until curl --silent --fail --max-time 2 --output /dev/null http://127.0.0.1:18789/readyz; do
  tries=$((tries + 1))
  [ "$tries" -lt 600 ] && kill -0 "$gateway"
  sleep 0.2
done
kill "$gateway"
wait "$gateway" || :
[ -n "$(find "$folder" -type f -print -quit)" ]
