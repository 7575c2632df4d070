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

