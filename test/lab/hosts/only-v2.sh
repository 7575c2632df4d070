#!/bin/sh
# only-v2.sh PROGRAM [ARGUMENT...]
# Shows the program cgroup v2 alone, as on machines that have nothing else. Wants a mount namespace of its own.
set -eu
umount --recursive /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec "$@"
