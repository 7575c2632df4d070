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

