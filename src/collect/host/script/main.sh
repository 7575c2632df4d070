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
