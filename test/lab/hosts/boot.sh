#!/bin/sh
# boot.sh OVERLAY-OPTIONS ROOT SEED PROGRAM [ARGUMENT...]
# Mounts a host's root, puts its own files on it (unless SEED is empty) and becomes the program that boots it. Wants a
# mount namespace of its own: the mount then ends with the host, whatever ends the host.
set -eu
options=$1 root=$2 seed=$3
shift 3
mount -t overlay -o "$options" overlay "$root"
if [ -n "$seed" ]; then
  # Folders that are there keep their owners and modes.
  tar -C "$seed" -cf - . | tar -C "$root" --no-overwrite-dir -xpf -
fi
exec "$@"
