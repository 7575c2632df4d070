#!/bin/bash
# Lays a profile's files on the root and runs its provision.sh; says in which line a failing command stands.
set -E
umask 022

if [ -d /run/lab/files ]; then
  # A file takes the place of a link instead of being written through it; folders that are there keep their modes.
  cp --recursive --no-dereference --remove-destination /run/lab/files/. / || exit
fi
if [ -f /run/lab/provision.sh ]; then
  trap 'echo "provision.sh: line $LINENO: ended with $?: $BASH_COMMAND" >&2' ERR
  # shellcheck source=/dev/null # each profile has its own
  . /run/lab/provision.sh
fi
