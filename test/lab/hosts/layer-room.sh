#!/bin/sh
# Runs a program in a root file system that exists only for it: an overlay (or a plain folder) with /proc, /sys, /dev, /run and /tmp of
# its own. To be started in new mount, PID, IPC and UTS namespaces, so that every mount is gone with the last process.
# usage: layer-room.sh [-l LOWER] [-w WORK] [-n own|shared] [-b FROM:TO]... UPPER MERGED command...
set -eu
umask 022
exec 2>&1

lower='' work='' network=own binds=''
while getopts l:w:n:b: option; do
  case $option in
    l) lower=$OPTARG ;;
    w) work=$OPTARG ;;
    n) network=$OPTARG ;;
    b) binds="$binds $OPTARG" ;;
    *) exit 64 ;;
  esac
done
shift $((OPTIND - 1))
upper=$1 root=$2
shift 2

if [ -n "$lower" ]; then
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$upper,workdir=$work" "$root"
else
  mount --bind "$upper" "$root"
fi

mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/net"
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"
done
mknod -m 666 "$root/dev/tty" c 5 0
mknod -m 666 "$root/dev/net/tun" c 10 200
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

if [ "$network" = shared ]; then
  mount --bind /etc/resolv.conf "$root/etc/resolv.conf"
else
  ip link set lo up
  mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
  mount -o remount,bind,rw "$root/proc/sys/net"
fi

for bind in $binds; do
  from=${bind%%:*} to=$root/${bind#*:}
  if [ -d "$from" ]; then
    mkdir -p "$to"
  else
    mkdir -p "${to%/*}"
    [ -e "$to" ] || : >"$to"
  fi
  mount --bind "$from" "$to"
done

# No maintainer script may start a daemon here.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

code=0
chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  DEBIAN_FRONTEND=noninteractive "$@" </dev/null || code=$?
rm "$root/usr/sbin/policy-rc.d"
exit "$code"
