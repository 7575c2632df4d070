# --- Outbound ---------------------------------------------------------------------------------------------------------------------

# What the policy asks to be tried: a connection each, and to 443 a TLS handshake, after which nothing is sent; of a resolver one question.
# A program of its own, for it is also run in the network namespace of OpenClaw's container. Its words: `direct,NAME,PORT,ADDRESS`,
# `proxy,NAME,PORT,URL` and `udp,SERVER,NAME` or `tcp,SERVER,NAME`, all at once; `wait` stands between those that are done first and the others.
# shellcheck disable=SC2016 # a program of its own
outbound_probe='
  PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin:/snap/bin
  LC_ALL=C
  export PATH LC_ALL
  unset http_proxy https_proxy all_proxy no_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE
  have() { command -v "$1" > /dev/null 2>&1; }
  tell() { printf "%s %s %s\n" "$1" "$2" "$(printf %s "$3" | tr -c "[:print:]" " " | cut -c 1-300)"; }

  # Name and address of the server, a TLS handshake that is verified, and the end. What stands before a proxy speaks HTTP with it.
  by_openssl() {
    name=$2 port=$3 to=$4 last=$4
    case $1,$to in direct,*:*) to="[$to]:$port" ;; direct,*) to="$to:$port" ;; esac
    if [ "$1" = proxy ]; then set -- "$1" -proxy "${to#*://}" -connect "$name:$port"; else set -- "$1" -connect "$to"; fi
    case $name in
      *:*) set -- "$@" -verify_ip "$name" -noservername ;;
      *[!0-9.]*) set -- "$@" -verify_hostname "$name" -servername "$name" ;;
      *) set -- "$@" -verify_ip "$name" -noservername ;;
    esac
    way=$1
    shift
    # CONNECTED waits in a buffer that is lost where the handshake hangs until the time is over; what -state tells, once the connection stands, does not.
    said=$(timeout -k 1 6 openssl s_client -state -verify_return_error "$@" < /dev/null 2>&1)
    code=$?
    said=$(printf "%s\n" "$said" | sed -n -e "s/|/_/g" -e "s/^[a-z]*:errno=\([0-9]*\).*/errno \1/p" -e "s/^CONNECTED.*/connected/p" -e "s/^SSL_connect:.*/connected/p" -e "s/^issuer=/issuer /p" -e "s/^verify error:num=\([0-9]*\):\(.*\)/verify \1 \2/p" -e "s/^ *Verif[a-z ]*return code: 0 .*/verified/p" \
      -e "s/^s_client: HTTP CONNECT failed[^0-9]*\(HTTP\/[0-9.]* \)\{0,1\}\([1-5][0-9][0-9]\).*/refused by the proxy \2/p" -e "s/^s_client: HTTP CONNECT failed.*/refused by the proxy/p" | sort -u | tr "\n" "|")
    tell "try openssl $way $name $port $last" "$code" "$said"
  }

  # bash takes a connection on its input for a login from afar, and would read what the user has it say first.
  by_bash() {
    said=$(timeout -k 1 6 bash --norc -c "exec 3<> /dev/tcp/$4/$3" < /dev/null 2>&1)
    code=$?
    tell "try bash direct $2 $3 $4" "$code" "$(printf "%s\n" "$said" | sed -n "s/.*: //p" | sort -u | tr "\n" "|")"
  }

  attempt() {
    if ! have timeout; then echo "try none $1 $2 $3 $4 - no timeout"
    elif [ "$3" = 443 ] && have openssl; then by_openssl "$@"
    elif [ "$1" = direct ] && have bash; then by_bash "$@"
    else echo "try none $1 $2 $3 $4 - no tool"; fi
  }

  # Sent by a printf that is a program: that of the shell ends a datagram at each byte of ten.
  # A question about the address of a name, or about the servers of the root where the name is a dot.
  question() {
    head="\\136\\025\\001\\000\\000\\001\\000\\000\\000\\000\\000\\000"
    [ "$1" != . ] || { printf %s "$head\\000\\000\\002\\000\\001"; return; }
    printf %s "$head"
    printf "%s\n" "$1" | tr . "\n" | while read -r label; do printf "\\\\%03o%s" "${#label}" "$label"; done
    printf %s "\\000\\000\\001\\000\\001"
  }

  ask() {
    { have bash && have timeout && have od; } || { echo "dns $1 $2 $3 - no tool"; return; }
    text=$(question "$3")
    size="" tries="1 2 3" seconds=2
    # A connection sees to its own losses.
    [ "$1" = udp ] || tries=1 seconds=5 size=$(printf "\\\\000\\\\%03o" "$(printf "$text" | wc -c)")
    # Both streams are read: an answer, or what was said of the socket. Of an answer there is no end to wait for, only time.
    for try in $tries; do
      said=$(timeout -k 1 "$seconds" bash --norc -c "{ env printf \"\$0\"; timeout 1 cat <&1 >&2; } 1<> /dev/$1/$2/53" "$size$text" 2>&1 < /dev/null | head -c 600 | od -A n -v -t x1 | tr -d " \n")
      [ -z "$said" ] || break
    done
    echo "dns $1 $2 $3 0 $said"
  }

  # Whether there is any way to go: by the routes to two servers far apart, which nothing is sent to.
  have ip && for family in 4 6; do
    far="1.1.1.1 193.0.14.129"
    [ "$family" = 4 ] || far="2001:4860::1 2a02:26f0::1"
    for to in $far; do
      said=$(ip "-$family" route get "$to" 2>&1)
      code=$?
      said=$(printf "%s\n" "$said" | grep -o -i -e "unreachable" -e "prohibit" -e "no route" | head -n 1)
      [ "$code,$said" != 0, ] || break
    done
    tell "route ipv$family" "$code" "$said"
  done
  # The way to each address that is tried.
  have ip && for word in "$@"; do
    rest=${word#*,}
    case $word in direct,*) echo "route get ${word##*,}" ;; udp,* | tcp,*) echo "route get ${rest%%,*}" ;; esac
  done | sort -u | ip -o -force -batch - 2> /dev/null | sed "s/^/way /"
  for word in "$@"; do
    first=${word%%,*} rest=${word#*,}
    second=${rest%%,*} rest=${rest#*,}
    case $first in
      udp | tcp) ask "$first" "$second" "$rest" & ;;
      direct | proxy) attempt "$first" "$second" "${rest%%,*}" "${rest#*,}" & ;;
      wait) wait ;;
    esac
  done
  wait'

outbound_asked() {
  for kind in needed canary ai; do
    case $kind in needed) list=$outbound_needed ;; canary) list=$outbound_canaries ;; ai) list=$outbound_ai ;; esac
    for word in $list; do printf '%s %s %s\n' "$kind" "${word%,*}" "${word##*,}"; done
  done
  for word in $outbound_resolvers; do printf 'resolver %s\n' "$word"; done
}

# The first address of each family of each name, as the host itself finds it.
outbound_names() {
  for name in $(printf '%s\n' "$asked" | awk '$1 != "resolver" && $2 !~ /:/ && $2 !~ /^[0-9.]+$/ { print $2 }' | sort -u); do
    for family in 4 6; do
      {
        found=$(limited getent "ahostsv$family" "$name" 2> /dev/null)
        code=$?
        printf 'name %s ipv%s %s %s\n' "$name" "$family" "$code" "$(printf '%s\n' "$found" | awk '$1 ~ /^[0-9A-Fa-f.:]+$/ && $1 !~ /^::ffff:/ { print $1; exit }')"
      } &
    done
  done
  wait
}

# Servers that the host asks for names, its own forwarder's among them.
nameservers() {
  awk '$1 == "nameserver" && $2 ~ /^[0-9A-Fa-f.:]+$/ { print "nameserver", $2 }' /etc/resolv.conf /run/systemd/resolve/resolv.conf 2> /dev/null | sort -u
}

# The proxy that OpenClaw is told of, without what stands before an @.
# shellcheck disable=SC2016 # a program of its own
proxy_filter='
  /^(https?_proxy|all_proxy|HTTPS?_PROXY|ALL_PROXY|OPENCLAW_PROXY_URL)=/ {
    sub(/^[^=]*=/, ""); if ($0 == "") next
    if ($0 !~ /:\/\//) $0 = "http://" $0
    sub(/\/$/, "")
    if ($0 ~ /@/) print "proxy credentials"
    else if ($0 ~ /^(https?|socks[45][ah]?):\/\/[A-Za-z0-9.-]+(:[0-9]+)?$/) print "proxy " $0
    else print "proxy odd" }'

outbound_proxy() {
  nameservers
  printf '%s\n' "$openclaw_settings" | awk -F '\t' '
    $1 == "proxy.proxyUrl" { sub(/\/$/, "", $3); print $2 == "string" ? "proxy " $3 : "proxy odd" }
    $0 == "unreadable" || /^malformed/ || /^hidden / { print "settings hidden" }' | sort -u
  for unit in $(openclaw_units); do
    limited systemctl show "$unit" -p Environment | sed 's/^Environment=//' | tr ' ' '\n' | awk "$proxy_filter"
    case $(limited systemctl show "$unit" -p EnvironmentFiles) in EnvironmentFiles=?*) echo 'unit files' ;; *) echo 'unit seen' ;; esac
  done
  printf '%s\n' "$openclaw_running" | awk '$1 == "process" { print $2 }' | head -n 8 | while read -r pid; do
    if [ -r "/proc/$pid/environ" ]; then
      tr '\000' '\n' 2> /dev/null < "/proc/$pid/environ" | awk "$proxy_filter"
    elif [ "$sudo_all" = yes ]; then
      as_root cat "/proc/$pid/environ" | tr '\000' '\n' | awk "$proxy_filter"
    else
      echo 'process hidden'
      continue
    fi
    echo 'process seen'
  done
}

# Processes of OpenClaw that have a network of their own: pid and the namespace, one of each.
outbound_namespaces() {
  {
    printf '%s\n' "$openclaw_running" | awk '$1 == "process" { print $2 }'
    case ${docker_socket:-},$container in ,* | *, | *,*[!A-Za-z0-9_.-]*) ;; *) ask_docker inspect --format '{{.State.Pid}}' "$container" 2> /dev/null ;; esac
  } | grep -x -e '[1-9][0-9]*' | sort -nu | head -n 20 | while read -r pid; do
    space=$(readlink "/proc/$pid/ns/net" 2> /dev/null) || { [ "$sudo_all" = yes ] && space=$(as_root readlink "/proc/$pid/ns/net" 2> /dev/null); } || space=hidden
    # What ended meanwhile has no network any more.
    [ "$space" != hidden ] || [ -d "/proc/$pid" ] || continue
    [ "$space" != "$(readlink "/proc/$$/ns/net")" ] || space=own
    printf 'process %s %s\n' "$pid" "$space"
  done
  for unit in $(openclaw_units); do
    limited systemctl show "$unit" -p Id -p PrivateNetwork -p NetworkNamespacePath -p JoinsNamespaceOf
  done
}

# Words for the probe, what is needed first: dozens of handshakes at once may keep a small server from an answer in time. $1: servers for
# names, asked about what is needed.
outbound_words() {
  printf '%s\n' "$asked" "$names" "$proxies" | awk -v servers="$1" '
    function put(word, first) {
      if (word in seen || 120 <= words) return
      seen[word] = 1; words++
      if (first) print word; else later = later "\n" word
    }
    function put_host(i,   first, m, j, each) {
      first = kind[i] == "needed"
      if (proxy ~ /^http:/ && port[i] == 443) put("proxy," host[i] "," port[i] "," proxy, first)
      if (host[i] ~ /:/ || host[i] ~ /^[0-9.]+$/) { put("direct," host[i] "," port[i] "," host[i], first); return }
      m = split(address[host[i]], each, " ")
      for (j = 1; j <= m; j++) put("direct," host[i] "," port[i] "," each[j], first)
      if (first) for (j = 1; j <= count && j <= 2; j++) put("udp," server[j] "," host[i], first)
    }
    $1 == "needed" || $1 == "canary" || $1 == "ai" { host[++n] = $2; port[n] = $3; kind[n] = $1 }
    $1 == "resolver" { resolver[$2] = 1 }
    $1 == "nameserver" { delete resolver[$2] }
    $1 == "name" && $5 != "" { address[$2] = address[$2] " " $5 }
    $1 == "proxy" && $2 ~ /:\/\// { proxy = $2 }
    END {
      count = split(servers, server, " ")
      for (j = 1; j <= count; j++) delete resolver[server[j]]
      for (i = 1; i <= n; i++) if (kind[i] == "needed") put_host(i)
      for (i = 1; i <= n; i++) if (kind[i] != "needed") put_host(i)
      # No server is at these: what answers for them answers on the way.
      for (foreign in resolver) silent[foreign ~ /:/ ? "2001:db8::53" : "192.0.2.53"] = 1
      for (foreign in silent) resolver[foreign] = 1
      for (foreign in resolver) { put("udp," foreign ",."); put("tcp," foreign ",.") }
      print "wait" later
    }'
}

# servers_in FOLDER: the servers for names that a process's resolv.conf names. The path may be anybody's choice, and a link in it would lead
# into the host's own tree: only a plain file in a plain folder is opened, and no more of it read than such a file needs.
servers_in() {
  case $(as_root stat -c '%F' "$1" "$1/resolv.conf" 2> /dev/null | tr '\n' ,) in 'directory,regular file,') ;; *) return ;; esac
  as_root head -c 4096 "$1/resolv.conf" 2> /dev/null | awk '$1 == "nameserver" && $2 ~ /^[0-9A-Fa-f.:]+$/ && n++ < 2 { printf "%s ", $2 }'
}

# within PID NAMESPACE: which network it is, and whom it asks for names.
within() {
  printf '%s\nservers %s\n' "$2" "$(servers_in "/proc/$1/root/etc")"
}

# forward_ways TEXT: by what the probe told from a container, how the host passes on its packets. Those whose gateway is not the host do not pass it.
forward_ways() {
  { ip -o addr show; printf '%s\n' "$1"; } | awk '
    $3 ~ /^inet6?$/ { sub(/\/.*/, "", $4); link[$4] = known[$4]++ ? "" : $2; next }
    $1 == "way" && $2 ~ /^[0-9A-Fa-f.:]+$/ {
      via = from = ""
      for (i = 3; i < NF; i++) if ($i == "via") via = $(i + 1); else if ($i == "src") from = $(i + 1)
      # On the same link there is no gateway: the host itself, or another container.
      if (via == "") via = $2
      if (from ~ /^[0-9A-Fa-f.:]+$/ && via in link && link[via] != "") print "route get", $2, "from", from, "iif", link[via]
    }' | limited ip -o -force -batch - 2> /dev/null | sed 's/^/way /'
}

# The probe waits for what does not answer, and dozens of handshakes at once take a small server longer than one command may.
probe_seconds=20

# As nobody, in the network of the process and in nothing else of it.
probe_inside() {
  limit=${limit:+"${limit% *} $probe_seconds"}
  inside=$1
  shift
  printf '%s\n' "$outbound_probe" | as_root nsenter --net="/proc/$inside/ns/net" --setgid 65534 --setuid 65534 sh -s "$@" 2>&1
}

probe_here() {
  limit=${limit:+"${limit% *} $probe_seconds"}
  printf '%s\n' "$outbound_probe" | limited sh -s "$@" 2>&1
}

outbound_section() {
  [ "$outbound" = yes ] || return 0
  frame outbound.asked outbound_asked
  asked=$out
  frame outbound.proxy outbound_proxy
  proxies=$out
  frame outbound.names outbound_names
  names=$out
  # shellcheck disable=SC2046 # words
  frame outbound.host probe_here $(outbound_words '')
  frame outbound.spaces outbound_namespaces
  # A rule of sudo for single commands cannot name a process.
  [ "$privilege" = root ] || [ "$sudo_all" = yes ] || return 0
  printf '%s\n' "$out" | awk '$1 == "process" && $3 ~ /^net:/ && !seen[$3]++ { print $2, $3 }' | head -n 2 | while read -r pid space; do
    frame outbound.within within "$pid" "$space"
    # shellcheck disable=SC2046 # words
    frame outbound.container probe_inside "$pid" $(outbound_words "$(printf '%s\n' "$out" | sed -n 's/^servers *//p')")
    frame outbound.forward forward_ways "$out"
  done
}

