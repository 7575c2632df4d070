# --- Backups ----------------------------------------------------------------------------------------------------------------------

# as_owner USER COMMAND...: as the user whom the files belong to, whose repository or database may then not make root do anything.
as_owner() {
  owner_name=$1
  shift
  if [ "$owner_name" = "$(id -un)" ]; then
    limited "$@"
  elif [ "$owner_name" = root ]; then
    as_root "$@"
  else
    as_root runuser -u "$owner_name" -- "$@"
  fi
}

# Databases and configuration of OpenClaw in a folder: what find(1) knows of them. Their content is not read.
state_files() {
  as_allowed find "$@" -maxdepth 8 '(' -type d '(' -name npm -o -name node_modules -o -name tmp -o -name cache -o -name media -o -name logs ')' -prune ')' \
    -o '(' '(' -path '/home/*/*' -o -path '/root/*' -o -path '/var/lib/*/*' ')' ! -path '*/.openclaw*' ! -path '*/.config' ! -path '*/.config/systemd' ! -path '*/.config/systemd/user*' \
    -type d -name '*[Bb]ackup*' -printf 'folder - - - - - %p\n' -prune ')' \
    -o '(' '(' -path '/home/*/*' -o -path '/root/*' -o -path '/var/lib/*/*' ')' ! -path '*/.openclaw*' ! -path '*/.config' ! -path '*/.config/systemd' ! -path '*/.config/systemd/user*' -prune ')' \
    -o -type f '(' -name '*.sqlite' -o -name openclaw.json -o -path '*/.config/systemd/user/*.timer' ')' ! -name '*[![:print:]]*' -printf 'file %T@ %s %D %u %B@ %p\n'
}

backups_state() {
  state_files /home /root /var/lib/openclaw
  printf '%s\n' "$openclaw_settings" | sed -n 's/^\(config\|hidden\) \(\/.*\)\/openclaw.json$/\1 \2/p' | sort -u | head -n 8 | while read -r seen_as folder; do
    [ "$seen_as" != config ] || printf 'state %s\n' "$folder"
    case $folder in /home/*/.openclaw* | /root/.openclaw* | /var/lib/openclaw/.openclaw*) ;; *) state_files "$folder" ;; esac
  done
  # A host is as old as what is made when it is set up.
  limited stat -c 'host %Y' /etc/machine-id /etc/ssh/ssh_host_*_key.pub 2> /dev/null
  for daemon in mysqld mariadbd; do ! has_process "$daemon" || printf 'daemon %s\n' "$daemon"; done
  [ ! -d /var/lib/mysql ] || printf 'mysql %s\n' "$(limited stat -c '%d' /var/lib/mysql)"
}

# Where files lie that are copies: each file of some folders, the newest ones first.
backup_files() {
  as_allowed find "$@" -xdev -maxdepth 4 '(' -type f ! -name '*[![:print:]]*' -printf 'file %T@ %s %D %p\n' ')' -o '(' -type f -printf 'odd\n' ')' 2>&1 | sort -k2,2rn | awk '
    $1 == "file" { if (files++ < 1500) print; next }
    /No such file or directory$/ { next }
    others++ < 20 { print }
    END { print "files", files + 0 }'
}

# Of copies of the last days and a size that takes no long time to read: a hash, and by the format's own means whether they can be read.
backup_hashes() {
  as_allowed find "$@" -xdev -maxdepth 4 -type f '(' -name '*.sqlite*' -o -name '*.db*' -o -name '*.sql*' -o -name '*.gz' -o -name '*.tgz' -o -name '*.zst' -o -name '*.xz' ')' \
    ! -name '*[![:print:]]*' -size -65537k -mtime -9 -exec sha256sum '{}' + | grep -e '^[0-9a-f]\{64\}  /' | sort -u | head -n 400
}

# The head of a database tells its page size, its pages and whether it holds a table; no row stands in these bytes.
backup_heads() {
  as_allowed find "$@" -xdev -maxdepth 4 -type f '(' -name '*.sqlite' -o -name '*.sqlite3' -o -name '*.db' ')' \
    ! -name '*[![:print:]]*' -mtime -9 -printf 'head %s %p\n' -exec od -A n -v -t x1 -w108 -N 108 '{}' ';' | grep -e '^head ' -e '^ [0-9a-f ]*$' | head -n 400
}

# immutable=1 makes SQLite write nothing beside the file, -safe keeps a file made for harm from doing any.
backup_checks() {
  ! have sqlite3 || as_allowed find "$@" -xdev -maxdepth 4 -type f '(' -name '*.sqlite' -o -name '*.sqlite3' -o -name '*.db' ')' ! -name '*[![:print:]]*' ! -name '*[?%#]*' \
    '(' -mtime -2 -size -262145k -o -mtime -9 -size -65537k ')' -printf '\ncheck %p\n' -exec sqlite3 -safe -batch -init /dev/null 'file:{}?immutable=1' 'PRAGMA integrity_check(1)' ';' | awk '
    /^check \// { print; waiting = 1; next }
    waiting && NF { print $0 == "ok" ? "sound" : "damaged"; waiting = 0 }' | head -n 400
  as_allowed find "$@" -xdev -maxdepth 4 -type f '(' -name '*.gz' -o -name '*.tgz' ')' ! -name '*[![:print:]]*' '(' -mtime -2 -size -262145k -o -mtime -9 -size -65537k ')' -exec gzip -tv '{}' ';' | awk '
    sub(/:[ \t]+OK$/, "") { print "check " $0; print "sound"; next }
    /^gzip: \// || /^\/.*:[ \t]*$/ { sub(/^gzip: /, ""); sub(/:.*/, ""); if (!told[$0]++) { print "check " $0; print "damaged" } }' | head -n 400
}

