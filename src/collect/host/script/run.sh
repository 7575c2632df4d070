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

