#!/bin/sh
# Notes what a first boot was told, and that there was one.
set -eu
echo "$NAME $IPV4 $IPV6 $(systemctl is-active ssh.service)" >>/root/first-boot
