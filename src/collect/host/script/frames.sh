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

