# sekisho: what an audit reads inside a host. POSIX sh; run as `sh -s` or `sh collect.sh > file`.
#
# - It only reads. It writes no file, not even a temporary one, and stops nothing. It opens no connection to another machine, unless
#   `outbound` below is yes: then one to each of the hosts named there, and a question to each of the resolvers and to two addresses where
#   none is, from the host and from the network of OpenClaw's container, all of which end once they stand.
# - It prints no secret: files that may hold one pass an awk filter here, on the host, which lets named settings through and
#   nothing else. Command lines and environments of processes are never printed.
# - It prints frames. Each begins with the boundary, a random word that nobody on the host could know beforehand, and says how many
#   bytes follow, so that nothing a command prints can pass for a frame.
# - Every command has a time limit and every frame a size limit; after $deadline_seconds nothing new is started.
# - Commands that need root run as they are for root, else through `sudo -n` where the rules of sudo allow them.
#
# - What it reads of a process is asked of root only where root runs that process from the program itself: a name is no proof.
#
# What running it leaves behind all the same: a line of sudo's in the log for each command it runs, a line of sshd's own where the
# login is new, times of last access where the file system keeps them; nft, iptables-save and ss may make the kernel load a module of
# its own that it needs to answer. It lowers its own priority.
#
# Everything is inside functions, called by the last line: a script that was cut short in transit does nothing.
# Parameters, set above: boundary, ssh_users (names separated by spaces), container (name of OpenClaw's container),
# backup_paths and backup_jobs (what the operator declared, separated by spaces), outbound (yes or no), outbound_needed, outbound_canaries
# and outbound_ai (`host,port`, separated by spaces), outbound_resolvers (addresses).

frame_bytes=524288
command_seconds=10
deadline_seconds=60

# --- Frames ---------------------------------------------------------------------------------------------------------------------

# Sets `now` to milliseconds since boot. Reads /proc with a builtin: no process, no clock that may jump.
read_now() {
  read -r up _ < /proc/uptime || up=0.00
  fraction=${up#*.}
  now=$((${up%%.*} * 1000 + ${fraction#0} * 10))
}

# emit NAME STATE EXIT START DURATION: prints the frame whose content is in `out`.
emit() {
  printf '%s %s %s %s %s %s %s\n%s\n' "$boundary" "$1" "$2" "$3" "$4" "$5" "${#out}" "$out"
}

# frame NAME COMMAND...: runs the command and prints its output as a frame. Leaves the output in `out` and what came of it in `state`:
# ok, truncated, timeout, denied (sudo said no) or skipped (the whole run has no time left).
frame() {
  name=$1
  shift
  read_now
  start=$now
  if [ $((start - began)) -gt $((deadline_seconds * 1000)) ]; then
    state=skipped
    out=
    emit "$name" "$state" - "$start" 0
    return
  fi
  # The exit code is the last line of what the pipe carries; where the size limit cut it off, there is none. NUL bytes, which
  # a shell variable cannot hold, are dropped, and so is what sudo says on a host that does not find its own name.
  out=$({ "$@" < /dev/null 2>&1; printf '\n%s' "$?"; } | sed '/^sudo: unable to resolve host /d' | tr -d '\000' | head -c "$frame_bytes")
  read_now
  if [ "${#out}" -ge "$frame_bytes" ]; then
    state=truncated
    code=-
  else
    state=ok
    code=${out##*"$newline"}
    out=${out%"$newline"*}
  fi
  case $code in
    124 | 137 | 143)
      [ $((now - start)) -lt $((command_seconds * 1000 - 500)) ] || state=timeout
      ;;
    1)
      case $out in
        *sudo:*password* | *sudo:*tty* | *"not allowed to execute"* | *"not in the sudoers"* | *"may not run sudo"*) state=denied ;;
      esac
      ;;
    "$denied_code") state=denied ;;
  esac
  emit "$name" "$state" "$code" "$start" "$((now - start))"
}

# limited COMMAND...: runs an external command under the time limit, where timeout(1) is there.
limited() {
  # shellcheck disable=SC2086 # $limit is a command with its options
  $limit "$@"
}

# sudo runs timeout, not the other way round: one's own processes may not stop root's.
with_sudo() {
  # shellcheck disable=SC2086 # $limit is a command with its options
  sudo -n $limit "$@"
}

# as_root COMMAND...: runs an external command as root. The path is made absolute, as rules of sudo name it.
as_root() {
  program=$(command -v "$1") || return 127
  shift
  case $privilege in
    root) limited "$program" "$@" ;;
    sudo) with_sudo "$program" "$@" ;;
    *) return "$denied_code" ;;
  esac
}

# as_allowed COMMAND...: as root where sudo allows everything or exactly this command, else as oneself. A rule of sudo names every word.
as_allowed() {
  if [ "$privilege" = none ]; then
    limited "$@"
    return
  fi
  answer=$(as_root "$@" 2>&1)
  answered=$?
  case $privilege$answer in
    sudo'sudo: '* | sudo'Sorry, user '*) limited "$@" ;;
    *)
      [ -z "$answer" ] || printf '%s\n' "$answer"
      return "$answered"
      ;;
  esac
}

# read_file PATH: prints a file, as root only where sudo allows everything: rules for single commands name no files.
read_file() {
  if [ -r "$1" ]; then
    limited head -c "$frame_bytes" "$1"
  elif [ "$sudo_all" = yes ]; then
    as_root head -c "$frame_bytes" "$1"
  else
    return "$denied_code"
  fi
}

# file_facts PATH: mode, owner and kind of what a path leads to.
file_facts() {
  limited stat -L -c '%a %u %F' "$1" 2> /dev/null || { [ "$sudo_all" = yes ] && as_root stat -L -c '%a %u %F' "$1" 2> /dev/null; }
}

# plain_file PATH OWNERS: whether it leads to a regular file of one of these users (separated by spaces; any), and to none of the
# kernel's own. Leaves what file_facts says in `facts`.
plain_file() {
  real=$(limited readlink -f "$1" 2> /dev/null) || real=
  [ -n "$real" ] || [ "$sudo_all" != yes ] || real=$(as_root readlink -f "$1" 2> /dev/null) || real=
  case $real in '' | /proc/* | /sys/* | /dev/*) return 1 ;; esac
  facts=$(file_facts "$real") || return 1
  case $facts in *' regular file' | *' regular empty file') ;; *) return 1 ;; esac
  [ "$2" != any ] || return 0
  owner=${facts#* }
  case " $2 " in *" ${owner%% *} "*) return 0 ;; esac
  return 1
}

# program_of PID: the program a process runs, by the kernel. Fails where it may not be looked at.
program_of() {
  found=$(readlink "/proc/$1/exe" 2> /dev/null) ||
    { [ "$sudo_all" = yes ] && found=$(as_root readlink "/proc/$1/exe" 2> /dev/null); } || return 1
  # An upgrade replaces the file of a program that runs.
  printf '%s\n' "${found% (deleted)}"
}

# top_processes NAME: pid and user of processes of the name outside containers whose parent is not of the name.
top_processes() {
  printf '%s\n' "$processes" | awk -v wanted="$1" '$5 == wanted { parent[$1] = $2; nested[$1] = $4; user[$1] = $3 }
    END { for (pid in parent) if (!(parent[pid] in parent) && !nested[pid]) print pid, user[pid] }' | sort -n
}

have() {
  command -v "$1" > /dev/null 2>&1
}

# --- Who and what -----------------------------------------------------------------------------------------------------------------

find_limit() {
  limit=
  have timeout || return 0
  if timeout -k 1 1 true 2> /dev/null; then
    limit="$(command -v timeout) -k 1 $command_seconds"
  elif timeout -t 1 true 2> /dev/null; then # busybox before 1.30
    limit="timeout -t $command_seconds"
  fi
}

find_privilege() {
  privilege=none
  sudo_all=no
  if [ "$(id -u)" = 0 ]; then
    privilege=root
  elif have sudo && rules=$(limited sudo -n -l < /dev/null 2> /dev/null); then
    privilege=sudo
    case $rules in *"NOPASSWD: ALL"*) sudo_all=yes ;; esac
  fi
}

run_facts() {
  printf 'privilege %s\nlimit %s\nuser %s\n' "$privilege" "${limit:-none}" "$(id -un)"
}

# The machine id is confidential (machine-id(5)): only a hash of it leaves.
machine_hash() {
  read -r id < /etc/machine-id || [ -n "$id" ] || return 1
  have sha256sum || return 127
  printf 'sekisho:%s' "$id" | sha256sum
}

os_release() {
  cat /etc/os-release 2> /dev/null || cat /usr/lib/os-release
}

cpu_count() {
  if have nproc; then nproc; else grep -c '^processor' /proc/cpuinfo; fi
}

# Local file systems only, where df can tell: a dead NFS server must not hold us up.
disk_space() {
  local_only=
  if have timeout; then
    limited df -l / > /dev/null 2>&1
    case $? in 0) local_only=l ;; 124 | 137 | 143) return 124 ;; esac
  fi
  limited df "-PTk$local_only"
}

disk_inodes() {
  if have timeout && limited df -l / > /dev/null 2>&1; then limited df -Pil; else limited df -Pi; fi
}

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

# --- Processes --------------------------------------------------------------------------------------------------------------------

# One line each: pid, parent, user id, 1 when in a container of this host, name. No command lines.
process_list() {
  cat /proc/[0-9]*/status 2> /dev/null | awk '
    $1 == "Name:" { name = substr($0, 7); gsub(/[^!-~]/, "_", name) }
    $1 == "Pid:" { pid = $2 }
    $1 == "PPid:" { parent = $2 }
    $1 == "Uid:" { user = $2 }
    $1 == "NSpid:" { nested = NF > 2 }
    $1 == "Threads:" { print pid, parent, user, nested + 0, name }'
}

has_process() {
  case $processes in *" 0 $1$newline"* | *" 0 $1") return 0 ;; esac
  return 1
}

# --- Network ----------------------------------------------------------------------------------------------------------------------

listeners_ss() {
  if [ "$privilege" != none ]; then
    as_root ss -H -lntup 2> /dev/null
    case $? in 0 | 124 | 137) return ;; esac # else sudo does not allow it
  fi
  limited ss -H -lntu
}

# Where ss is not there: the kernel's own tables, listening TCP (0A) and unconnected UDP (07).
listeners_proc() {
  for table in tcp tcp6 udp udp6; do
    [ ! -r "/proc/net/$table" ] || awk -v table="$table" 'FNR > 1 && ($4 == "0A" || $4 == "07") { print table, $2 }' "/proc/net/$table"
  done
}

# --- sshd -------------------------------------------------------------------------------------------------------------------------

# Options of a daemon out of its command line or title: those that change the settings asked for, in one line; nothing for what is no
# daemon but a session. Options that change none of them are left out, and any other makes it `unread`.
# shellcheck disable=SC2016 # a program of its own
sshd_words='
  { sub(/ +$/, "")
    if (/^sshd: [^\/]/ && !/ \[listener\]/) { session = 1; exit }
    if (/^sshd: / && !/ \[listener\]/) bad = 1 # cut off
    sub(/^sshd: /, ""); sub(/ \[listener\].*/, ""); n = split($0, word, " ")
    program = word[1]; line = ""
    for (i = 2; i <= n; i++) {
      w = word[i]
      if (w ~ /^-[Deqdi46]+$/) {
        if (w ~ /4/) line = line " -4"
        if (w ~ /6/) line = line " -6"
        continue
      }
      option = substr(w, 1, 2); value = substr(w, 3)
      if (option !~ /^-[fpoEghkubc]$/) { bad = 1; exit }
      if (value == "") { if (++i > n) { bad = 1; exit } value = word[i] }
      if (option ~ /^-[Eghkubc]$/) continue
      if (option == "-f" && value ~ /^\/[-A-Za-z0-9_.\/@+]+$/) line = line " -f " value
      else if (option == "-p" && value ~ /^[0-9]+$/ && length(value) < 6) line = line " -p " value
      else if (option == "-o" && tolower(value) ~ /^authorizedkeyscommand(user)?=/) { while (i < n && word[i + 1] ~ /^%[A-Za-z]$/) i++ }
      else if (option == "-o" && tolower(value) ~ /^(port|listenaddress|addressfamily|passwordauthentication|kbdinteractiveauthentication|challengeresponseauthentication|pubkeyauthentication|permitemptypasswords|permitrootlogin|usepam|authenticationmethods)=[-A-Za-z0-9:.,]+$/) line = line " -o " value
      else { bad = 1; exit }
    } }
  END { if (session || NR == 0) exit; print program; print bad ? "unread" : "options" line }'

# sshd_daemon PID USER: `options ...` of a daemon whose settings sshd can be asked for, `unread` for another.
sshd_daemon() {
  # A link of another name to any program, or of any program to this name, is a process of this name.
  words=$(tr '\000\n' '  ' 2> /dev/null < "/proc/$1/cmdline" | awk "$sshd_words")
  # Sessions come and go, our own among them: what has ended meanwhile is no daemon.
  [ -n "$words" ] || { [ -d "/proc/$1" ] && [ ! -r "/proc/$1/cmdline" ]; } || return 0
  line=${words#*"$newline"}
  program=$(program_of "$1") || {
    # Without leave to see the program, only what the daemon says of itself and only the question that names no option.
    program=$(readlink -f "${words%%"$newline"*}" 2> /dev/null) || program=
    [ "$line" = options ] || line=unread
  }
  [ "$2" = 0 ] && [ -n "$program" ] && [ "$program" = "$(readlink -f "$(command -v sshd)")" ] || line=unread
  for path in $(printf '%s\n' "$line" | sed -n 's/^options.* -f \([^ ]*\).*/\1/p'); do
    plain_file "$path" 0 || line=unread
    case ${facts%% *} in *[2367]? | *[2367]) line=unread ;; esac
  done
  case $line in options*-f*-f*) line=unread ;; esac
  [ "$line" != unread ] || [ -d "/proc/$1" ] || return 0
  printf '%s\n' "$line"
}

sshd_daemons() {
  top_processes sshd | while read -r pid user; do sshd_daemon "$pid" "$user"; done | sort -u
}

# Of what sshd says of itself: the settings that matter here, its files, and its Match lines and which of them applied. The rest may
# hold secrets (SetEnv, lines it does not understand). Ends with sshd's own exit code, which is the last line.
# shellcheck disable=SC2016 # a program of its own
sshd_filter='
  { sub(/\r$/, "") }
  /^sekisho exit [0-9]+$/ { code = $3; next }
  /^(port|listenaddress|addressfamily|usepam|permitrootlogin|pubkeyauthentication|passwordauthentication|kbdinteractiveauthentication|challengeresponseauthentication|permitemptypasswords|authenticationmethods|pidfile) / { print; next }
  /^debug[123]: (checking syntax for |checking match for |match found$|match not found$)/ { print; next }
  /^debug[123]: (load_server_config: filename |[^ ]+ line [0-9]+: new include )/ { print; next }
  /^sudo: |^Sorry, user |may not run sudo|not in the sudoers/ { print; next }
  /[Pp]ermission denied/ { print "sshd: permission denied"; next }
  /no hostkeys available/ { print "sshd: no hostkeys available"; next }
  /[Bb]ad configuration option|bad configuration options|unsupported option|no argument|extra arguments/ { print "sshd: its configuration has a fault"; next }
  END { exit code }'

# sshd_ask OPTIONS CONNECTION: what sshd itself says its settings are; -ddd makes it name its files and its Match lines.
sshd_ask() {
  printf 'sekisho options %s\nsekisho connection %s\n' "$1" "$2"
  {
    # shellcheck disable=SC2086 # options are words
    if [ -n "$2" ]; then as_root sshd -T -ddd $1 -C "$2" 2>&1; else as_root sshd -T -ddd $1 2>&1; fi
    printf '\nsekisho exit %s\n' "$?"
  } | awk "$sshd_filter"
}

# From the Match lines that sshd named: a connection that each of them should apply to. First word: a group whose member is to
# be asked about, or "-".
match_connections() {
  awk '
    # Not root where another is named: what keeps passwords from root keeps them from nobody else.
    function pick(list,   n, part, i, root) {
      n = split(list, part, ","); root = ""
      for (i = 1; i <= n; i++) if (part[i] == "root") root = "root"; else if (part[i] !~ /^!/) return part[i]
      return root
    }
    function fill(pattern, with) { gsub(/[*?]/, with, pattern); return pattern }
    function as_address(pattern,   n, part) {
      sub(/\/.*/, "", pattern); pattern = fill(pattern, "1")
      if (pattern !~ /:/) for (n = split(pattern, part, "."); n < 4; n++) pattern = pattern ".1"
      return pattern
    }
    index($0, "checking syntax for '"'"'Match ") {
      sub(/.*checking syntax for .Match /, ""); sub(/.$/, "")
      gsub(/"/, "")
      user = "sekisho-no-such-user"; host = "host.invalid"; address = "192.0.2.1"; extra = ""; group = "-"
      n = split($0, word, /[ \t=]+/)
      for (i = 1; i < n; i += 2) {
        key = tolower(word[i])
        if (key == "invalid-user") { i--; continue }
        value = pick(word[i + 1])
        if (value == "") continue
        if (key == "user") user = fill(value, "x")
        else if (key == "group") group = value
        else if (key == "host") host = fill(value, "x")
        else if (key == "address") address = as_address(value)
        else if (key == "localaddress") extra = extra ",laddr=" as_address(value)
        else if (key == "localport") extra = extra ",lport=" fill(value, "1")
      }
      if (user group host address extra ~ /^[A-Za-z0-9@_.:,=-]+$/) print group, user, ",host=" host ",addr=" address extra
    }' | sort -u | head -n 12
}

# A member of a group, another than root where there is one; its members are those it lists and those whose first group it is.
member_of() {
  entry=$(limited getent group "$1" 2> /dev/null) || return 0
  {
    printf '%s\n' "$entry" | sed 's/.*://' | tr ',' '\n'
    limited getent passwd 2> /dev/null | awk -F: -v group="$(printf '%s\n' "$entry" | cut -d: -f3)" '$4 == group { print $1 }'
  } | awk '/^[A-Za-z0-9_][-A-Za-z0-9_.@]*$/ { if ($0 == "root") root = 1; else { print; found = 1; exit } } END { if (!found && root) print "root" }'
}

# Modification and change times of the files sshd named and of the folders it includes from.
sshd_files() {
  printf '%s\n' "$1" | awk '
    / load_server_config: filename / { sub(/.*filename /, ""); sub(/\r$/, ""); print }
    / new include / { sub(/.*new include /, ""); sub(/\r$/, ""); sub(/\/[^\/]*$/, ""); if (/^\//) print }' | sort -u |
    while read -r path; do
      printf '%s %s\n' "$(stat -c '%Y %Z' "$path" 2> /dev/null || echo '- -')" "$path"
    done
}

# When the daemon last read its files: it writes its pid file anew after each reload.
sshd_start() {
  pid_file=$(printf '%s\n' "$1" | awk '$1 == "pidfile" { print $2 }')
  if [ -r "${pid_file:-/run/sshd.pid}" ]; then
    read -r pid < "${pid_file:-/run/sshd.pid}" || :
    case $processes in
      "$pid "*" 0 sshd"* | *"$newline$pid "*) printf 'loaded %s\n' "$(stat -c '%Y' "${pid_file:-/run/sshd.pid}")" ;;
    esac
  fi
}

sshd_section() {
  have sshd || { has_process sshd || return 0; }
  instance=0
  daemons=$(sshd_daemons)
  case $newline$daemons$newline in
    *"${newline}unread$newline"*) frame sshd.unread echo 'a daemon that runs could not be asked' ;;
  esac
  printf '%s\n' "${daemons:-options}" | while read -r word options; do
    [ "$word" = options ] || continue
    instance=$((instance + 1))
    if [ "$instance" -gt 6 ]; then
      frame sshd.more echo 'more daemons'
      break
    fi
    frame "sshd.$instance" sshd_ask "$options" ''
    default=$out
    [ "$state $code" = 'ok 0' ] || continue
    frame "sshd.$instance.files" sshd_files "$default"
    frame "sshd.$instance.start" sshd_start "$default"
    for user in $ssh_users; do
      frame "sshd.$instance.user" sshd_ask "$options" "user=$user,host=host.invalid,addr=192.0.2.1"
    done
    printf '%s\n' "$default" | match_connections | while read -r group user rest; do
      if [ "$group" != - ]; then
        user=$(member_of "$group")
        [ -n "$user" ] || continue
      fi
      frame "sshd.$instance.match" sshd_ask "$options" "user=$user$rest"
    done
  done
}

# --- Packet filter ----------------------------------------------------------------------------------------------------------------

# What is built into the kernel has no folder under /sys/module.
firewall_kernel() {
  builtin=/lib/modules/$(uname -r)/modules.builtin
  [ -r "$builtin" ] || echo 'builtin unknown'
  for module in nf_tables ip_tables ip6_tables; do
    if [ -d "/sys/module/$module" ] || grep -q "/$module\.ko" "$builtin" 2> /dev/null; then echo "module $module"; fi
  done
  for program in nft iptables-save ip6tables-save iptables-legacy-save ufw firewall-cmd; do ! have "$program" || echo "program $program"; done
  [ ! -r /etc/ufw/ufw.conf ] || sed -n 's/^ENABLED=\(yes\|no\).*/ufw \1/p' /etc/ufw/ufw.conf
  grep -q . /proc/net/if_inet6 2> /dev/null || echo 'no ipv6'
}

legacy_tables() {
  [ -d /sys/module/iptable_filter ] || grep -q . /proc/net/ip_tables_names 2> /dev/null
}

firewall_section() {
  frame firewall.kernel firewall_kernel
  ! have nft || frame firewall.nft as_root nft -j list ruleset
  ! have iptables-save || frame firewall.ipv4 as_root iptables-save
  ! have ip6tables-save || frame firewall.ipv6 as_root ip6tables-save
  # Asking for the legacy tables would load their module: only where it is there already and the above was not about them.
  case $out in *legacy*) legacy=yes ;; *) legacy=no ;; esac
  if have iptables-legacy-save && legacy_tables && [ "$legacy" = no ]; then
    frame firewall.legacy4 as_root iptables-legacy-save
  fi
  if have ip6tables-legacy-save && [ -d /sys/module/ip6table_filter ] && [ "$legacy" = no ]; then
    frame firewall.legacy6 as_root ip6tables-legacy-save
  fi
}

# --- Services ---------------------------------------------------------------------------------------------------------------------

services_section() {
  have systemctl || return 0
  frame services.running limited systemctl list-units --type=service --state=running --no-legend --plain --no-pager
  frame services.files limited systemctl list-unit-files --type=service --no-legend --no-pager
  unit_files=$out
}

# --- Containers -------------------------------------------------------------------------------------------------------------------

# Only the fields named here leave; of a container's environment and arguments only settings without secrets, by name.
# shellcheck disable=SC2016 # a program of its own
container_format='{{json .Name}} {{json .Config.Image}} {{json .HostConfig.RestartPolicy.Name}} {{json .HostConfig.NetworkMode}} {{json .NetworkSettings.Ports}} [{{range $mount := .Mounts}}{{range split $mount.Destination "/"}}{{if eq . ".openclaw"}}{{json $mount.Source}},{{end}}{{end}}{{end}}null] [{{range .Config.Env}}{{$name := index (split . "=") 0}}{{if or (eq $name "TZ") (eq $name "OPENCLAW_GATEWAY_BIND") (eq $name "OPENCLAW_GATEWAY_PORT") (eq $name "OPENCLAW_CONFIG_PATH")}}{{json .}},{{end}}{{end}}null] [{{$flag := ""}}{{range .Args}}{{if or (eq $flag "--port") (and (or (eq $flag "--bind") (eq $flag "--auth")) (eq . "auto" "lan" "loopback" "tailnet" "custom" "none" "token" "password" "trusted-proxy"))}}{{json $flag}},{{json .}},{{else if or (eq $flag "--bind") (eq $flag "--auth")}}{{json $flag}},"?",{{end}}{{$flag = .}}{{end}}null] {{json .Config.User}} [{{json .HostConfig.LogConfig.Type}},{{json (index .HostConfig.LogConfig.Config "max-size")}},{{json (index .HostConfig.LogConfig.Config "max-file")}}] [{{range .Mounts}}{{json .Destination}},{{json .Source}},{{end}}null]'

# The daemon of this host, whatever context or variable says: those may name another machine.
ask_docker() {
  if [ "$docker_as" = self ]; then limited docker -H "$docker_socket" "$@"; else as_root docker -H "$docker_socket" "$@"; fi
}

docker_inspect_all() {
  # shellcheck disable=SC2046 # ids are words
  ask_docker inspect --format "$container_format" $(ask_docker ps -q --no-trunc 2> /dev/null)
}

containers_present() {
  case $container in '' | *[!A-Za-z0-9_.-]*) ;; *) printf 'declared %s\n' "$container" ;; esac
  for program in docker podman nerdctl crictl lxc-ls incus; do ! have "$program" || echo "program $program"; done
  for socket in docker containerd/containerd podman/podman; do [ ! -S "/run/$socket.sock" ] || echo "socket $socket"; done
}

containers_section() {
  frame containers.present containers_present
  inspected=
  have docker && [ -S /run/docker.sock ] || return 0
  docker_socket=unix:///run/docker.sock
  docker_as=root
  [ ! -w /run/docker.sock ] || docker_as=self
  frame containers.list ask_docker ps --no-trunc --format '{{json .Names}} {{json .Image}} {{json .Ports}}'
  [ "$state $code" = 'ok 0' ] || return 0
  [ -n "$out" ] || return 0
  if [ "$docker_as" = self ] || [ "$privilege" = root ] || [ "$sudo_all" = yes ]; then
    frame containers.inspect docker_inspect_all
  elif [ -n "$container" ]; then
    frame containers.inspect ask_docker inspect --format "$container_format" "$container"
  fi
  inspected=$out
}

# --- OpenClaw ---------------------------------------------------------------------------------------------------------------------

# Reads JSON5 and prints `path TAB type TAB value` for the settings named in `wanted`, the places of $include, and nothing else.
# A value that does not look like one of its setting is replaced by a word.
# shellcheck disable=SC2016 # a program of its own
openclaw_filter='
  function fail(why) { if (!failed) print "malformed\t" why; failed = 1 }
  function path(   i, text) { text = ""; for (i = 1; i <= depth; i++) text = text (i > 1 ? "." : "") key[i]; return text }
  function scalar(type, value) {
    if (depth == 0) return
    p = path()
    if (p in wanted) {
      if (wanted[p] != "" && value ~ /\$\{/) { type = "substituted"; value = "" }
      else if (length(value) > 200 || wanted[p] == "" || value !~ wanted[p]) { type = "unprintable"; value = "" }
      print p "\t" type "\t" value
    } else if (p ~ /(^|\.)(memory\.search|memorySearch)\.[^$]*$/) memory_search(value)
    else if (p ~ ai_path) print "ai\tprovider\t" (value ~ /\// ? provider(value) : "?")
    else if (p ~ ai_elsewhere) print "ai\tservice\t" (value ~ /\// ? provider(value) : "?")
    else if (p ~ /^tools\.media\.[a-z]+\.preferredModel$/) { if (sub(/^provider:/, "", value) || value ~ /^[^:]*\//) print "ai\tservice\t" provider(value) }
    else if (p ~ ai_service) print "ai\tservice\t" provider(value)
    else if (p ~ /(^|\.)\$include(\.|$)/) { sub(/\$include.*/, "", p); print p "$include\tinclude\t" }
    if (kind[depth] == "[") key[depth] = "#"
  }
  # Which AI a model belongs to stands before its slash; of models nothing else is told.
  function provider(model) { return model ~ /^[a-z0-9][a-z0-9._-]*(\/|$)/ && length(model) < 100 ? substr(model, 1, match(model "/", "/") - 1) : "?" }
  # What notes are sent to for a search by meaning, and whether that is on, for all agents or for one.
  function memory_search(value) {
    if (p ~ /[sS]earch\.(provider|fallback)$/) print "ai\tembedding\t" provider(value)
    if (p == "memory.search.provider") print "ai\tmemory\tset"
    if (p == "memory.search.enabled" && value == "false") print "ai\tmemory\toff"
    else if (p ~ /[sS]earch\.enabled$/ && value != "false") print "ai\tmemory\ton"
  }
  function ai_key(name,   i, above) {
    for (i = 1; i < depth; i++) above = above (i > 1 ? "." : "") key[i]
    if (above == "models.providers" || above ~ /^agents\.(defaults|entries\.[^.]*)\.models$/) print "ai\tprovider\t" provider(name)
    if (above ~ /(^|\.)(tts|talk|realtime)\.providers$/) print "ai\tservice\t" provider(name)
  }
  function word(text) { if (expect_key()) { pending = text; have_key = 1 } else { scalar(text ~ /^(true|false|null)$/ ? text : "number", text); done_value() } }
  function expect_key() { return depth > 0 && kind[depth] == "{" && !after_colon }
  function done_value() { after_colon = 0; have_key = 0 }
  function open_block(bracket) {
    if (depth > 0 && kind[depth] == "{" && !after_colon) { fail("value without a key"); return }
    if (depth > 0 && (path() in wanted)) print path() "\t" (bracket == "[" ? "list" : "object") "\t"
    depth++; kind[depth] = bracket; key[depth] = bracket == "[" ? "#" : ""; after_colon = 0; have_key = 0
    if (depth > 60) fail("too deep")
  }
  function close_block(bracket) {
    if (depth < 1 || kind[depth] != bracket) { fail("brackets do not pair"); return }
    depth--; done_value()
    if (depth == 0) finished = 1
  }
  BEGIN {
    # What a plain value has to look like; where nothing stands it is a block, and a value in its place is none of ours.
    n = split("gateway gateway.auth gateway.trustedProxies logging logging.audit audit diagnostics diagnostics.otel", names, " ")
    for (i = 1; i <= n; i++) wanted[names[i]] = ""
    wanted["gateway.mode"] = "^(local|remote)$"
    wanted["gateway.bind"] = "^(auto|lan|loopback|tailnet|custom)$"
    wanted["gateway.port"] = "^[0-9]+$"
    wanted["gateway.auth.mode"] = "^(none|token|password|trusted-proxy)$"
    wanted["gateway.trustedProxies.#"] = "^[0-9A-Fa-f.:/]+$"
    wanted["logging.file"] = "^(~|[.][.]?)?/[-A-Za-z0-9_./@+ ]*$"
    wanted["logging.maxFileBytes"] = "^[0-9]+$"
    wanted["logging.audit.enabled"] = wanted["audit.enabled"] = wanted["diagnostics.otel.enabled"] = "^(true|false)$"
    wanted["logging.level"] = "^(silent|fatal|error|warn|info|debug|trace)$"
    wanted["proxy.proxyUrl"] = "^http:[/][/][A-Za-z0-9.-]+(:[0-9]+)?[/]?$"
    ai_path = "^agents\\.(defaults|entries\\.[^.]*|list\\.#)\\.(.*\\.)?(([a-z]+M|m)odel|mediaModels\\.[a-z]+|modelPolicy\\.allow\\.#)(\\.(primary|fallbacks\\.#))?$"
    # Models and services that stand elsewhere; one that is named without its provider is one of ours only in the first.
    ai_elsewhere = "^(tools\\.exec\\.reviewer\\.model|hooks\\.(mappings\\.#|gmail)\\.model|(channels\\.(.*\\.)?)?tts\\.summaryModel|channels\\.discord\\.(accounts\\.[^.]*\\.)?voice\\.model|channels\\.modelByChannel\\.[^.]*\\.[^.]*)(\\.(primary|fallbacks\\.#))?$"
    ai_service = "(^|\\.)(tts|talk|realtime|streaming|transcription)\\.(personas\\.[^.]*\\.)?provider$|^tools\\.media\\.(.*\\.)?models\\.#\\.provider$"
    quote = ""; comment = 0; depth = 0; text = ""
  }
  failed { next }
  {
    line = $0; sub(/\r$/, "", line); size = length(line); i = 1
    while (i <= size) {
      c = substr(line, i, 1)
      if (comment) {
        rest = substr(line, i); at = index(rest, "*/")
        if (!at) break
        i += at + 1; comment = 0; continue
      }
      if (quote != "") {
        if (c == "\\") {
          if (i == size) { i++; continued = 1; continue }
          text = text "\\" substr(line, i + 1, 1); i += 2; continue
        }
        if (c == quote) {
          quote = ""
          if (expect_key()) { pending = text; have_key = 1 } else { scalar("string", text); done_value() }
        } else text = text c
        i++; continue
      }
      if (c == " " || c == "\t") { i++; continue }
      two = substr(line, i, 2)
      if (two == "//") break
      if (two == "/*") { comment = 1; i += 2; continue }
      if (c == "\"" || c == "\047") { quote = c; text = ""; i++; continue }
      if (c == "{" || c == "[") { open_block(c); i++; continue }
      if (c == "}") { close_block("{"); i++; continue }
      if (c == "]") { close_block("["); i++; continue }
      if (c == ",") { done_value(); i++; continue }
      if (c == ":") {
        if (!have_key) { fail("colon without a key"); next }
        ai_key(pending)
        if (pending !~ /^[A-Za-z0-9_$-]+$/) pending = "?"
        key[depth] = pending; after_colon = 1; i++; continue
      }
      start = i
      while (i <= size && index(" \t,:{}[]\"\047/", substr(line, i, 1)) == 0) i++
      if (i == start) { fail("unexpected character"); next }
      word(substr(line, start, i - start))
    }
    if (quote != "") { if (!continued) fail("string does not end"); continued = 0 }
  }
  END { if (depth != 0 || comment || !finished) fail("ends too early") }'

# config_file OWNER PATH: where it is, its mode and owner, and the named settings in it. The path may be anybody's choice: only a regular
# file of that user or of root is opened.
config_file() {
  case $seen_configs in *"|$2|"*) return ;; esac
  seen_configs="$seen_configs|$2|"
  file_facts "$2" > /dev/null || {
    # Not there, or in a folder we may not enter: only the second is worth a word.
    folder=${2%/*}
    { [ -x "$folder" ] && [ -r "$folder" ]; } || [ "$privilege" = root ] || printf 'hidden %s\n' "$2"
    return
  }
  owners="$1 0"
  [ "$1" != any ] || owners=any
  plain_file "$2" "$owners" || {
    printf 'hidden %s\n' "$2"
    return
  }
  printf 'config %s\nmode %s\n' "$2" "${facts%% regular*}"
  if [ -r "$2" ] || [ "$sudo_all" = yes ]; then
    read_file "$real" 2> /dev/null | awk "$openclaw_filter" 2> /dev/null || echo unreadable
  else
    echo unreadable
  fi
}

# Words after --bind, --port and --auth, and variables by name, out of whatever is given; nothing else passes.
# shellcheck disable=SC2016 # a program of its own
openclaw_flags='
  function show(name, value,   shape) {
    shape = "^[-A-Za-z0-9_.:/]+$"
    if (name ~ /--bind$/) shape = "^(auto|lan|loopback|tailnet|custom)$"
    if (name ~ /--auth$/) shape = "^(none|token|password|trusted-proxy)$"
    if (name ~ /(--port|_PORT)$/) shape = "^[0-9]+$"
    print name, value ~ shape ? value : "?"
  }
  { line = $0
    if (line ~ /^--(bind|port|auth)=/) { name = line; sub(/=.*/, "", name); sub(/^[^=]*=/, "", line); show("flag " name, line) }
    else if (flag != "") show("flag " flag, line)
    flag = $0 ~ /^--(bind|port|auth)$/ ? $0 : ""
    if ($0 ~ /^(OPENCLAW_CONFIG_PATH|OPENCLAW_STATE_DIR|OPENCLAW_GATEWAY_PORT|OPENCLAW_PROFILE|HOME)=/) {
      name = $0; sub(/=.*/, "", name); value = $0; sub(/^[^=]*=/, "", value); show("variable " name, value) } }'

# One process of OpenClaw: user, control group (which names its unit or container), flags and variables by name.
openclaw_process() {
  printf 'process %s %s %s %s\n' "$1" "$2" "$3" "$4"
  awk -F: '{ print "cgroup " $3 }' "/proc/$1/cgroup" 2> /dev/null | sort -u
  account=$(limited getent passwd "$2" 2> /dev/null)
  printf '%s\n' "$account" | awk -F: 'NF > 5 { print "account", $1, $6 }'
  # Anyone may give a process this name: what it says of itself counts only where its program may be OpenClaw's.
  if program=$(program_of "$1"); then
    case ${program##*/} in
      node | nodejs | node[0-9]* | bun | openclaw* | clawdbot* | moltbot*) ;;
      *)
        echo 'environment hidden'
        return
        ;;
    esac
  fi
  tr '\000' '\n' < "/proc/$1/cmdline" 2> /dev/null | awk "$openclaw_flags"'
      # A process that gave itself a title shows no arguments any more.
      END { if (NR > 2 && $0 != "") print "arguments seen" }'
  if [ -r "/proc/$1/environ" ]; then
    tr '\000' '\n' 2> /dev/null < "/proc/$1/environ" | awk "$openclaw_flags"
  elif [ "$sudo_all" = yes ]; then
    as_root cat "/proc/$1/environ" | tr '\000' '\n' | awk "$openclaw_flags"
  else
    echo 'environment hidden'
  fi
  home=$(printf '%s\n' "$account" | cut -d: -f6)
  openclaw_user_units "$(printf '%s\n' "$account" | cut -d: -f1)" "$home"
  for unit in "$home"/.config/systemd/user/openclaw*.service; do
    plain_file "$unit" "$2 0" || continue
    [ -r "$unit" ] || continue
    echo 'arguments seen'
    limited head -c "$frame_bytes" "$unit" | tr -d '"' | sed 's/^[A-Za-z]*=//' | tr ' ' '\n' | awk "$openclaw_flags"
  done
}

openclaw_unit() {
  limited systemctl show "$1" -p Id -p LoadState -p ActiveState -p UnitFileState -p User -p MainPID
  limited systemctl show "$1" -p ExecStart -p Environment | tr ' ' '\n' | sed 's/^Environment=//' | awk "$openclaw_flags"
}

# Processes by their names; those of node and bun by the word openclaw in their command line, which is looked for and not printed.
openclaw_processes() {
  printf '%s\n' "$processes" | awk '$5 ~ /^(openclaw|clawdbot|moltbot)/ || $5 ~ /^(node|bun|MainThread)$/' | while read -r pid _ user nested name; do
    case $name in
      # The main thread of Node.js 24 calls itself MainThread.
      node | bun | MainThread) grep -q -e '/openclaw/' "/proc/$pid/cmdline" 2> /dev/null || continue ;;
    esac
    openclaw_process "$pid" "$user" "$nested" "$name"
  done
}

# Whether a user's units are started without a login, and which of them at all.
openclaw_user_units() {
  case $1 in '' | *[!A-Za-z0-9._-]*) return ;; esac
  if [ -e "/var/lib/systemd/linger/$1" ]; then echo 'linger yes'; elif [ -d /var/lib/systemd ]; then echo 'linger no'; fi
  [ -x "$2/.config/systemd/user" ] || return
  echo 'wants seen'
  for wanted in "$2"/.config/systemd/user/*.wants/openclaw*.service; do
    wanted=${wanted##*/}
    case $wanted in *[!A-Za-z0-9@._-]*) ;; *) printf 'wanted %s\n' "$wanted" ;; esac
  done
}

openclaw_configs() {
  seen_configs=
  printf '%s\n' "$1" | awk '
    $1 == "process" { if (home) print user, home "/.openclaw/openclaw.json"; home = ""; user = $3; nested = $4 }
    nested { next }
    $1 == "account" && !home { home = $3 }
    $1 == "variable" && $2 == "HOME" { home = $3 }
    $1 == "variable" && $2 == "OPENCLAW_PROFILE" && home && $3 !~ /[\/?]/ { home = home "/.openclaw-" $3; print user, home "/openclaw.json" }
    $1 == "variable" && $2 == "OPENCLAW_CONFIG_PATH" { print user, $3 }
    $1 == "variable" && $2 == "OPENCLAW_STATE_DIR" { print user, $3 "/openclaw.json" }
    END { if (home) print user, home "/.openclaw/openclaw.json" }' | sort -u | head -n 8 | while read -r user path; do config_file "$user" "$path"; done
  printf '%s\n' "$2" | sed -n 's/.* \["\(\/[^"\\]*\)",.*null\] \[.*/\1/p' | head -n 4 | while read -r path; do config_file any "$path/openclaw.json"; done
  for home in /root /home/*; do
    if [ -d "$home/.openclaw" ] || [ ! -x "$home" ]; then config_file "$(stat -c '%u' "$home" 2> /dev/null)" "$home/.openclaw/openclaw.json"; fi
  done
}

# Units of the system whose names are OpenClaw's.
openclaw_units() {
  printf '%s\n' "${unit_files:-}" | awk '$1 ~ /^(openclaw|clawdbot|moltbot)[A-Za-z0-9_.-]*\.service$/ { print $1 }' | head -n 4
}

openclaw_section() {
  for unit in $(openclaw_units); do
    frame openclaw.unit openclaw_unit "$unit"
  done
  frame openclaw.processes openclaw_processes
  openclaw_units=$(printf '%s\n' "$out" | sed -n 's/^cgroup \/system\.slice\/\([-A-Za-z0-9_.@:]*\.service\)$/\1/p')
  openclaw_running=$out
  frame openclaw.configs openclaw_configs "$out" "${inspected:-}"
  openclaw_settings=$out
}

# --- nginx ------------------------------------------------------------------------------------------------------------------------

# Prints one directive a line, words separated by TAB, ending in ; { or }. Names that are not listed here are left out, for in a map
# they are values. Words are printed only of directives that need them here, as many as are needed, and of a URL only its server. Reads what nginx(8) reads, by its rules for quotes and comments.
# shellcheck disable=SC2016 # a program of its own
nginx_filter='
  function flush(end,   i, line) {
    if (count == 0) { if (end != ";") print end; return }
    name = word[1]
    if (name in shown) {
      line = name
      for (i = 2; i <= count && i <= 1 + shown[name]; i++) {
        w = word[i]
        if (name ~ /_pass$/) {
          sub(/^[A-Za-z]+:\/\//, "", w)
          if (w ~ /\$/) w = "$"
          else if (w ~ /^unix:/) w = "unix:"
          else { sub(/[\/?#].*/, "", w); sub(/.*@/, "", w) }
        }
        gsub(/[^!-~]/, "_", w)
        line = line "\t" substr(w, 1, 300)
      }
      print line "\t" end
    } else print "-\t" end
    count = 0
  }
  function add() { if (started) word[++count] = text; text = ""; started = 0 }
  BEGIN {
    n = split("http stream location if return set rewrite map geo split_clients proxy_set_header add_header auth_basic auth_request set_real_ip_from real_ip_header access_by_lua_block access_by_lua_file", names, " ")
    for (i = 1; i <= n; i++) shown[names[i]] = 0
    n = split("server listen allow deny satisfy include upstream error_log proxy_pass fastcgi_pass grpc_pass uwsgi_pass scgi_pass", names, " ")
    for (i = 1; i <= n; i++) shown[names[i]] = 1
    shown["server_name"] = 100
    shown["access_log"] = 9
    quote = ""; text = ""; started = 0; count = 0
  }
  {
    size = length($0); i = 1
    while (i <= size) {
      c = substr($0, i, 1)
      if (quote != "") {
        if (c == "\\") { text = text substr($0, i + 1, 1); i += 2; continue }
        if (c == quote) quote = ""; else text = text c
        i++; continue
      }
      if (c == "#" && !started) break
      if ((c == "\"" || c == "\047") && !started) { quote = c; started = 1; i++; continue }
      if (c == " " || c == "\t" || c == "\r") { add(); i++; continue }
      if (c == "$" && substr($0, i + 1, 1) == "{") { text = text "${"; started = 1; i += 2; continue }
      if (c == ";" || c == "{") { add(); flush(c); i++; continue }
      if (c == "}" && !(started && text ~ /\$\{[A-Za-z0-9_]*$/)) { add(); if (count) print "malformed"; count = 0; print "}"; i++; continue }
      if (c == "\\") { text = text c substr($0, i + 1, 1); started = 1; i += 2; continue }
      text = text c; started = 1; i++
    }
    if (quote == "") add()
  }
  END { if (quote != "" || count) print "malformed" }'

# -c, -p and -g out of the title of a master process, which is its command line.
# shellcheck disable=SC2016 # a program of its own
nginx_words='
  { sub(/^nginx: master process /, ""); n = split($0, word, " "); print "program " word[1]
    for (i = 2; i <= n; i++) {
      if (word[i] ~ /^-[cp]$/ && i < n) { print substr(word[i], 2) " " word[i + 1]; i++ }
      else if (word[i] ~ /^-[cp]./) print substr(word[i], 2, 1) " " substr(word[i], 3)
      else if (word[i] ~ /include/) print "more"
    } }'

# Master processes whose settings can be read, and `unread` for others: anyone may give a process this name.
nginx_masters() {
  installed=$(readlink -f "$(command -v nginx)") || installed=
  top_processes nginx | while read -r pid user; do
    program=$(program_of "$pid") || {
      program=$(tr '\000\n' '  ' 2> /dev/null < "/proc/$pid/cmdline" | awk "$nginx_words" | sed -n 's/^program //p')
      program=$(readlink -f "$program" 2> /dev/null) || program=
    }
    [ -d "/proc/$pid" ] || continue
    if [ "$user" = 0 ] && [ -n "$program" ] && [ "$program" = "$installed" ]; then echo "$pid"; else echo unread; fi
  done
}

nginx_section() {
  masters=$(nginx_masters)
  for master in $(printf '%s\n' "$masters" | grep '^[0-9]' | head -n 4); do
    frame nginx nginx_config "$master"
    nginx_settings=$nginx_settings$newline$out
  done
  unread=$(printf '%s\n' "$masters" | grep -c -e unread)
  [ "$unread" = 0 ] || frame nginx.unread echo "masters that could not be read: $unread"
  read_masters=$(printf '%s\n' "$masters" | grep -c '^[0-9]')
  [ "$read_masters" -lt 2 ] || frame nginx.more echo "masters: $read_masters"
  [ -n "$masters" ] || frame nginx.none echo 'no master'
}

# What nginx with this process id was told to read. Follows include by itself, and does not run `nginx -T`: that creates log and pid
# files that are missing.
nginx_config() {
  options=$(tr '\000\n' '  ' 2> /dev/null < "/proc/$1/cmdline" | awk "$nginx_words")
  built=$(limited nginx -V 2>&1 | tr ' ' '\n')
  prefix=$(printf '%s\n' "$options" | sed -n 's/^p //p' | tail -n 1)
  [ -n "$prefix" ] || prefix=$(printf '%s\n' "$built" | sed -n 's/^--prefix=//p')
  main=$(printf '%s\n' "$options" | sed -n 's/^c //p' | tail -n 1)
  [ -n "$main" ] || main=$(printf '%s\n' "$built" | sed -n 's/^--conf-path=//p')
  [ -n "$main" ] || main=/etc/nginx/nginx.conf
  case $main in /*) ;; *) main=$prefix/$main ;; esac
  printf 'logpath\t%s\nprefix\t%s\n' "$(printf '%s\n' "$built" | sed -n 's/^--http-log-path=//p')" "$prefix"
  printf 'main\t%s\n' "$main"
  case $newline$options$newline in *"${newline}more$newline"*) echo 'settings on the command line' ;; esac
  queue=$main
  seen=
  files=0
  owners=0
  IFS=$newline
  while [ -n "$queue" ]; do
    file=${queue%%"$newline"*}
    case $queue in *"$newline"*) queue=${queue#*"$newline"} ;; *) queue= ;; esac
    case $seen in *"|$file|"*) continue ;; esac
    seen="$seen|$file|"
    files=$((files + 1))
    if [ "$files" -gt 100 ]; then
      echo 'too many files'
      break
    fi
    printf 'file\t%s\n' "$file"
    IFS=' '
    if ! plain_file "$file" "$owners" || { [ ! -r "$file" ] && [ "$sudo_all" != yes ]; }; then
      IFS=$newline
      echo unreadable
      continue
    fi
    owners=any
    tokens=$(read_file "$real" 2> /dev/null | awk "$nginx_filter" 2> /dev/null)
    IFS=$newline
    printf '%s\n' "$tokens"
    set -f # the pattern itself is wanted first
    for pattern in $(printf '%s\n' "$tokens" | sed -n 's/^include	\([^	]*\)	;$/\1/p'); do
      case $pattern in /*) ;; *) pattern=${main%/*}/$pattern ;; esac
      set +f
      found=no
      for file in $pattern; do
        [ ! -e "$file" ] || { queue="$queue${queue:+$newline}$file"; printf 'includes\t%s\t%s\n' "$pattern" "$file"; found=yes; }
      done
      [ "$found" = yes ] || printf 'includes\t%s\t\n' "$pattern"
    done
    set +f
  done
}

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

# --- Alerts -----------------------------------------------------------------------------------------------------------------------

# Where mail and requests go, told by a word: an address, a password or a webhook never leaves the host.
# shellcheck disable=SC2016 # a program of its own
alert_functions='
  function bare(w) { gsub(/["\047\\\074\076]/, "", w); return w }
  # Where a name or an address leads: nowhere for a placeholder, this host and its containers by what stands in `own`, where a dot at the
  # end is for all that begins so; near for a name that only its own network knows.
  function place(host,   n, i, part) {
    if (host ~ /(^|[.])(invalid|example|example[0-9]?\.(com|net|org|edu|jp|(co|ne|or|ac|go|gr)\.jp|test))$/) return "invalid"
    if (host ~ /(^|[.-])(your|your-?(company|org|organi[sz]ation|server|host|hostname|mail|mailserver|relay|site|corp)|(your|my)-?domain|xxx+|changeme|change-me|placeholder)([.-]|$)/) return "invalid"
    if (host ~ /(^|[.])(localhost|localdomain)$|^127\.|^\[?::1\]?$|^0\.0\.0\.0$/) return "local"
    n = split(tolower(own), part, " ")
    for (i = 1; i <= n; i++) if (host == part[i] || (part[i] ~ /\.$/ && index(host, part[i]) == 1)) return "local"
    return host ~ /[.](local|internal|lan|home|localnet)$/ || host !~ /[.:]/ ? "near" : "remote"
  }
  # An address or a user of the host.
  function reach(to,   at) {
    to = tolower(bare(to))
    if (to == "") return "empty"
    if (to ~ /^[a-z0-9_.+-]+$/) return "local"
    if (to !~ /^[^@]+@[^@]+$/) return "other"
    if (to ~ /^(your|xxx+|changeme|change-me|placeholder)([._-][^@]*)?@/) return "invalid"
    sub(/\.$/, "", to); at = place(substr(to, index(to, "@") + 1))
    return at ~ /invalid|local/ ? at : at == "remote" && to ~ /\.[a-z0-9-]+$/ ? "remote" : "other"
  }
  # What takes notice of a request: somebody is told, or the absence of the next one is told. Where it stays on this host: local for these
  # two, for nobody knows what takes it there, and other for the rest, such as a question whether a program answers.
  function target(url,   host, path, kind, at) {
    url = tolower(bare(url))
    if (url == "") return "empty"
    if (url !~ /^https?:\/\//) return "other"
    host = url; sub(/^https?:\/\//, "", host); path = host; sub(/[\/?#].*/, "", host); path = substr(path, length(host) + 1)
    sub(/^.*@/, "", host); sub(/:[0-9]*$/, "", host); sub(/\.$/, "", host); at = place(host)
    if (at == "invalid" || path ~ /\/your|(^|[\/_.=-])(your|xxx+|changeme|change[_-]me|todo|placeholder|dummy)([\/_.&-]|$)/) return "invalid"
    if (host == "hooks.slack.com" && path !~ /[$`]|tag/ && (path !~ /^\/(services\/t[a-z0-9]*\/b[a-z0-9]*|workflows\/[^\/]+|triggers\/[^\/]+)\/[a-z0-9]/ || path ~ /\/(x+|y+|z+|0+|token|webhook)\/*$|\/t[0x][0x]+\/b[0x][0x]+\//)) return "invalid"
    kind = "url"
    if (url ~ /hooks\.slack\.com|slack\.com\/api\/chat|discord(app)?\.com\/api\/webhooks|api\.telegram\.org|chat\.googleapis\.com|webhook\.office\.com|logic\.azure\.com|api\.line\.me|notify-api\.line\.me|api\.chatwork\.com|ntfy|pushover|pushbullet|pagerduty|opsgenie|\/hooks?\/|\/webhooks?\//) kind = "notice"
    if (url ~ /hc-ping|healthchecks|heartbeat|cronitor|nosnch\.in|deadmanssnitch|\/api\/push\//) kind = "beat"
    return at != "local" && host !~ /\.local$/ ? kind : kind == "url" ? "other" : "local"
  }
  # A command with what stands in quotes as one word; a text of several words is none of interest.
  function unquoted(t,   out, q, rest, at, inside) {
    out = ""; gsub(/\\"/, "", t)
    while (match(t, /\$[{][A-Za-z_][A-Za-z0-9_]*[}]/)) t = substr(t, 1, RSTART) substr(t, RSTART + 2, RLENGTH - 3) substr(t, RSTART + RLENGTH)
    while (match(t, /["\047]/)) {
      q = substr(t, RSTART, 1); out = out substr(t, 1, RSTART - 1); rest = substr(t, RSTART + 1); at = index(rest, q)
      if (!at) return out rest
      inside = substr(rest, 1, at - 1); out = out (inside ~ /[ \t;|&(){}\n`]/ ? "?" : inside == "" ? "\"\"" : inside); t = substr(rest, at + 1)
    }
    return out t
  }
  # swaks(1) brings the mail itself to a server that it is told, past what else sends mail on the host.
  function direct(text,   to) {
    if (!match(text, /[ \t]--?t(o)?[ \t=]+[^ \t]+/)) return "other"
    to = substr(text, RSTART, RLENGTH); sub(/^[ \t]*--?t(o)?[ \t=]+/, "", to); to = to ~ /[$]/ ? "other" : reach(to)
    return to ~ /invalid|empty/ ? to : "other"
  }
  # Means by which a command tells somebody. A program counts where a command begins; its last word is the address.
  function means(text,   i, n, k, part, word, list, url, name) {
    list = ""
    n = split(unquoted(text), part, /[|;&(){}\n`]+|(^|[ \t])(then|do|else|if|exec|command|sudo)[ \t]/)
    for (i = 1; i <= n; i++) {
      sub(/^[ \t!]+/, "", part[i]); sub(/[ \t]+[0-9]?[\074\076].*$/, "", part[i]); sub(/[ \t]+$/, "", part[i])
      if (part[i] ~ /^([\/A-Za-z0-9_.-]*\/)?(sendmail|msmtp|ssmtp|mailx?|s-nail|mutt|swaks)[ \t]/) {
        k = split(part[i], word, /[ \t]+/)
        if (word[1] ~ /swaks$/) list = list " mail:" direct(part[i])
        else if (part[i] ~ /[ \t]-[a-z]*t[a-z]*([ \t]|$)/) list = list " mail:other"
        else if (bare(word[k]) ~ /^\$/) { name = bare(word[k]); gsub(/[${}]/, "", name); list = list " mail:$" (name ~ /^[A-Za-z_][A-Za-z0-9_]*$/ && length(name) <= 40 ? name : "?") }
        else list = list " mail:" reach(word[k])
      }
    }
    if (text ~ /(^|[^A-Za-z0-9_-])(curl|wget|http|https|xh)[ \t]/) {
      k = split(text, word, /[ \t,;|&()]+/)
      for (i = 1; i <= k; i++) {
        name = bare(word[i])
        if (match(name, /https?:\/\/.*/)) { url = target(substr(name, RSTART)); if (url ~ /notice|beat|invalid|local/) list = list " post:" url }
        else if (name ~ /^\$\{?[A-Za-z_]*(HOOK|hook|SLACK|slack|NOTI|noti|ALERT|alert|TEAMS|DISCORD|CHAT|PING|BEAT|beat|URL|url)[A-Za-z0-9_]*\}?$/) { gsub(/[${}]/, "", name); list = list " post:$" (length(name) <= 40 ? name : "?") }
      }
    }
    if (text ~ /(^|[ \t])aws[ \t]+sns[ \t]+publish/) list = list " post:notice"
    return list
  }'

# Of fail2ban's settings as fail2ban itself puts them together: its jails, what they read, and by which means their actions tell somebody.
# shellcheck disable=SC2016 # a program of its own
fail2ban_filter='
  function plain(w) { return w ~ /^[-A-Za-z0-9_.\/]+$/ ? w : "?" }
  /^\[.(add|set|multi-set|start)., / {
    n = split($0, w, /\047, \047/); sub(/^\[\047/, "", w[1]); sub(/\047.*/, "", w[n]); jail = plain(w[2])
    if (w[1] == "add") print "jail " jail
    else if (w[1] == "start") print "start " jail
    else if (w[3] == "addlogpath") print "reads " jail " " plain(w[4])
    else if (w[3] == "addjournalmatch") { line = $0; if (line ~ /(_COMM|_SYSTEMD_UNIT|SYSLOG_IDENTIFIER)=sshd?/) print "journal " jail " ssh"; if (line ~ /=nginx/) print "journal " jail " nginx"; if (line ~ /=openclaw/) print "journal " jail " openclaw" }
    else if (w[3] ~ /^(prefregex|addfailregex)/) {
      if (/sshd/) print "matches " jail " ssh"
      if (/40[13]|4\\\\d|forbidden|password mismatch|[Uu]nauthori[sz]ed/) print "matches " jail " refusals"
    } else if (w[3] ~ /^action/) {
      name = w[4]; sub(/\047.*/, "", name)
      text = $0; if (!sub(/.*\[\047actionban\047, ./, "", text)) text = ""
      sub(/\], \[\047.*/, "", text); gsub(/\\n/, "\n", text); gsub(/\074[-A-Za-z_\/?]+\076/, "TAG", text)
      sub(/.$/, "", text)
      print "action " jail " " plain(name) (name ~ /^(abuseipdb|badips|blocklist_de|cloudflare|complain|dshield|mynetwatchman|xarf)/ ? "" : length(text) <= 4096 ? means(text) : " other")
      while (length(text) <= 4096 && match(text, /(^|[ \t|;&"])\/(usr\/local|opt|srv|root|home|etc)\/[-A-Za-z0-9_.\/]+/)) { path = substr(text, RSTART, RLENGTH); sub(/^[^\/]*/, "", path); print "runs " jail " " plain(name) " " path; text = substr(text, RSTART + RLENGTH) }
    } else if (w[3] == "addaction" && 4 < n) {
      dest = $0; if (!sub(/.*"dest": "/, "", dest)) dest = "?"; sub(/".*/, "", dest)
      print "action " jail " " plain(w[4]) ($0 ~ /smtp\.py/ ? " mail:" reach(dest) : " other")
    } else if (w[3] == "addaction") print "action " jail " " plain(w[4])
    next
  }
  /ERROR|Unable to read|[Pp]ermission denied/ { print "faulty" }'

# last_change FOLDER: when something in it changed last. A file that was put there with an older date shows it by the time of its entry, one
# that was taken away by its folder; Python writes into that of the actions.
last_change() {
  limited find "$1" '(' -type f ! -path '*/__pycache__/*' -printf '%T@\n%C@\n' ')' -o '(' -type d ! -name action.d ! -name __pycache__ -printf '%T@\n' ')' 2> /dev/null | sort -rn | head -n 1
}

# Settings, with the time of their last change and since when the daemon runs with what it read.
fail2ban_settings() {
  look fail2ban-client -d 2>&1 | { alert_awk "$fail2ban_filter" || echo faulty; } | sort -u | head -n 500 | while read -r word jail name path; do
    case $word in
      runs)
        alert_script "$path" | sed -n "s/^sends /action $jail $name /p; s/^unread.*/action $jail $name other/p" | sed 's/mail:\$[A-Za-z0-9_?]*/mail:other/g; s/post:\$[A-Za-z0-9_]*/post:other/g'
        ;;
      *) printf '%s %s %s %s\n' "$word" "$jail" "$name" "$path" ;;
    esac
  done
  printf 'changed %s\n' "$(last_change /etc/fail2ban)"
  ! have systemctl || limited systemctl show --timestamp=unix fail2ban.service -p StateChangeTimestamp 2> /dev/null
}

# The actions of jails as they run. A rule of sudo names one jail.
fail2ban_actions() {
  for jail in $1; do
    [ "$jail" = sshd ] || [ "$privilege" = root ] || [ "$sudo_all" = yes ] || continue
    printf 'jail %s\n' "$jail"
    as_root fail2ban-client get "$jail" actions 2>&1 | head -n 20
  done
}

# Names and addresses under which mail and requests stay on this host or go to its containers.
alert_own() {
  {
    uname -n
    awk -v name="$(uname -n)" '{ sub(/#.*/, "") } { own = $1 ~ /^(127\.|::1$)/; for (i = 2; i <= NF; i++) if ($i == name) own = 1; if (own) for (i = 2; i <= NF; i++) print $i }' /etc/hosts
    ! have postconf || limited postconf -xh mydestination
    [ ! -r /etc/exim4/update-exim4.conf.conf ] || sed -n "s/^dc_other_hostnames='\([^']*\)'.*/\1/p" /etc/exim4/update-exim4.conf.conf | tr ':;' ' '
    ! have ip || limited ip -o addr show | awk '{ sub(/\/.*/, "", $4); print ($4 ~ /:/ ? "[" $4 "]" : $4); if ($2 ~ /^(docker|br-|cni|podman|virbr|veth)/ && sub(/[0-9]+\.[0-9]+$/, "", $4)) print $4 }'
  } 2> /dev/null | tr -s ' \t,' '\n' | grep -e '^[][A-Za-z0-9.:-]*$' | sort -u | head -n 200 | tr '\n' ' '
}

# Servers that msmtp is told to bring mail to, where they are more than placeholders; near for one on the host or beside it.
# shellcheck disable=SC2016 # a program of its own
msmtp_filter='
  $1 == "host" && 1 < NF { at = place(tolower(bare($2))); if (at == "remote") n++; else if (at != "invalid") near = 1 }
  $1 == "aliases" && $2 == "/etc/aliases" { aliases = 1 }
  END { print "msmtp " (n || !near ? n + 0 : "near"); if (aliases) print "msmtp aliases" }'

# rsyslog_forwards PATH...: whether its settings hand entries to another machine.
rsyslog_forwards() {
  limited grep -r -s -q -E -e '^[^#]*[[:space:]]@@?[[(A-Za-z0-9]' -e '^[^#]*(omfwd|omrelp)' "$@"
}

# Programs that send mail, whether what they hand it to sends it to other machines, and whether mail to root leaves the host.
alert_mail() {
  # All that is read of scripts passes through awk: without it nothing is found, which is no answer.
  echo 'awk works' | awk '{ print }' 2> /dev/null
  for program in sendmail msmtp mail mailx s-nail mutt logwatch logcheck; do ! have "$program" || printf 'program %s\n' "$program"; done
  if have sendmail; then printf 'sendmail %s\n' "$(readlink -f "$(command -v sendmail)" 2> /dev/null | sed 's/.*\///')"; fi
  for file in /etc/msmtprc /root/.msmtprc; do
    if plain_file "$file" any; then
      if settings=$(read_file "$real" 2> /dev/null); then
        printf '%s\n' "$settings" | alert_awk "$msmtp_filter"
      else
        printf 'msmtp unread\n'
      fi
    fi
  done
  [ ! -r /etc/exim4/update-exim4.conf.conf ] || sed -n "s/^dc_eximconfig_configtype='\([a-z]*\)'.*/exim \1/p" /etc/exim4/update-exim4.conf.conf
  ! has_process rsyslogd || ! rsyslog_forwards /etc/rsyslog.conf /etc/rsyslog.d || echo forwards
  ! have postconf || printf 'postfix %s\n' "$(limited postconf -h default_transport 2> /dev/null | cut -c 1-20)"
  [ ! -r /etc/aliases ] || limited head -c 65536 /etc/aliases | alert_awk '/^(root|default|postmaster)[ \t]*:/ { name = $0; sub(/[ \t]*:.*/, "", name); sub(/^[^:]*:[ \t]*/, ""); sub(/[ \t,].*/, ""); print "alias", name, reach($0) }'
}

# Of a command or script: by what it tells somebody, which of its variables hold an address, and which logs it looks through for errors.
# shellcheck disable=SC2016 # a program of its own
alert_words='
  # Which of the logs a text names: by a path, or by a variable that holds one.
  function logs_in(text,   openclaw, attempts, name) {
    openclaw = text ~ /\/openclaw[-A-Za-z0-9_.*\/]*\.log|\/var\/log\/openclaw|journalctl.*openclaw|docker[ \t](compose[ \t])?logs/
    attempts = text ~ /\/var\/log\/(auth\.log|secure|fail2ban\.log)|journalctl.*[ =]sshd?|lastb/
    for (name in holds) if (text ~ ("[$][{]?" name "([^A-Za-z0-9_]|$)")) { if (holds[name] ~ /openclaw/) openclaw = 1; if (holds[name] ~ /attempts/) attempts = 1 }
    return (openclaw ? "openclaw " : "") (attempts ? "attempts" : "")
  }
  function hold(name, logs) { if (logs != "" && length(name) <= 40 && (name in holds || held++ < 30)) holds[name] = logs }
  text == "" && !long && /^[ \t]*#/ { next }
  { sub(/\r$/, ""); more = sub(/\\$/, " ") }
  # To take a line apart takes time by the square of its length. A longer one is not: it may send.
  4096 < length(text) + length($0) { if (text ~ telling) unread = 1; long = 1; text = "" }
  long && $0 ~ telling { unread = 1 }
  !long { text = text $0 }
  more { next }
  long { long = 0; next }
  {
    $0 = text; text = ""
    if (/^[ \t]*#/) next
    sub(/[ \t]#.*/, "")
    logs = logs_in($0)
    looks = $0 ~ /(^|[^A-Za-z])(grep|awk|jq|rg|sed|journalctl)[ \t].*(err|ERR|FATAL|fatal|crit|CRIT|[Ll]evel|-p[ \t]?[0-9]|[Ff]ailed|[Ii]nvalid)/
    if (looks) seeks = 1
    n = split(logs, log_of, " "); for (i = 1; i <= n; i++) { named[log_of[i]] = 1; if (looks) sifted[log_of[i]] = 1 }
    found = means($0)
    if (found != "" && lines++ < 40) print "sends" found
    if (match($0, /^[ \t]*(export[ \t]+|readonly[ \t]+|local[ \t]+)?[A-Za-z_][A-Za-z0-9_]*=/)) {
      name = substr($0, 1, RLENGTH - 1); sub(/.*[ \t]/, "", name); value = substr($0, RLENGTH + 1); sub(/[ \t;].*/, "", value); value = bare(value)
      if (length(name) <= 40 && value !~ /[$`]/ && values++ < 60) { kind = value ~ /^https?:/ ? target(value) : reach(value); print "variable " name " " kind }
      hold(name, logs)
    }
    if (match($0, /(^|[ \t;])for[ \t]+[A-Za-z_][A-Za-z0-9_]*[ \t]+in[ \t]/)) { split(substr($0, RSTART, RLENGTH), word_of, /[ \t;]*for[ \t]+|[ \t]+/); hold(word_of[2], logs) }
  }
  # A log that one line names while another looks for errors somewhere may or may not be what that one looks through.
  END {
    for (each in sifted) { print "reads " each; sure = 1 }
    if (sure) print "sifts"; else if (seeks) print "seeks"
    for (each in named) if (!(each in sifted)) print "names " each
    if (unread) print "unread a line"
    print "done"
  }'

# alert_awk PROGRAM: under a time limit, for whoever wrote a script also wrote how long it takes to read.
alert_awk() {
  limited awk -v own="$own_names" -v telling='mail|smtp|swaks|mutt|s-nail|curl|wget|https?[ \t:]|xh[ \t]|aws[ \t]|/var/log|openclaw|journalctl' "$alert_functions$1"
}

# Whether there is time left for scripts: they are named by everybody who may write a table of cron.
alert_time() {
  read_now
  [ "$now" -le "$alerts_until" ]
}

# What only looks like the assignment of a variable may be part of a secret, such as a line of base64 that ends with =. So of each job only
# those variables are told that it sends to; they may stand in a file of their own, before or after the command.
# shellcheck disable=SC2016 # a program of its own
alert_sent_to='
  /^(unit|cron) / { job = $0 }
  /^sends / { for (i = 2; i <= NF; i++) if ($i ~ /^(mail|post):[$]/) sent[job, substr($i, 7)] = 1 }
  { line[NR] = $0; of[NR] = job }
  END { for (i = 1; i <= NR; i++) { split(line[i], word, " "); if (word[1] != "variable" || (of[i], word[2]) in sent) print line[i] } }'

# alert_jobs COMMAND...: jobs, with none of their variables but those that they send to.
alert_jobs() {
  "$@" | limited awk "$alert_sent_to"
}

alert_script() {
  plain_file "$1" any || return 1
  if ! alert_time; then
    found=
    printf 'unread %s\n' "$1"
    return 0
  fi
  found=$(read_file "$real" 2> /dev/null | tr -d '\000' | head -c 65536)
  case $found in
    '#!'*) ;;
    *)
      [ -r "$real" ] || [ "$sudo_all" = yes ] || printf 'unread %s\n' "$1"
      return 1
      ;;
  esac
  printf '%s\n' "$found" | alert_awk "$alert_words" || printf 'unread %s\n' "$1"
  printf '%s\n' "$found" | sed -n 's/^[[:space:]]*source[[:space:]]/. /; s/^[[:space:]]*\.[[:space:]]\{1,\}"\{0,1\}\(\/[-A-Za-z0-9_.\/]*\).*/\1/p' | head -n 4 |
    while read -r path; do alert_settings "$path"; done
}

# A file of variables.
alert_settings() {
  if plain_file "$1" any && settings=$(read_file "$real" 2> /dev/null); then
    printf '%s\n' "$settings" | { alert_awk "$alert_words" || printf 'unread %s\n' "$1"; } | grep -e '^variable ' -e '^unread ' || :
  else
    printf 'unread %s\n' "$1"
  fi
}

# alert_job TEXT: what a command says, each script that it names, and those that these name.
alert_job() {
  if ! alert_time; then
    echo 'unread for lack of time'
    return 0
  fi
  printf '%s\n' "$1" | alert_awk "$alert_words" || echo 'unread a command'
  scripts_in "$1" 8 | while read -r script; do
    alert_script "$script" || { ! unseen "$script" || printf 'unread %s\n' "$script"; continue; }
    scripts_in "$found" 12 | grep -e '^/usr/local/' -e '^/opt/' -e '^/srv/' -e '^/root/' -e '^/home/' | grep -v -x -e "$script" | while read -r inner; do alert_script "$inner" || :; done
  done
}

# Commands of units, as unit_jobs has them, with the files their variables stand in.
alert_units() {
  [ "$#" -gt 0 ] || return 0
  limited systemctl show "$@" -p Id -p ExecStart -p EnvironmentFiles | awk '
    function tell(   i) { for (i = 1; i <= n; i++) print id "\t" line[i]; n = 0; id = "" }
    $0 == "" { tell(); next }
    sub(/^Id=/, "") { id = $0; next }
    sub(/^ExecStart=.*argv\[\]=/, "") { sub(/ ; ignore_errors=.*/, ""); line[++n] = $0 }
    sub(/^EnvironmentFiles=/, "") { sub(/ \(ignore_errors.*/, ""); line[++n] = "@" $0 }
    END { tell() }' | while IFS="$tab" read -r unit line; do
    case $line in
      @*) words=$(alert_settings "${line#@}") ;;
      *) words=$(alert_job "$line") ;;
    esac
    printf 'unit %s\n%s\n' "$unit" "$words"
  done
}

# Requests of monitors in the access logs of the last day: which one asked, how often in each hour, and when last. No address, path or other
# word. What asks from this host itself, or from a container on it, falls silent together with it.
monitors='UptimeRobot|Uptime-Kuma|Better ?Uptime|Better Stack|Pingdom|StatusCake|Site24x7|HetrixTools|NodePing|Freshping|DatadogSynthetics|Route53-Health-Check|GoogleStackdriverMonitoring|CloudWatchSynthetics|Blackbox[ -]Exporter|check_http|Zabbix|mackerel|updown[.]io|Checkly|Pulsetic|Gatus|Uptime[.]com|OhDear|Oh Dear|Cronitor'
request_pattern='^[0-9A-Fa-f.:]+ - [^ ]+ [[][0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [-+][0-9]{4}[]] "[^"]*" [0-9]{3} [0-9-]+ "[^"]*" "[^"]*('$monitors')'
alert_requests() {
  own=$(limited ip -o addr show 2> /dev/null | awk '{ sub(/\/.*/, "", $4); if ($2 ~ /^(docker|br-|cni|podman|virbr|veth)/) sub(/[0-9]+\.[0-9]+$/, "", $4); print $4 }' | tr '\n' ' ')
  {
    [ ! -d /var/log/nginx ] || as_allowed find /var/log/nginx -maxdepth 1 -type f ! -name '*error*' -mtime -2 '(' -size +524288k -printf 'big %p\n' -o -printf 'log %p\n' -exec zgrep -h -a -o -E "$request_pattern" '{}' + ')' 2>&1
    nginx_logs | grep -v '^/var/log/nginx/' | head -n 4 | while read -r path; do
      look find "$path" -maxdepth 0 -mtime -2 '(' -size +524288k -printf 'big %p\n' -o -printf 'log %p\n' -exec zgrep -h -a -o -E "$request_pattern" '{}' + ')' 2>&1
    done
  } | awk -v monitors="($monitors)\$" -v own="127. ::1 $own" '
    function is_own(address,   n, i, part) {
      n = split(own, part, " ")
      for (i = 1; i <= n; i++) if (address == part[i] || (part[i] ~ /\.$/ && index(address, part[i]) == 1)) return 1
      return 0
    }
    /^(log|big) \// { print $1, $2; next }
    /^[0-9A-Fa-f.:]+ - / && match($0, monitors) {
      name = substr($0, RSTART); gsub(/ /, "-", name)
      if (is_own($1) || !sub(/^[^ ]+ - [^ ]+ \[/, "")) next
      time = substr($0, 1, 26)
      if (!sub(/^[^]]*\] "[^"]*" /, "")) next
      key = name " " (substr($0, 1, 3) ~ /^([23]..|401)$/ ? "answered" : "refused") " " substr(time, 1, 14)
      if (!(key in count) && 400 < ++keys) next
      count[key]++; if (last[key] < time) last[key] = time; next
    }
    /[Pp]ermission denied|not allowed|password/ { hidden = 1 }
    END { for (key in count) { split(key, word, " "); print "seen", word[1], word[2], count[key], last[key] }; if (hidden) print "hidden" }'
}

alerts_section() {
  tab=$(printf '\t')
  own_names=$(alert_own)
  read_now
  alerts_until=$((now + 20000))
  if have fail2ban-client; then
    frame alerts.fail2ban as_root fail2ban-client status
    frame alerts.fail2ban.actions fail2ban_actions "$(printf '%s\n' "$out" | sed -n 's/.*Jail list:[[:space:]]*//p' | tr -d ',' | tr -cd 'A-Za-z0-9_. -' | cut -c 1-600)"
    frame alerts.fail2ban.settings fail2ban_settings
  fi
  frame alerts.mail alert_mail
  if have systemctl && [ -d /run/systemd/system ]; then
    unit_facts='-p Id -p LoadState -p ActiveState -p OnFailure -p Restart -p RestartMode -p RestartUSec -p StartLimitIntervalUSec -p StartLimitBurst'
    # shellcheck disable=SC2046 # names of units are words
    frame alerts.units show_units $({ printf '%s\n' "${openclaw_units:-}"; printf '%s\n' "${unit_files:-}" | awk '$1 ~ /^(openclaw|clawdbot|moltbot)[A-Za-z0-9_.-]*\.service$/ { print $1 }'; } | sort -u | head -n 10)
    handlers=$(printf '%s\n' "$out" | sed -n 's/^OnFailure=//p' | tr ' ' '\n' | grep -e '^[-A-Za-z0-9_.@:]*$' | sort -u | head -n 20)
    unit_facts='-p Id -p LoadState -p Result'
    # shellcheck disable=SC2086 # names of units are words
    frame alerts.handlers show_units $handlers
    # shellcheck disable=SC2086
    frame alerts.work alert_jobs alert_units $handlers ${services:-}
  fi
  words_of=alert_job
  script_of=alert_script
  read_now
  alerts_until=$((now + 20000))
  frame alerts.cron alert_jobs cron_jobs
  frame alerts.requests alert_requests
}

# --- Outbound ---------------------------------------------------------------------------------------------------------------------

# What the policy asks to be tried, all at once: a connection each, and to 443 a TLS handshake, after which nothing is sent; of a resolver
# one question. A program of its own, for it is also run in the network namespace of OpenClaw's container. Its words: `direct,NAME,PORT,ADDRESS`,
# `proxy,NAME,PORT,URL` and `udp,SERVER,NAME` or `tcp,SERVER,NAME`.
# shellcheck disable=SC2016 # a program of its own
outbound_probe='
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/snap/bin
  LC_ALL=C
  export PATH LC_ALL
  unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
  have() { command -v "$1" > /dev/null 2>&1; }
  tell() { printf "%s %s %s\n" "$1" "$2" "$(printf %s "$3" | tr -c "[:print:]" " " | cut -c 1-300)"; }

  # Name and address of the server, a TLS handshake that is verified, and the end. What stands before a proxy speaks HTTP with it.
  by_openssl() {
    name=$2 port=$3 to=$4 last=$4
    case $1,$to in direct,*:*) to="[$to]:$port" ;; direct,*) to="$to:$port" ;; esac
    if [ "$1" = proxy ]; then set -- "$1" -proxy "${to#*://}" -connect "$name:$port"; else set -- "$1" -connect "$to"; fi
    case $name in
      *:*) set -- "$@" -verify_ip "$name" -noservername ;;
      *[!0-9.]*) set -- "$@" -verify_hostname "$name" -servername "$name" ;;
      *) set -- "$@" -verify_ip "$name" -noservername ;;
    esac
    way=$1
    shift
    # CONNECTED waits in a buffer that is lost where the handshake hangs until the time is over; what -state tells, once the connection stands, does not.
    said=$(timeout -k 1 6 openssl s_client -state -verify_return_error "$@" < /dev/null 2>&1)
    code=$?
    said=$(printf "%s\n" "$said" | sed -n -e "s/|/_/g" -e "s/^[a-z]*:errno=\([0-9]*\).*/errno \1/p" -e "s/^CONNECTED.*/connected/p" -e "s/^SSL_connect:.*/connected/p" -e "s/^issuer=/issuer /p" -e "s/^verify error:num=\([0-9]*\):\(.*\)/verify \1 \2/p" -e "s/^ *Verif[a-z ]*return code: 0 .*/verified/p" \
      -e "s/^s_client: HTTP CONNECT failed[^0-9]*\(HTTP\/[0-9.]* \)\{0,1\}\([1-5][0-9][0-9]\).*/refused by the proxy \2/p" -e "s/^s_client: HTTP CONNECT failed.*/refused by the proxy/p" | sort -u | tr "\n" "|")
    tell "try openssl $way $name $port $last" "$code" "$said"
  }

  by_bash() {
    said=$(timeout -k 1 6 bash -c "exec 3<> /dev/tcp/$4/$3" < /dev/null 2>&1)
    code=$?
    tell "try bash direct $2 $3 $4" "$code" "$(printf "%s\n" "$said" | sed -n "s/.*: //p" | sort -u | tr "\n" "|")"
  }

  attempt() {
    if ! have timeout; then echo "try none $1 $2 $3 $4 - no timeout"
    elif [ "$3" = 443 ] && have openssl; then by_openssl "$@"
    elif [ "$1" = direct ] && have bash; then by_bash "$@"
    else echo "try none $1 $2 $3 $4 - no tool"; fi
  }

  # Sent by a printf that is a program: that of the shell ends a datagram at each byte of ten.
  # A question about the address of a name, or about the servers of the root where the name is a dot.
  question() {
    head="\\136\\025\\001\\000\\000\\001\\000\\000\\000\\000\\000\\000"
    [ "$1" != . ] || { printf %s "$head\\000\\000\\002\\000\\001"; return; }
    printf %s "$head"
    printf "%s\n" "$1" | tr . "\n" | while read -r label; do printf "\\\\%03o%s" "${#label}" "$label"; done
    printf %s "\\000\\000\\001\\000\\001"
  }

  ask() {
    { have bash && have timeout && have od; } || { echo "dns $1 $2 $3 - no tool"; return; }
    text=$(question "$3")
    size="" tries="1 2 3" seconds=2
    # A connection sees to its own losses.
    [ "$1" = udp ] || tries=1 seconds=5 size=$(printf "\\\\000\\\\%03o" "$(printf "$text" | wc -c)")
    # Both streams are read: an answer, or what was said of the socket. Of an answer there is no end to wait for, only time.
    for try in $tries; do
      said=$(timeout -k 1 "$seconds" bash -c "{ env printf \"\$0\"; timeout 1 cat <&1 >&2; } 1<> /dev/$1/$2/53" "$size$text" 2>&1 < /dev/null | head -c 600 | od -A n -v -t x1 | tr -d " \n")
      [ -z "$said" ] || break
    done
    echo "dns $1 $2 $3 0 $said"
  }

  # Whether there is any way to go: by the routes to two servers far apart, which nothing is sent to.
  have ip && for family in 4 6; do
    far="1.1.1.1 193.0.14.129"
    [ "$family" = 4 ] || far="2001:4860::1 2a02:26f0::1"
    for to in $far; do
      said=$(ip "-$family" route get "$to" 2>&1)
      code=$?
      said=$(printf "%s\n" "$said" | grep -o -i -e "unreachable" -e "prohibit" -e "no route" | head -n 1)
      [ "$code,$said" != 0, ] || break
    done
    tell "route ipv$family" "$code" "$said"
  done
  for word in "$@"; do
    first=${word%%,*} rest=${word#*,}
    second=${rest%%,*} rest=${rest#*,}
    case $first in
      udp | tcp) ask "$first" "$second" "$rest" & ;;
      direct | proxy) attempt "$first" "$second" "${rest%%,*}" "${rest#*,}" & ;;
    esac
  done
  wait'

outbound_asked() {
  for kind in needed canary ai; do
    case $kind in needed) list=$outbound_needed ;; canary) list=$outbound_canaries ;; ai) list=$outbound_ai ;; esac
    for word in $list; do printf '%s %s %s\n' "$kind" "${word%,*}" "${word##*,}"; done
  done
  for word in $outbound_resolvers; do printf 'resolver %s\n' "$word"; done
}

# The first address of each family of each name, as the host itself finds it.
outbound_names() {
  for name in $(printf '%s\n' "$asked" | awk '$1 != "resolver" && $2 !~ /:/ && $2 !~ /^[0-9.]+$/ { print $2 }' | sort -u); do
    for family in 4 6; do
      {
        found=$(limited getent "ahostsv$family" "$name" 2> /dev/null)
        code=$?
        printf 'name %s ipv%s %s %s\n' "$name" "$family" "$code" "$(printf '%s\n' "$found" | awk '$1 ~ /^[0-9A-Fa-f.:]+$/ && $1 !~ /^::ffff:/ { print $1; exit }')"
      } &
    done
  done
  wait
}

# Servers that the host asks for names, its own forwarder's among them.
nameservers() {
  awk '$1 == "nameserver" && $2 ~ /^[0-9A-Fa-f.:]+$/ { print "nameserver", $2 }' /etc/resolv.conf /run/systemd/resolve/resolv.conf 2> /dev/null | sort -u
}

# The proxy that OpenClaw is told of, without what stands before an @.
# shellcheck disable=SC2016 # a program of its own
proxy_filter='
  /^(https?_proxy|all_proxy|HTTPS?_PROXY|ALL_PROXY|OPENCLAW_PROXY_URL)=/ {
    sub(/^[^=]*=/, ""); if ($0 == "") next
    if ($0 !~ /:\/\//) $0 = "http://" $0
    sub(/\/$/, "")
    if ($0 ~ /@/) print "proxy credentials"
    else if ($0 ~ /^(https?|socks[45][ah]?):\/\/[A-Za-z0-9.-]+(:[0-9]+)?$/) print "proxy " $0
    else print "proxy odd" }'

outbound_proxy() {
  nameservers
  printf '%s\n' "$openclaw_settings" | awk -F '\t' '
    $1 == "proxy.proxyUrl" { sub(/\/$/, "", $3); print $2 == "string" ? "proxy " $3 : "proxy odd" }
    $0 == "unreadable" || /^malformed/ || /^hidden / { print "settings hidden" }' | sort -u
  for unit in $(openclaw_units); do
    limited systemctl show "$unit" -p Environment | sed 's/^Environment=//' | tr ' ' '\n' | awk "$proxy_filter"
    case $(limited systemctl show "$unit" -p EnvironmentFiles) in EnvironmentFiles=?*) echo 'unit files' ;; *) echo 'unit seen' ;; esac
  done
  printf '%s\n' "$openclaw_running" | awk '$1 == "process" { print $2 }' | head -n 8 | while read -r pid; do
    if [ -r "/proc/$pid/environ" ]; then
      tr '\000' '\n' 2> /dev/null < "/proc/$pid/environ" | awk "$proxy_filter"
    elif [ "$sudo_all" = yes ]; then
      as_root cat "/proc/$pid/environ" | tr '\000' '\n' | awk "$proxy_filter"
    else
      echo 'process hidden'
      continue
    fi
    echo 'process seen'
  done
}

# Processes of OpenClaw that have a network of their own: pid and the namespace, one of each.
outbound_namespaces() {
  {
    printf '%s\n' "$openclaw_running" | awk '$1 == "process" { print $2 }'
    case ${docker_socket:-},$container in ,* | *, | *,*[!A-Za-z0-9_.-]*) ;; *) ask_docker inspect --format '{{.State.Pid}}' "$container" 2> /dev/null ;; esac
  } | grep -x -e '[1-9][0-9]*' | sort -nu | head -n 20 | while read -r pid; do
    space=$(readlink "/proc/$pid/ns/net" 2> /dev/null) || { [ "$sudo_all" = yes ] && space=$(as_root readlink "/proc/$pid/ns/net" 2> /dev/null); } || space=hidden
    # What ended meanwhile has no network any more.
    [ "$space" != hidden ] || [ -d "/proc/$pid" ] || continue
    [ "$space" != "$(readlink "/proc/$$/ns/net")" ] || space=own
    printf 'process %s %s\n' "$pid" "$space"
  done
  for unit in $(openclaw_units); do
    limited systemctl show "$unit" -p Id -p PrivateNetwork -p NetworkNamespacePath -p JoinsNamespaceOf
  done
}

# Words for the probe. $1: servers for names, asked about what is needed.
outbound_words() {
  printf '%s\n' "$asked" "$names" "$proxies" | awk -v servers="$1" '
    $1 == "needed" || $1 == "canary" || $1 == "ai" { host[++n] = $2; port[n] = $3; kind[n] = $1 }
    $1 == "resolver" { resolver[$2] = 1 }
    $1 == "nameserver" { delete resolver[$2] }
    $1 == "name" && $5 != "" { address[$2] = address[$2] " " $5 }
    $1 == "proxy" && $2 ~ /:\/\// { proxy = $2 }
    END {
      count = split(servers, server, " ")
      for (j = 1; j <= count; j++) delete resolver[server[j]]
      for (i = 1; i <= n; i++) {
        if (proxy ~ /^http:/ && port[i] == 443) print "proxy," host[i] "," port[i] "," proxy
        if (host[i] ~ /:/ || host[i] ~ /^[0-9.]+$/) print "direct," host[i] "," port[i] "," host[i]
        else { m = split(address[host[i]], each, " "); for (j = 1; j <= m; j++) print "direct," host[i] "," port[i] "," each[j] }
        if (kind[i] == "needed" && host[i] !~ /:/ && host[i] !~ /^[0-9.]+$/) for (j = 1; j <= count && j <= 2; j++) print "udp," server[j] "," host[i]
      }
      # No server is at these: what answers for them answers on the way.
      for (foreign in resolver) silent[foreign ~ /:/ ? "2001:db8::53" : "192.0.2.53"] = 1
      for (foreign in silent) resolver[foreign] = 1
      for (foreign in resolver) { print "udp," foreign ",."; print "tcp," foreign ",." }
    }' | sort -u | head -n 120
}

# servers_in FOLDER: the servers for names that a process's resolv.conf names. The path may be anybody's choice, and a link in it would lead
# into the host's own tree: only a plain file in a plain folder is opened, and no more of it read than such a file needs.
servers_in() {
  case $(as_root stat -c '%F' "$1" "$1/resolv.conf" 2> /dev/null | tr '\n' ,) in 'directory,regular file,') ;; *) return ;; esac
  as_root head -c 4096 "$1/resolv.conf" 2> /dev/null | awk '$1 == "nameserver" && $2 ~ /^[0-9A-Fa-f.:]+$/ && n++ < 2 { printf "%s ", $2 }'
}

# within PID NAMESPACE: which network it is, and whom it asks for names.
within() {
  printf '%s\nservers %s\n' "$2" "$(servers_in "/proc/$1/root/etc")"
}

# The probe waits for what does not answer, and dozens of handshakes at once take a small server longer than one command may.
probe_seconds=20

# As nobody, in the network of the process and in nothing else of it.
probe_inside() {
  limit=${limit:+"${limit% *} $probe_seconds"}
  inside=$1
  shift
  printf '%s\n' "$outbound_probe" | as_root nsenter --net="/proc/$inside/ns/net" --setgid 65534 --setuid 65534 sh -s "$@" 2>&1
}

probe_here() {
  limit=${limit:+"${limit% *} $probe_seconds"}
  printf '%s\n' "$outbound_probe" | limited sh -s "$@" 2>&1
}

outbound_section() {
  [ "$outbound" = yes ] || return 0
  frame outbound.asked outbound_asked
  asked=$out
  frame outbound.proxy outbound_proxy
  proxies=$out
  frame outbound.names outbound_names
  names=$out
  # shellcheck disable=SC2046 # words
  frame outbound.host probe_here $(outbound_words '')
  frame outbound.spaces outbound_namespaces
  # A rule of sudo for single commands cannot name a process.
  [ "$privilege" = root ] || [ "$sudo_all" = yes ] || return 0
  printf '%s\n' "$out" | awk '$1 == "process" && $3 ~ /^net:/ && !seen[$3]++ { print $2, $3 }' | head -n 2 | while read -r pid space; do
    frame outbound.within within "$pid" "$space"
    # shellcheck disable=SC2046 # words
    frame outbound.container probe_inside "$pid" $(outbound_words "$(printf '%s\n' "$out" | sed -n 's/^servers *//p')")
  done
}

# --- All --------------------------------------------------------------------------------------------------------------------------

main() {
  LC_ALL=C
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin:/snap/bin
  export LC_ALL PATH
  unset TZ IFS OMP_NUM_THREADS OMP_THREAD_LIMIT GREP_OPTIONS POSIXLY_CORRECT
  umask 077
  renice -n 10 -p $$ > /dev/null 2>&1 || :
  newline='
'
  denied_code=126
  processes=
  inspected=
  openclaw_running=
  openclaw_settings=
  nginx_settings=
  read_now
  began=$now
  find_limit
  find_privilege
  printf 'sekisho-host 1 %s\n' "$boundary"

  frame run run_facts
  frame clock.read date '+%s %N %z'
  frame os.release os_release
  frame os.name uname -n
  frame os.kernel uname -rm
  frame os.machine machine_hash
  frame cpu cpu_count
  frame memory.info cat /proc/meminfo
  frame memory.kills grep '^oom_kill ' /proc/vmstat
  frame disks.space disk_space
  [ "$state" = timeout ] || frame disks.inodes disk_inodes
  frame processes process_list
  processes=$out
  frame clock.zone clock_zone
  frame clock.sync clock_sync
  ! have ip || frame addresses ip -o addr show
  ! have ip || frame links ip -d -o link show
  ! have ip || frame routes ip route show table all
  ! have ip || frame routes ip -6 route show table all
  if have ss; then frame listeners.ss listeners_ss; else frame listeners.proc listeners_proc; fi
  frame sshd.present command -v sshd
  sshd_section
  firewall_section
  services_section
  containers_section
  openclaw_section
  if has_process nginx || have nginx; then nginx_section; fi
  # To wait for answers takes time and nothing else: files are read meanwhile. Its frames come after theirs.
  outbound_section | {
    {
      logs_section
      backups_section
      alerts_section
    } < /dev/null
    cat
  }

  read_now
  printf '%s end %s\n' "$boundary" "$now"
}

main
