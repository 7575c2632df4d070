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

