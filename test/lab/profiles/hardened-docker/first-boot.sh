#!/bin/sh
# Docker keeps the container from here on.
set -eu
/usr/local/sbin/openclaw-container
