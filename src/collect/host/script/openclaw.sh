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

# root_finds_none PATH: root was asked and says that nothing is there; a question without an answer is none.
root_finds_none() {
  [ "$sudo_all" = yes ] && as_root stat -L "$1" 2>&1 > /dev/null | grep -q -e 'No such file' -e 'Not a directory'
}

# config_file OWNER PATH: where it is, its mode and owner, and the named settings in it. The path may be anybody's choice: only a regular
# file of that user or of root is opened.
config_file() {
  case $seen_configs in *"|$2|"*) return ;; esac
  seen_configs="$seen_configs|$2|"
  file_facts "$2" > /dev/null || {
    # Not there, or in a folder we may not enter: only the second is worth a word.
    folder=${2%/*}
    { [ -x "$folder" ] && [ -r "$folder" ]; } || [ "$privilege" = root ] || root_finds_none "$2" || printf 'hidden %s\n' "$2"
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

# The version of the package openclaw, out of its package.json as npm and its images write it; nothing of any other file.
# shellcheck disable=SC2016 # a program of its own
package_filter='
  /^[ \t]? ?"name": *"openclaw",?\r?$/ { named = 1 }
  /^[ \t]? ?"version": *"[0-9]+[.][0-9]+[.][0-9]+(-[0-9A-Za-z.]+)?",?\r?$/ && version == "" { split($0, part, "\""); version = part[4] }
  END { if (named && length(version) < 40) print version }'

# changed_at PATH: when a file, or what it says of itself, was changed last, in seconds; of a link where that leads to.
changed_at() {
  limited stat -L -c '%Z' "$1" 2> /dev/null || { [ "$sudo_all" = yes ] && as_root stat -L -c '%Z' "$1" 2> /dev/null; }
}

# package_text PATH SECONDS: the version in a package.json that was seen to be a plain file, and when it came there, SECONDS at the earliest.
package_text() {
  if [ -r "$1" ]; then
    version=$(limited head -c 65536 "$1" 2> /dev/null | awk "$package_filter")
  elif [ "$sudo_all" = yes ]; then
    version=$(as_root head -c 65536 "$1" 2> /dev/null | awk "$package_filter")
  else
    return 1
  fi
  [ -n "$version" ] || return 1
  changed=$(changed_at "$1") || changed=
  [ -z "$changed" ] || [ "$changed" -ge "$2" ] || changed=$2
  printf 'package %s %s\n' "$version" "${changed:-?}"
}

# package_file PATH SECONDS: the same of a path that anybody may have chosen: nothing but a plain file is opened.
package_file() {
  plain_file "$1" any && package_text "$real" "$2"
}

# contained_package ROOT FOLDER: the same of a folder in a container. Whoever runs that chooses what lies there, and a link in it would lead
# into the host's own tree: only a plain file in plain folders is opened.
contained_package() {
  path=$1
  rest=$2
  wanted=
  set --
  while [ -n "$rest" ]; do
    path=$path/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    set -- "$@" "$path"
    wanted=${wanted}directory,
  done
  path=$path/package.json
  kinds=$(limited stat -c '%F' "$@" "$path" 2> /dev/null | tr '\n' ,)
  [ "$kinds" = "${wanted}regular file," ] || [ "$sudo_all" != yes ] ||
    kinds=$(as_root stat -c '%F' "$@" "$path" 2> /dev/null | tr '\n' ,)
  [ "$kinds" = "${wanted}regular file," ] || return 1
  package_text "$path" 0
}

# newest_link SECONDS PATH: leaves in `newest` when the newest of the symbolic links in a path was made, SECONDS at the earliest.
newest_link() {
  newest=$1
  rest=${2#/}
  place=
  while [ -n "$rest" ]; do
    place=$place/${rest%%/*}
    case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
    [ -h "$place" ] || continue
    changed=$(limited stat -c '%Z' "$place" 2> /dev/null) || continue
    [ "$changed" -le "$newest" ] || newest=$changed
  done
}

# package_around PATH SECONDS: the package that a program or script belongs to.
package_around() {
  newest_link "$2" "$1"
  place=$(limited readlink -f "$1" 2> /dev/null) || return 1
  for _ in 1 2 3 4 5 6; do
    place=${place%/*}
    [ -n "$place" ] || return 1
    [ -e "$place/package.json" ] || { [ "$sudo_all" = yes ] && [ ! -x "$place" ]; } || continue
    package_file "$place/package.json" "$newest" && return
  done
  return 1
}

# Absolute paths among words, one a line.
paths_in() {
  tr ' "' '\n\n' | sed -n -e 's/^argv\[\]=//' -e 's/^[A-Za-z]*=//' -e '/^\/[^;]*$/p' | sort -u | head -n 6
}

# openclaw_package PID NESTED: when the process began, and the package it was started from, by its command line or its unit, or in its
# container's root. What names it may have been changed since; so may the package.
openclaw_package() {
  ticks=$(sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d ' ' -f 20)
  booted=$(sed -n 's/^btime //p' /proc/stat)
  [ -z "$ticks" ] || [ -z "$booted" ] || printf 'started %s\n' "$((booted + ticks / $(getconf CLK_TCK 2> /dev/null || echo 100)))"
  if [ "$2" = 1 ]; then
    for place in app usr/local/lib/node_modules/openclaw; do
      contained_package "/proc/$1/root" "$place"
    done
    return
  fi
  tr '\000' ' ' < "/proc/$1/cmdline" 2> /dev/null | paths_in | while read -r path; do package_around "$path" 0; done
  unit=$(sed -n 's/.*:\/system\.slice\/\([-A-Za-z0-9_.@:]*\.service\)$/\1/p' "/proc/$1/cgroup" 2> /dev/null | head -n 1)
  [ -n "$unit" ] || return 0
  since=0
  for path in $(limited systemctl show "$unit" -p FragmentPath -p DropInPaths | sed 's/^[A-Za-z]*=//'); do
    changed=$(changed_at "$path") || continue
    [ "$changed" -le "$since" ] || since=$changed
  done
  limited systemctl show "$unit" -p ExecStart | paths_in | while read -r path; do package_around "$path" "$since"; done
}

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
  openclaw_package "$1" "$3"
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
    limited head -c "$frame_bytes" "$unit" | paths_in | while read -r path; do package_around "$path" "$(changed_at "$unit" || echo 0)"; done
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

# Modes and owners, by name, of the folders and files that hold what OpenClaw was told and what it stored; and of the folders above.
private_files() {
  # shellcheck disable=SC2086 # folders are words
  as_root find $1 -xdev -maxdepth 6 \( \( -path '/home/*/*' -o -path '/root/*' \) ! -path '*/.openclaw*' -prune \) \
    -o \( -type d \( -name npm -o -name node_modules -o -name tmp -o -name cache -o -name media -o -name workspace -o -name .git \) -prune \) \
    -o -name '*[![:print:]]*' -printf 'odd\n' -prune -o -type d -printf 'folder %m %u %p\n' \
    -o -type f \( -name openclaw.json -o -name .env -o -name 'auth*.json' -o -path '*/credentials/*' -o -name '*.sqlite' -o -name '*.pem' -o -name '*.key' \) \
    -printf 'file %m %u %p\n'
}

openclaw_files() {
  private_files '/home /root /var/lib/openclaw'
  found=$?
  # Where else a configuration lies is looked through only by one who may do everything: a rule of sudo names every word.
  [ "$privilege" = root ] || [ "$sudo_all" = yes ] || return "$found"
  printf '%s\n' "$1" | sed -n 's/^config \(\/[-A-Za-z0-9_.@/]*\)\/[^/]*$/\1/p' | sort -u | head -n 4 | while read -r folder; do
    case $folder/ in /home/* | /root/* | /var/lib/openclaw/*) continue ;; esac
    above=$folder
    while above=${above%/*} && [ -n "$above" ]; do as_root stat -c 'folder %a %U %n' "$above"; done
    private_files "$folder"
  done
  return "$found"
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
  frame openclaw.files openclaw_files "$out"
}

