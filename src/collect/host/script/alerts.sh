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

