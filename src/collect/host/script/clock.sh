# --- Clock ------------------------------------------------------------------------------------------------------------------------

# Name of the zone by the link, or by content where /etc/localtime is a copy.
clock_zone() {
  zones=/usr/share/zoneinfo
  printf 'link %s\n' "$(readlink -f /etc/localtime 2> /dev/null)"
  if [ -r /etc/timezone ]; then
    read -r zone < /etc/timezone || :
    printf 'file %s\n' "$zone"
  fi
  [ -e /etc/localtime ] || echo missing
  if [ -f /etc/localtime ] && [ ! -L /etc/localtime ] && have cmp; then
    for candidate in "${zone:-}" Asia/Tokyo Etc/UTC; do
      if [ -n "$candidate" ] && [ -f "$zones/$candidate" ] && cmp -s "$zones/$candidate" /etc/localtime; then
        printf 'same %s\n' "$candidate"
        return
      fi
    done
    size=$(wc -c < /etc/localtime)
    limited find "$zones" -type f -size "${size}c" -exec cmp -s {} /etc/localtime \; -print 2> /dev/null | sed -n '1s/^/same /p'
  fi
}

# -n: no names are looked up. What timesyncd knows it leaves in the modification time of a file.
clock_sync() {
  if has_process chronyd && have chronyc; then
    echo chrony
    # Over loopback: through its socket chronyc would make one of its own in /run/chrony.
    limited chronyc -n -h 127.0.0.1 tracking
  elif has_process ntpd && have ntpq; then
    echo ntpd
    limited ntpq -n -c rv
  elif has_process systemd-timesyn; then
    echo timesyncd
    stat -c '%Y' /run/systemd/timesync/synchronized 2> /dev/null || echo never
    date +%s
  else
    echo none
    for daemon in ntpd openntpd chronyd ptp4l vmtoolsd; do has_process "$daemon" && echo "other $daemon"; done
    :
  fi
}

