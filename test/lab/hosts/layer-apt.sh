#!/bin/sh
# Installs packages in a layer; the package lists and archives stay out of it.
# usage: layer-apt.sh PACKAGE...
set -eu
export APT_CONFIG=/run/lab/apt.conf
mount -t tmpfs tmpfs /var/lib/apt/lists
mount -t tmpfs tmpfs /var/cache/apt
apt-get -q update
apt-get -q -y --no-install-recommends install "$@"
