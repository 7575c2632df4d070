#!/bin/sh
# A week of work: logs that were rotated every night, the ledger's events, a backup of each day, and when the jobs last ran.
set -eu
database=/home/openclaw/.openclaw/state/openclaw.sqlite
logs=/var/log/openclaw
backups=/var/backups/openclaw
install -d -m 700 "$backups" /var/lib/systemd/timers
install -d -o openclaw -g openclaw -m 755 /var/lib/operation-log

# day DAYS CALENDAR-FORMAT: the day so many days ago.
day() {
  date -d "$(date +%Y-%m-%d) 12:00 $1 days ago" "+$2"
}

# query FILE: runs the SQL in it in OpenClaw's database, which nobody uses yet, for the day that is being written.
query() {
  sed -e "s/@BEGIN@/$begin/g" -e "s/@END@/$end/g" "$1" | sqlite3 -bail "$database"
}

# write_logs DAY END: the lines of a day, up to a time of it, into the files they were written to.
write_logs() {
  begin=$(date -d "$1 00:00" +%s)
  end=$(date -d "$2" +%s)
  awk -v begin="$begin" -v end="$end" -v server="$(hostname)" -f access-log.awk >>/var/log/nginx/openclaw-access.log
  awk -v begin="$begin" -v end="$end" -v server="$(hostname)" -f openclaw-log.awk >>"$logs/openclaw.log"
  query events.sql
  query operations.sql >>"$logs/operations.log"
}

# rotate DAYS: what logrotate did in the night so many days ago.
rotate() {
  for log in "$logs/openclaw.log" "$logs/operations.log" /var/log/nginx/openclaw-access.log; do
    touch -d "$(day $(($1 + 1)) %Y-%m-%d) 23:58" "$log"
    mv "$log" "$log-$(day "$1" %Y%m%d)"
  done
}

# back_up DAYS: what the backup did so many days ago, by SQLite's own backup as ever.
back_up() {
  copy=$backups/openclaw-$(day "$1" %Y%m%d).sqlite
  sqlite3 "$database" ".backup '$copy'"
  chmod 600 "$copy"
  touch -d "$(day "$1" %Y-%m-%d) 03:10:02" "$copy"
}

# last_run TIMER TIME: when a timer went off last.
last_run() {
  touch -d "$2" "/var/lib/systemd/timers/stamp-$1.timer"
}

# nightly TIMER CLOCK: the last time a daily timer's hour struck.
nightly() {
  when=$(date +%Y-%m-%d)
  [ "$(date +%s)" -ge "$(date -d "$2" +%s)" ] || when=$(day 1 %Y-%m-%d)
  last_run "$1" "$when $2"
}

for ago in 8 7 6 5 4 3 2 1; do
  write_logs "$(day "$ago" %Y-%m-%d)" "$(day "$ago" %Y-%m-%d) 23:59"
  rotate $((ago - 1))
  [ "$ago" -eq 1 ] || back_up $((ago - 1))
done
write_logs "$(date +%Y-%m-%d)" now
back_up 0
gzip "$logs"/*.log-* /var/log/nginx/*.log-*
chown openclaw:openclaw "$logs"/*.log*
chmod 600 "$logs"/*.log*
chown www-data:adm /var/log/nginx/openclaw-access.log*
chmod 640 /var/log/nginx/openclaw-access.log*
sqlite3 "$database" 'SELECT max(sequence) FROM audit_events' >/var/lib/operation-log/last-sequence
chown openclaw:openclaw /var/lib/operation-log/last-sequence

{
  echo 'logrotate state -- version 2'
  for log in "$logs/openclaw.log" "$logs/operations.log" /var/log/nginx/openclaw-access.log; do
    printf '"%s" %s\n' "$log" "$(date +%Y-%-m-%-d-0:0:0)"
  done
} >/var/lib/logrotate/status
chmod 640 /var/lib/logrotate/status

nightly logrotate 00:00
nightly operation-log 02:40
nightly openclaw-backup 03:10
last_run offsite-copy 'last sunday 04:10'
last_run server-check now
last_run restore-drill now
install -d /var/lib/offsite-copy
touch -d 'last sunday 04:10' /var/lib/offsite-copy/last-success
