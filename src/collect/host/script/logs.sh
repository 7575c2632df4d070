# Directives of logrotate, a line each, without scripts; of those that may name a person or hold a command only the name.
# shellcheck disable=SC2016 # a program of its own
logrotate_filter='
  { sub(/\r$/, ""); sub(/^[ \t]+/, ""); name = $0; sub(/[ \t=].*/, "", name) }
  script { if (name == "endscript") script = 0; next }
  name ~ /^(prerotate|postrotate|firstaction|lastaction|preremove)$/ { script = 1; next }
  /^#/ || /^$/ { next }
  /^[\/"\047~{}]/ || name ~ /^(hourly|daily|weekly|monthly|yearly|annually|rotate|size|minsize|maxsize|minage|maxage|olddir|noolddir|include|tabooext|taboopat|su|copy|copytruncate|nocopytruncate|dateext|nodateext|dateformat|ignoreduplicates|compress|nocompress|delaycompress|missingok|notifempty|ifempty)$/ { print substr($0, 1, 500); next }
  { sub(/[^A-Za-z].*/, "", name); print "- " name (/[{}]$/ ? " " substr($0, length($0)) : "") }
  END { if (script) print "script does not end" }'

# What logrotate reads, in its order: its main file and the files and folders that it includes. One file a block: owner, mode, directives.
logrotate_config() {
  queue=/etc/logrotate.conf
  count=0
  while [ -n "$queue" ] && [ "$count" -lt 150 ]; do
    file=${queue%%"$newline"*}
    case $queue in *"$newline"*) queue=${queue#*"$newline"} ;; *) queue= ;; esac
    count=$((count + 1))
    if [ -d "$file" ]; then
      printf 'folder %s\n' "$file"
      for inside in "$file"/*; do [ ! -f "$inside" ] || queue="$inside${queue:+$newline}$queue"; done
      continue
    fi
    printf 'file %s\n' "$file"
    plain_file "$file" any || { echo missing; continue; }
    printf 'owner %s\n' "$facts"
    tokens=$(read_file "$real" 2> /dev/null | awk "$logrotate_filter" 2> /dev/null) || echo unreadable
    printf '%s\n' "$tokens"
    for more in $(printf '%s\n' "$tokens" | sed -n 's/^include[ =]*//p'); do queue="$more${queue:+$newline}$queue"; done
  done
  [ -z "$queue" ] || echo 'too many files'
}

# Whether logrotate runs: its timer, its last run, the job of cron for hosts without systemd, and what it noted of each log.
logrotate_run() {
  have logrotate && echo installed
  if have systemctl && [ -d /run/systemd/system ]; then
    limited systemctl show logrotate.timer -p LoadState -p ActiveState -p UnitFileState -p LastTriggerUSec -p TimersCalendar
    echo 'service'
    limited systemctl show logrotate.service -p LoadState -p Result -p ExecMainStatus -p ExecStart | sed 's/^ExecStart=.*argv\[\]=\([^;]*\);.*/command \1/'
  fi
  for job in /etc/cron.hourly/logrotate /etc/cron.daily/logrotate; do
    [ ! -x "$job" ] || printf 'cron %s\n' "$job"
  done
  ! limited grep -q -e 'run/systemd/system' /etc/cron.daily/logrotate 2> /dev/null || echo 'cron leaves it to systemd'
  for daemon in cron crond anacron; do ! has_process "$daemon" || echo "daemon $daemon"; done
  for status in /var/lib/logrotate/status /var/lib/logrotate/logrotate.status /var/lib/logrotate.status; do
    look test -f "$status" || continue
    printf 'status %s %s\n' "$(look stat -c '%Y' "$status" 2> /dev/null)" "$status"
    if [ -r "$status" ] || [ "$privilege" != none ]; then
      { if [ -r "$status" ]; then limited cat "$status"; else as_root cat "$status"; fi; } 2> /dev/null | grep -e '^"/' | head -n 500
    else
      echo 'status unreadable'
    fi
  done
}

# Settings of journald by file, the main file first, then drop-ins by name; and what its files hold, without any entry.
journald_config() {
  for file in /etc/systemd/journald.conf /run/systemd/journald.conf /usr/local/lib/systemd/journald.conf /usr/lib/systemd/journald.conf; do
    [ ! -f "$file" ] || { journald_file "$file" && break; }
  done
  for folder in /etc /run /usr/local/lib /usr/lib; do
    for file in "$folder"/systemd/journald.conf.d/*.conf; do [ ! -e "$file" ] || printf '%s %s\n' "${file##*/}" "$file"; done
  done | sort -s -k1,1 -u | while read -r _ file; do journald_file "$file"; done
  [ ! -d /var/log/journal ] || echo 'persistent folder'
  [ ! -d /run/log/journal ] || echo 'volatile folder'
  ! has_process systemd-journal || echo running
}

journald_file() {
  printf 'file %s\n' "$1"
  [ -r "$1" ] || { echo unreadable; return; }
  limited head -c 65536 "$1" | sed -n 's/^[ \t]*\(Storage\|SystemMaxUse\|SystemKeepFree\|SystemMaxFiles\|MaxRetentionSec\|MaxFileSec\)[ \t]*=[ \t]*\([A-Za-z0-9.% ]*\)[ \t\r]*$/\1=\2/p'
}

# The folder of a file bears the machine's id: of its path only where it begins.
journald_files() {
  as_root journalctl --header --no-pager 2>&1 | awk '
    /^File path: / { n++; print "path " ($3 ~ /^\/run\// ? "/run" : "/var") }
    /^(Head|Tail) realtime timestamp: / { match($0, /\([0-9a-f]+\)$/); print tolower($1) " " substr($0, RSTART + 1, RLENGTH - 2) }
    /^Disk usage: / { print "usage " $3 }
    /^No journal files|[Pp]ermission|password|not allowed|may not run/ { print "none " (/No journal/ ? "found" : "readable") }
    n > 200 { print "more"; exit }'
}

# Lines of tmpfiles.d that age a folder, or keep a path from it: type, path, age. A file of /etc stands for one of the same name.
tmpfiles_lines() {
  for folder in /etc/tmpfiles.d /run/tmpfiles.d /usr/local/lib/tmpfiles.d /usr/lib/tmpfiles.d; do
    for file in "$folder"/*.conf; do [ ! -e "$file" ] || printf '%s %s\n' "${file##*/}" "$file"; done
  done | sort -s -k1,1 -u | while read -r _ file; do
    printf 'file %s\n' "$file"
    if [ -r "$file" ]; then
      limited head -c 65536 "$file" | awk '$1 ~ /^[dDeqQvCxX][-!+=~^$]*$/ && ($1 ~ /^[xX]/ || (NF > 5 && $6 != "-")) { gsub(/"/, ""); print "line", $1, $2, (NF > 5 ? $6 : "-") }'
    else
      echo unreadable
    fi
  done
  ! have systemctl || limited systemctl show systemd-tmpfiles-clean.timer -p ActiveState
}

# Of a schedule or script: what deletes files by age. Of a line nothing leaves but its folders, its -name and its age.
# shellcheck disable=SC2016 # a program of its own
deletions='
  function plain(w,   name) {
    gsub(/["\047]/, "", w)
    if (match(w, /^\$[A-Za-z_][A-Za-z0-9_]*|^\$[{][A-Za-z_][A-Za-z0-9_]*[}]/)) {
      name = substr(w, 1, RLENGTH); gsub(/[${}]/, "", name)
      if (name in folder) w = folder[name] substr(w, RLENGTH + 1)
    }
    return w ~ /^[-A-Za-z0-9_.\/*?+]+$/ ? w : "?"
  }
  /^[ \t]*#/ { next }
  # A folder that a script names once, in a line of its own.
  match($0, /^[ \t]*(export[ \t]+|readonly[ \t]+|local[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=/) {
    value = substr($0, RLENGTH + 1); key = substr($0, 1, RLENGTH - 1); sub(/.*[ \t]/, "", key); gsub(/["\047]/, "", value); sub(/[ \t;].*/, "", value)
    again = key in folder
    folder[key] = value ~ /^\/[-A-Za-z0-9_.\/]*$/ && !again ? value : "?"
  }
  { while (sub(/\\$/, "")) { if ((getline more) <= 0) break; $0 = $0 " " more } }
  /(^|[^A-Za-z_-])find[ \t]/ && /-delete|[^A-Za-z]rm([ \t]|$)|unlink/ {
    n = split(substr($0, match($0, /find[ \t]/)), word, /[ \t;|&()]+/)
    folders = ""; name = "*"; age = "any"; begun = 0; turned = 0
    for (i = 2; i <= n; i++) {
      if (word[i] ~ /^-(mtime|ctime|atime|mmin|cmin|amin)$/) { age = substr(word[i], 2) " " (word[i + 1] ~ /^[-+]?[0-9]+$/ ? word[i + 1] : "?"); i++; begun = 1 }
      else if (word[i] ~ /^-i?name$/) { name = name == "*" ? plain(word[++i]) : "?"; begun = 1 }
      else if (word[i] ~ /^-(o|or|not|newer|path|regex|size|prune)$|^\\?!$/) { turned = 1; begun = 1 }
      else if (word[i] ~ /^-[HLPOD]/ && !begun) continue
      else if (word[i] ~ /^-/) begun = 1
      else if (!begun) folders = folders " " plain(word[i])
    }
    print "find " age " " (turned ? "?" : name) (folders == "" ? " ?" : folders); next
  }
  match($0, /--vacuum-(time|size|files)[= ]*[0-9A-Za-z]+/) { w = substr($0, RSTART, RLENGTH); gsub(/[= ]+/, " ", w); print "vacuum " w }
  /(^|[^A-Za-z_-])(rm|truncate|shred)[ \t]/ && /\/var\/log|openclaw|\/nginx/ {
    n = split($0, word, /[ \t;|&()]+/)
    for (i = 1; i <= n; i++) if (plain(word[i]) ~ /^\/.*(\/log|openclaw|nginx)/) print "remove " plain(word[i]) }
  /(tmpreaper|tmpwatch|stmpclean)[ \t]/ { print "other " (/tmpreaper/ ? "tmpreaper" : "tmpwatch") }'

# The tables of users, a path a line, or that some of them may not be seen.
cron_tables() {
  if tables=$(look find /var/spool/cron -maxdepth 2 -type f 2> /dev/null); then
    printf '%s\n' "$tables"
  else
    # As the rule of sudo has it, word for word.
    as_allowed find /var/spool/cron -maxdepth 2 -type f -printf 'table %p\n' 2>&1 | sed -e 's/^table //' -e t -e 's/.*/hidden \/var\/spool\/cron/'
  fi
}

# Schedules of cron and of units, and the scripts that they name, one level deep. Cron's own folders hold scripts, which name many
# programs: those are not followed.
log_jobs() {
  {
    [ ! -d /var/spool/cron ] || cron_tables
    for file in /etc/crontab /etc/anacrontab /etc/cron.d/* /etc/systemd/system/*.service /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* \
      /etc/cron.monthly/*; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
  } | head -n 200 | while read -r file; do
    case $file in hidden*) printf '%s\n' "$file" && continue ;; esac
    job_file "$file" || continue
    case $file in /etc/cron.[hdwm]*ly/*) continue ;; esac
    printf '%s\n' "$content" | awk '!/^[ \t]*#/ { gsub(/[;|&="\047]/, " "); for (i = 1; i <= NF; i++)
      if ($i ~ /^\/[-A-Za-z0-9_.\/]*$/ && $i !~ /^\/(dev|proc|sys|run|bin|usr\/bin|sbin|usr\/sbin|lib|usr\/lib)\// && !($i in seen) && ++n <= 20) { seen[$i] = 1; print $i } }' |
      while read -r script; do
        [ ! -f "$script" ] || case $(limited head -c 2 "$script" 2> /dev/null | tr -d '\000') in '#!') job_file "$script" ;; esac
      done
  done
}

# job_file PATH: its deletions; leaves what it holds in `content`.
job_file() {
  plain_file "$1" any || {
    # Its folder may keep the path from being followed.
    case $1 in /var/spool/cron/*) printf 'hidden %s\n' "$1" ;; esac
    return 1
  }
  content=$(read_file "$real" 2> /dev/null) || {
    printf 'hidden %s\n' "$1"
    return 1
  }
  case $content in
    *find* | *vacuum* | *rm* | *truncate* | *shred* | *tmp[rw]*) ;;
    *) return 0 ;;
  esac
  found=$(printf '%s\n' "$content" | awk "$deletions" 2> /dev/null)
  [ -z "$found" ] || printf 'job %s\n%s\n' "$1" "$found"
}

logs_section() {
  frame logs.age logs_age
  frame logs.logrotate logrotate_config
  old_folders=$(printf '%s\n' "$out" | sed -n 's/^olddir[ =]*\([-A-Za-z0-9_./]*\)$/\1/p' | sort -u | head -n 4)
  frame logs.logrotate.run logrotate_run
  frame logs.files logs_files
  frame logs.journald journald_config
  ! have journalctl || frame logs.journald.files journald_files
  frame logs.tmpfiles tmpfiles_lines
  frame logs.jobs log_jobs
}

