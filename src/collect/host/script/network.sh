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

