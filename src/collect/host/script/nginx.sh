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

