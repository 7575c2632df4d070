# --- Logs -------------------------------------------------------------------------------------------------------------------------

# look COMMAND...: runs an external command as root where everything is allowed, else as oneself.
look() {
  if [ "$sudo_all" = yes ]; then as_root "$@"; else limited "$@"; fi
}

# Since when the host and OpenClaw's folders exist, by files that are written when they are set up: birth, modification, path.
logs_age() {
  printf 'uptime %s\n' "$now"
  limited stat -c '%W %Y %n' / /etc/machine-id /etc/ssh/ssh_host_*_key.pub 2> /dev/null
  printf '%s\n' "$openclaw_settings" | sed -n 's/^config \(\/.*\)\/[^/]*$/\1/p' | sort -u | head -n 4 | while read -r folder; do
    [ -d "$folder" ] || look test -d "$folder" || continue
    printf 'state %s\n' "$folder"
    look find "$folder" -maxdepth 1 -exec stat -c '%W %Y %n' {} + 2> /dev/null | head -n 40
  done
}

# Prints the time that stands in the first line that has one, and nothing else of it. A name, an address or a message may hold a date
# too: it has to stand where the log itself writes it, and who sends a request cannot write there.
# shellcheck disable=SC2016 # a program of its own
first_time='
  BEGIN { d = "[0-9]"; t = d d ":" d d ":" d d; iso = d d d d "-" d d "-" d d "[T ]" t }
  { sub(/\r$/, "")
    if (match($0, "\\[" d d "/[A-Z][a-z][a-z]/" d d d d ":" t " [-+]" d d d d "\\] \"")) print substr($0, RSTART + 1, RLENGTH - 4)
    else if (match($0, "(^|[{,])[ \t]*\"(time|timestamp|ts|occurredAt|createdAt)\" ?: ?(\"" iso "[^\" ]*\"|[0-9]+)")) {
      $0 = substr($0, RSTART, RLENGTH); sub(/^[^:]*: ?/, ""); gsub(/"/, "")
      if ($0 ~ /^[-0-9T:.+Z ]+$/) print; else next
    } else if (match($0, "^\\[?" iso "([.,]" d "+)?(Z|[-+]" d d ":?" d d ")?")) { $0 = substr($0, 1, RLENGTH); sub(/^\[/, ""); print }
    else next
    exit }'

# first_time_of PATH: from the head of a file; of a compressed one as much as that head holds.
first_time_of() {
  case $1 in
    *.gz) look head -c 65536 "$1" 2> /dev/null | gzip -dc 2> /dev/null | head -c 65536 | awk "$first_time" 2> /dev/null ;;
    *.xz | *.zst | *.bz2 | *.lz4) ;;
    *) look head -c 65536 "$1" 2> /dev/null | awk "$first_time" 2> /dev/null ;;
  esac
}

# log_files PATH: the folder of a log, its files with time, size and name, and the first time in the oldest and newest of them.
log_files() {
  folder=${1%/*}
  stem=${1##*/}
  printf 'log %s\n' "$1"
  case $1 in *[!-A-Za-z0-9_./@+\ ]* | *//*) echo unlisted && return ;; esac
  if ! facts=$(look stat -L -c '%a %u %g' "$folder" 2> /dev/null); then
    echo 'folder missing'
    return
  fi
  printf 'folder %s\nfilesystem %s\n' "$facts" "$(limited stat -L -f -c '%T' "$folder" 2> /dev/null)"
  look test -x "$folder" -a -r "$folder" || echo hidden
  set --
  for old in $old_folders; do
    case $old in /*) ;; *) old=$folder/$old ;; esac
    [ ! -d "$old" ] || set -- "$@" "$old"
  done
  list=$(look find -L "$folder" "$@" -maxdepth 1 -type f -name "${stem%.log}*" -exec stat -c '%Y %s %n' {} + 2> /dev/null | sort -n)
  printf '%s\n' "$list" | awk 'NF > 2 { line[++n] = $0 }
    END { for (i = 1; i <= n; i++) { if (i <= 200 || i > n - 200) print "file " line[i]; else { more++; split(line[i], word, " "); sum += word[2] } }
      if (more) printf "more %d %d\n", more, sum }'
  printf '%s\n' "$list" | awk '$2 > 0 { line[++n] = $0 } END { for (i = 1; i <= n; i++) if (i <= 2 || i > n - 2) { $0 = line[i]; sub(/^[0-9]+ [0-9]+ /, ""); print } }' |
    while read -r file; do
      found=$(first_time_of "$file")
      [ -z "$found" ] || printf 'first %s\t%s\n' "$found" "$file"
    done
}

# Pairs of a path in a container and the path of the host that is mounted there, one after the other.
mounted_paths() {
  printf '%s\n' "${inspected:-}" | sed -n 's/.*\] \[\("\/.*\)null\]$/\1/p' | tr ',' '\n' | sed -n 's/^"\(\/.*\)"$/\1/p' |
    awk 'NR % 2 { to = $0; next } { print "mount\t" to "\t" $0 }'
}

# ledger_files FOLDER: files there that OpenClaw's ledger was written out to, by a mark that each of its records bears; the newest of
# each log, without what rotation puts behind its name. The mark itself is all that is looked for.
ledger_files() {
  look find "$1/" -maxdepth 1 -type f -size +0 -exec stat -c '%Y %n' {} + 2> /dev/null | sort -rn | awk '
    { sub(/^[0-9]+ /, ""); stem = $0; sub(/[-.][0-9][-0-9.]*(\.gz)?$/, "", stem); if (!(stem in seen) && ++n <= 12) { seen[stem] = 1; print $0 "\t" stem } }' |
    while IFS='	' read -r file log; do
      case $file in *.gz) unpack='gzip -dc' ;; *) unpack='cat' ;; esac
      ! look head -c 16384 "$file" 2> /dev/null | $unpack 2> /dev/null | head -c 16384 | grep -q -e '"redaction" *: *"metadata_only"' || printf 'ledger %s\n' "$log"
    done
}

# Places of OpenClaw's logs: those named by its settings, seen from the host and through the mounts of its container, and those it takes
# by itself.
openclaw_logs() {
  {
    mounted_paths
    for path in /tmp/openclaw/openclaw- /tmp/systemd-private-*/tmp/openclaw/openclaw-; do printf 'path\t%s\n' "$path"; done
    printf '%s\n' "$openclaw_settings" | awk -F '\t' '
      /^config \// { state = substr($0, 8); sub(/\/[^\/]*$/, "", state); home = state; sub(/\/[^\/]*$/, "", home); print "path\t" state "/logs/commands.log" }
      $1 == "logging.file" && $2 == "string" {
        path = $3; if (path ~ /^~\//) path = home substr(path, 2)
        if (path ~ /^\//) print "path\t" path }'
  } | awk -F '\t' '
    $1 == "mount" { from[$2] = $3 }
    $1 == "path" && $2 !~ /[*]/ { print $2; for (to in from) if (index($2, to "/") == 1) print from[to] substr($2, length(to) + 1) }' | sort -u | head -n 20
}

nginx_logs() {
  printf '%s\n' "$nginx_settings" | awk -F '\t' '
    $1 == "logpath" { if ($2 != "") print $2 }
    $1 == "prefix" { prefix = $2 }
    $1 == "access_log" && $2 ~ /^\// { print $2 }
    $1 == "access_log" && $2 ~ /^[A-Za-z0-9_.]+\// { print prefix "/" $2 }' | sort -u | head -n 20
}

logs_files() {
  paths=$(openclaw_logs)
  ledgers=$(
    {
      echo /var/log/openclaw
      printf '%s\n' "$paths" | grep -v -e '/commands\.log$' -e '^/tmp/' | sed 's/\/[^/]*$//'
    } | sort -u | head -n 6 | while read -r folder; do
      ! look test -d "$folder" || look test -r "$folder" -a -x "$folder" || printf 'hidden ledgers %s\n' "$folder"
      ledger_files "$folder"
    done
  )
  printf '%s\n' "$ledgers"
  { printf '%s\n' "$paths" "$ledgers" | sed 's/^ledger //' | grep '^/'; nginx_logs; } | sort -u | while read -r path; do log_files "$path"; done
}

