#!/bin/sh
# launch.sh FOLDER... -- PROGRAM [ARGUMENT...]
# Joins the control groups whose folders are given, then becomes the program.
set -eu
while [ "$1" != -- ]; do
  echo $$ >"$1/cgroup.procs"
  shift
done
shift
exec "$@"
