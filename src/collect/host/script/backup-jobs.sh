# Reduces a command line or a script to the words of a list, the names of variables, and paths in folders where data lie. Nothing else of
# it leaves: no argument that is none of these, no comment, and of a URL only whether it is one that takes notice of a run.
# shellcheck disable=SC2016 # a program of its own
backup_words='
  BEGIN {
    n = split("sqlite3 sqlite3_rsync .backup .dump .clone VACUUM INTO integrity_check litestream mysqldump mariadb-dump mydumper mariabackup mariadb-backup xtrabackup openclaw backup create sqlite git enable restic borg borgmatic kopia duplicity rsnapshot rclone s3cmd s5cmd aws s3 gsutil gcloud storage azcopy az mc b2 curl wget lftp sftp scp rsync smbclient tar zip gzip zstd cp mv install dd cat find stat --upload-file -T put -mmin -mtime -newer -newermt -delete rm mail mailx sendmail msmtp ssmtp healthchecks runitor cronitor systemctl docker stop", names, " ")
    for (i = 1; i <= n; i++) listed[names[i]] = 1
    n = split(".backup VACUUM sqlite3_rsync litestream mysqldump mariadb-dump mydumper mariabackup mariadb-backup xtrabackup restic borg borgmatic kopia duplicity rsnapshot rclone s3cmd s5cmd s3 gsutil azcopy rsync scp sftp lftp smbclient --upload-file", names, " ")
    for (i = 1; i <= n; i++) telling[names[i]] = 1
  }
  # A line of variables alone says nothing.
  function keep(w) {
    if (count++ < 40) line = line " " w
    if (w !~ /^\$\{?[A-Za-z0-9_]+\}?$|=$/) worth = 1
    if (w in telling || w ~ /\/.*([Bb]ackup|\.bak|[Dd]ump)|\.openclaw|\.sqlite|\.db$/) told = 1
  }
  function look(w,   name) {
    sub(/^-+[A-Za-z-]+=/, "", w)
    if (w ~ /^[A-Za-z_][A-Za-z0-9_]*=/) { name = w; sub(/=.*/, "", name); keep(name "="); sub(/^[^=]*=/, "", w) }
    if (w ~ /^(vacuum|into)$/) w = toupper(w)
    if (w == "" || length(w) > 200) return
    if (w in listed || w ~ /^@(url|notice|remote)$/) { keep(w); return }
    program = w; sub(/.*\//, "", program)
    if (w ~ /^\/(usr\/(local\/)?)?s?bin\// && (program in listed)) { keep(program); return }
    if (w !~ /^[-A-Za-z0-9_.\/*?${}%+@~:]+$/ || w ~ /\/\//) return
    if (w ~ /^\/?(home|root|var|srv|mnt|media|backups?|data|opt|nas|storage|volume[0-9]*|tmp|etc)(\/|$)/ && (w ~ /^\// || w ~ /^var\/(log|backups|lib)/)) keep(w)
    else if (w ~ /^(~|\$\{?[A-Za-z0-9_]+\}?)(\/|$)/ || w ~ /^[-A-Za-z0-9_.$\/{}*]+\.(sqlite3?|db)$/) keep(w)
    else if (w ~ /^([A-Za-z0-9_.-]+@)?[A-Za-z][A-Za-z0-9_.-]+:[^:]+$/) keep("@remote")
  }
  { sub(/\r$/, ""); text = text $0 }
  text ~ /\\$/ { sub(/\\$/, " ", text); next }
  {
    $0 = text; text = ""
    if (/^[ \t]*#/) next
    sub(/[ \t]#.*/, "")
    while (match($0, /[A-Za-z][A-Za-z0-9+.-]*:\/\/[^ \t"\047<>|;)]*/)) {
      url = substr($0, RSTART, RLENGTH)
      word = url ~ /hc-ping|healthchecks|heartbeat|cronitor|betteruptime|betterstack|nosnch\.in|deadmanssnitch|\/api\/push\/|\/ping\/|hooks\.slack|discord|ntfy|pushover|telegram/ ? "@notice" : "@url"
      $0 = substr($0, 1, RSTART - 1) word substr($0, RSTART + RLENGTH)
    }
    gsub(/["\047\\]/, " "); sub(/^[ \t]*(export|local|readonly)[ \t]+/, "")
    n = split($0, word_of, /[ \t;|&()<>`,]+/); line = ""; count = 0; worth = 0
    for (i = 1; i <= n; i++) look(word_of[i])
    if (worth && lines++ < 150) out = out "line" line "\n"
    if (lines == 150) out = out "more\n"
  }
  END { if (told) printf "%s", out }'

# job_words TEXT: what a command says, and then each script that it names, and those that these name.
job_words() {
  printf '%s\n' "$1" | awk "$backup_words"
  scripts_in "$1" 8 | while read -r script; do
    job_script "$script" || { ! unseen "$script" || printf 'unread %s\n' "$script"; continue; }
    scripts_in "$found" 12 | grep -e '^/usr/local/' -e '^/opt/' -e '^/srv/' -e '^/root/' -e '^/home/' | grep -v -x -e "$script" | while read -r inner; do job_script "$inner" || :; done
  done
}

# scripts_in TEXT MOST: the paths in it, outside comments.
scripts_in() {
  printf '%s\n' "$1" | grep -v '^[[:space:]]*#' | tr -s ' \t;&|="()<>`'"'" '\n' | grep -e '^/[-A-Za-z0-9_./]*[A-Za-z0-9]$' |
    grep -v -e '^/dev/' -e '^/proc/' -e '^/run/' -e '^/sys/' -e '^/var/' | sort -u | head -n "$2"
}

# unseen PATH: whether it may be a script that this login cannot even find.
unseen() {
  [ "$privilege" != root ] && [ "$sudo_all" != yes ] && [ ! -e "$1" ] && [ ! -x "${1%/*}" ] || return 1
  case $1 in */.openclaw* | *.sqlite* | *.db | *.json | *.log | *.gz | *.tgz | *.sql) return 1 ;; esac
}

job_script() {
  plain_file "$1" any || return 1
  found=$(read_file "$real" 2> /dev/null | tr -d '\000' | head -c 65536)
  case $found in
    '#!'*) ;;
    *)
      [ -r "$real" ] || [ "$sudo_all" = yes ] || printf 'unread %s\n' "$1"
      return 1
      ;;
  esac
  reduced=$(printf '%s\n' "$found" | awk "$backup_words")
  [ -z "$reduced" ] || printf 'script %s\n%s\n' "$1" "$reduced"
}

# cron_table FILE SYSTEM: each line of a table, by what $words_of makes of it; tables of the system name a user before the command.
cron_table() {
  { plain_file "$1" any && table=$(read_file "$real" 2> /dev/null); } || {
    printf 'hidden %s\n' "$1"
    return
  }
  ! printf '%s\n' "$table" | grep -q -e '^[[:space:]]*MAILTO *= *["'"'"']*[A-Za-z0-9]' || printf 'mailto %s\n' "$1"
  printf '%s\n' "$table" | awk -v system_table="$2" '
    /^[ \t]*(#|$)/ || /^[ \t]*[A-Za-z_]+[ \t]*=/ { next }
    { n = $1 ~ /^@/ ? 1 : 5; when = $1; for (i = 2; i <= n; i++) when = when " " $i; skip = n + (system_table == "yes")
      line = $0; for (i = 1; i <= skip; i++) sub(/^[ \t]*[^ \t]+/, "", line); sub(/^[ \t]+/, "", line)
      if (when ~ /^[-@0-9*\/,A-Za-z ]+$/ && line != "") print NR "\t" when "\t" line }' | head -n 100 | while IFS="$tab" read -r number when line; do
    words=$($words_of "$line")
    [ -z "$words" ] || printf 'cron %s:%s\nschedule %s\n%s\n' "$1" "$number" "$when" "$words"
  done
}

cron_jobs() {
  for daemon in cron crond anacron systemd-cron; do ! has_process "$daemon" || printf 'daemon %s\n' "$daemon"; done
  [ ! -d /run/systemd/system ] || printf 'systemd\n'
  for file in /etc/crontab /etc/cron.d/*; do [ ! -f "$file" ] || cron_table "$file" yes; done
  [ ! -d /var/spool/cron ] || as_allowed find /var/spool/cron -maxdepth 2 -type f -printf 'table %p\n' 2>&1 | head -n 100 | while read -r kind file; do
    case $kind in table) cron_table "$file" no ;; *) printf 'hidden /var/spool/cron\n' ;; esac
  done
  for every in hourly daily weekly monthly; do
    for file in /etc/cron."$every"/*; do
      [ -f "$file" ] || continue
      words=$($script_of "$file")
      [ -z "$words" ] || printf 'cron %s\nschedule @%s\n%s\n' "$file" "$every" "$words"
    done
  done
}

# Settings and last runs of units; without the word for times in seconds where systemctl is too old for it.
show_units() {
  [ "$#" -gt 0 ] || return 0
  # shellcheck disable=SC2086 # $unit_facts is options
  limited systemctl show --timestamp=unix "$@" $unit_facts 2> /dev/null || limited systemctl show "$@" $unit_facts
}

# Names of all timers. systemd brings some along: no name, or a list that does not come to its end, is no list.
timer_names() {
  {
    limited systemctl list-unit-files --type=timer --no-legend --no-pager && echo listed
    limited systemctl list-units --all --type=timer --plain --no-legend --no-pager && echo listed
  } 2> /dev/null | head -c 100000 | awk '
    $0 == "listed" { listed++; next }
    $1 ~ /^[-A-Za-z0-9_.@:]+\.timer$/ && $1 !~ /@\.timer$/ && !seen[$1]++ && count++ < 100 { names = names " " $1 }
    END { if (listed == 2) print names }'
}

unit_jobs() {
  limited systemctl show "$@" -p Id -p ExecStartPre -p ExecStart -p ExecStartPost | awk '
    function tell(   i) { for (i = 1; i <= n; i++) print id "\t" line[i]; n = 0; id = "" }
    $0 == "" { tell(); next }
    sub(/^Id=/, "") { id = $0; next }
    sub(/^ExecStart[A-Za-z]*=.*argv\[\]=/, "") { sub(/ ; ignore_errors=.*/, ""); line[++n] = $0 }
    END { tell() }' | while IFS="$tab" read -r unit line; do
    words=$(job_words "$line")
    [ -z "$words" ] || printf 'unit %s\n%s\n' "$unit" "$words"
  done
}

# When services ended last, well or not, as far back as the journal goes: the newest of each.
backup_journal() {
  as_allowed journalctl -q --no-pager -r -n 3000 --since -15days -o json --output-fields=UNIT,MESSAGE_ID MESSAGE_ID=7ad2d189f7e94e70a38c781354912448 + MESSAGE_ID=d9b373ed55a64feb8242e02dbe79a49c | awk '
    function field(name,   text) { text = $0; if (!sub(".*\"" name "\":\"", "", text)) return ""; sub(/".*/, "", text); return text }
    /^\{/ { unit = field("UNIT"); end = field("MESSAGE_ID") ~ /^7ad2/ ? "success" : "failure"; when = field("__REALTIME_TIMESTAMP")
      if (unit ~ /^[-A-Za-z0-9_.@:]+\.service$/ && when ~ /^[0-9]+$/ && !seen[unit end]++) print end, substr(when, 1, length(when) - 6), unit }'
}

# configuration_state OWNER FOLDER NAME: what git says of it, by three words of its own. No hook and no monitor of the repository is run.
