configuration_state() {
  have git || return 0
  repository="git --no-optional-locks -c core.fsmonitor=false -c core.hooksPath=/dev/null -C $2"
  # shellcheck disable=SC2086 # $repository is a command with its options
  {
    as_owner "$1" $repository status --porcelain --ignored --untracked-files=all -- "$3" 2>&1 | cut -c 1-300 | head -n 50 | sed 's/^/status /'
    as_owner "$1" $repository log -1 --format=%ct -- "$3" 2>&1 | cut -c 1-300 | head -n 2 | sed 's/^/commit /'
    as_owner "$1" $repository remote 2>&1 | cut -c 1-300 | head -n 5 | sed 's/^/remote /'
  }
}

backups_configuration() {
  have git && echo 'git installed'
  printf '%s\n%s\n' "$state_found" "$openclaw_settings" | sed -n 's/^file [^ ]* [^ ]* [^ ]* \([A-Za-z0-9_.-]*\) [^ ]* \(\/[-A-Za-z0-9_.\/]*\/openclaw\.json\)$/\1 \2/p' | sort -u | head -n 6 | while read -r user path; do
    printf 'configuration %s\n' "$path"
    configuration_state "$user" "${path%/*}" openclaw.json
  done
  if [ -d /etc/nginx ] && { has_process nginx || have nginx; }; then
    printf 'configuration /etc/nginx\n'
    configuration_state root /etc nginx
    limited find /etc/nginx -type f -printf 'changed %T@ %p\n' 2> /dev/null | sort -k2,2rn | head -n 1
  fi
}

# What OpenClaw noted of its own backups, as far as it is in the database's own file: nothing beside it is opened or made.
backups_runs() {
  have sqlite3 || return 0
  printf '%s\n' "$state_found" | sed -n 's/^file [^ ]* [^ ]* [^ ]* \([A-Za-z0-9_.-]*\) [^ ]* \(\/[-A-Za-z0-9_.\/]*\/state\/openclaw\.sqlite\)$/\1 \2/p' | head -n 4 | while read -r user path; do
    printf 'database %s\n' "$path"
    as_owner "$user" sqlite3 -safe -batch -init /dev/null "file:$path?immutable=1" 'SELECT status, max(created_at), count(*) FROM backup_runs GROUP BY status' 2>&1 | cut -c 1-200 | head -n 10
  done
}

# The disks that partitions and mapped devices lie on.
backups_devices() {
  for link in /sys/dev/block/*; do
    case ${link##*/} in 1:* | 7:* | '*') continue ;; esac
    printf 'block %s %s\n' "${link##*/}" "$(readlink -f "$link")"
    for below in "$link"/slaves/*; do [ ! -e "$below" ] || printf 'below %s %s\n' "${link##*/}" "$(readlink -f "$below")"; done
  done | head -n 300
  awk '$3 ~ /^(nfs4?|cifs|smb3|ceph|glusterfs|9p|virtiofs|fuse\.(sshfs|rclone|s3fs|glusterfs|goofys))$/ && $2 ~ /^[!-~]+$/ { print "remote", $2 }' /proc/mounts | head -n 50
}

# backup_frames FOLDER...: what lies in folders.
backup_frames() {
  frame backups.files backup_files "$@"
  frame backups.hashes backup_hashes "$@"
  frame backups.heads backup_heads "$@"
  frame backups.checks backup_checks "$@"
}

# Folders beside the usual ones that jobs, homes or the operator name.
more_backup_folders() {
  {
    for path in $backup_paths; do printf '%s\n' "$path"; done
    printf '%s\n' "$state_found" | sed -n 's/^folder - - - - - //p'
    printf '%s\n' "$1" | tr ' ' '\n' | grep -i -e '^/.*\(backup\|bak\|dump\|snapshot\)' | sed 's/[$*].*//; s/\/$//'
  } | grep -e '^/[-A-Za-z0-9_.@/]*$' | grep -v -e '/\.\./' -e '^/\(proc\|sys\|dev\|etc\|usr\|boot\)/' | sort -u | while read -r path; do
    [ -d "$path" ] || { [ "$sudo_all" = yes ] && as_root test -d "$path"; } || { [ "$sudo_all" != yes ] && [ "$privilege" != root ] && [ ! -e "$path" ] && [ ! -x "${path%/*}" ]; } || continue
    case $path in /backup | /backups | /mnt/backup* | /opt/backup* | /srv/backup* | /var/backups | /backup/* | /backups/* | /var/backups/*) continue ;; esac
    printf '%s\n' "$path"
  done | head -n 6
}

backups_section() {
  tab=$(printf '\t')
  frame backups.declared printf 'path %s\njob %s\n' "$backup_paths" "$backup_jobs"
  frame backups.state backups_state
  state_found=$out
  named=
  if have systemctl && [ -d /run/systemd/system ]; then
    unit_facts='-p Id -p Unit -p LoadState -p ActiveState -p UnitFileState -p LastTriggerUSec -p TimersCalendar -p TimersMonotonic'
    timers=$(timer_names)
    # shellcheck disable=SC2086 # names of units are words
    if [ -n "$timers" ]; then frame backups.timers show_units $timers; else out=; fi
    services=$(printf '%s\n' "$out" | sed -n 's/^Unit=\([-A-Za-z0-9_.@:]*\.service\)$/\1/p' | sort -u | grep -v -E -e '^(apt-daily|apt-daily-upgrade|dpkg-db-backup|e2scrub_all|etckeeper|fstrim|logrotate|man-db|motd-news|systemd-tmpfiles-clean)\.service$')
    unit_facts='-p Id -p LoadState -p ActiveState -p Result -p ExecMainStatus -p ExecMainStartTimestamp -p ExecMainExitTimestamp -p OnFailure'
    # shellcheck disable=SC2086
    frame backups.services show_units $services
    handlers=$(printf '%s\n' "$out" | sed -n 's/^OnFailure=//p' | tr ' ' '\n' | grep -e '^[-A-Za-z0-9_.@:]*$' | sort -u | head -n 50)
    unit_facts='-p Id -p LoadState'
    # shellcheck disable=SC2086
    frame backups.handlers show_units $handlers
    frame backups.journal backup_journal
    # shellcheck disable=SC2086
    [ -z "$services" ] || frame backups.units unit_jobs $services
    named=$out
  fi
  words_of=job_words
  script_of=job_script
  frame backups.cron cron_jobs
  named=$named$newline$out
  # shellcheck disable=SC2046 # paths without spaces are words
  backup_frames /backup /backups /mnt/backup /mnt/backups /opt/backup /opt/backups /srv/backup /srv/backups /var/backups
  more=$(more_backup_folders "$named")
  # shellcheck disable=SC2086
  [ -z "$more" ] || backup_frames $more
  frame backups.configuration backups_configuration
  frame backups.runs backups_runs
  frame backups.devices backups_devices
}

