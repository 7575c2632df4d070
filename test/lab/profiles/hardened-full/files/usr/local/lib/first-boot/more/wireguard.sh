#!/bin/sh
# The server's own key, and one of a notebook that is on its way.
set -eu
umask 077
sed -i -e "s|@PRIVATE@|$(wg genkey)|" -e "s|@PEER@|$(wg genkey | wg pubkey)|" /etc/wireguard/wg0.conf
