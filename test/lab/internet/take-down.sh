#!/bin/sh
# Takes down what a run of the tests made: network namespaces with everything that runs in them, and a folder.
# With --after it first waits until a process has ended, in whatever way.
#   take-down.sh [--after PID] FOLDER NAMESPACE...
set -u
if [ "$1" = --after ]; then
  tail --pid="$2" -f /dev/null
  shift 2
fi
folder=$1
shift
for namespace in "$@"; do
  ip netns pids "$namespace" | xargs -r kill -KILL
  ip netns delete "$namespace"
  rm -rf "/etc/netns/$namespace"
done
rm -rf "$folder"
