# --- Containers -------------------------------------------------------------------------------------------------------------------

# Only the fields named here leave; of a container's environment and arguments only settings without secrets, by name.
# shellcheck disable=SC2016 # a program of its own
container_format='{{json .Name}} {{json .Config.Image}} {{json .HostConfig.RestartPolicy.Name}} {{json .HostConfig.NetworkMode}} {{json .NetworkSettings.Ports}} [{{range $mount := .Mounts}}{{range split $mount.Destination "/"}}{{if eq . ".openclaw"}}{{json $mount.Source}},{{end}}{{end}}{{end}}null] [{{range .Config.Env}}{{$name := index (split . "=") 0}}{{if or (eq $name "TZ") (eq $name "OPENCLAW_GATEWAY_BIND") (eq $name "OPENCLAW_GATEWAY_PORT") (eq $name "OPENCLAW_CONFIG_PATH")}}{{json .}},{{end}}{{end}}null] [{{$flag := ""}}{{range .Args}}{{if or (eq $flag "--port") (and (or (eq $flag "--bind") (eq $flag "--auth")) (eq . "auto" "lan" "loopback" "tailnet" "custom" "none" "token" "password" "trusted-proxy"))}}{{json $flag}},{{json .}},{{else if or (eq $flag "--bind") (eq $flag "--auth")}}{{json $flag}},"?",{{end}}{{$flag = .}}{{end}}null] {{json .Config.User}} [{{json .HostConfig.LogConfig.Type}},{{json (index .HostConfig.LogConfig.Config "max-size")}},{{json (index .HostConfig.LogConfig.Config "max-file")}}] [{{range .Mounts}}{{json .Destination}},{{json .Source}},{{end}}null] {"image":{{json .Image}},"created":{{json .Created}},"privileged":{{json .HostConfig.Privileged}},"added":{{json .HostConfig.CapAdd}},"health":{{if .State.Health}}{{json .State.Health.Status}}{{else}}"none"{{end}},"version":{{json (index .Config.Labels "org.opencontainers.image.version")}},"source":{{json (index .Config.Labels "org.opencontainers.image.source")}},"mounts":[{{range .Mounts}}[{{json .Source}},{{json .Destination}},{{json .RW}}],{{end}}null]}'

# The daemon of this host, whatever context or variable says: those may name another machine.
ask_docker() {
  if [ "$docker_as" = self ]; then limited docker -H "$docker_socket" "$@"; else as_root docker -H "$docker_socket" "$@"; fi
}

docker_inspect_all() {
  # shellcheck disable=SC2046 # ids are words
  ask_docker inspect --format "$container_format" $(ask_docker ps -q --no-trunc 2> /dev/null)
}

containers_present() {
  case $container in '' | *[!A-Za-z0-9_.-]*) ;; *) printf 'declared %s\n' "$container" ;; esac
  for program in docker podman nerdctl crictl lxc-ls incus; do ! have "$program" || echo "program $program"; done
  for socket in docker containerd/containerd podman/podman; do [ ! -S "/run/$socket.sock" ] || echo "socket $socket"; done
}

containers_section() {
  frame containers.present containers_present
  inspected=
  have docker && [ -S /run/docker.sock ] || return 0
  docker_socket=unix:///run/docker.sock
  docker_as=root
  [ ! -w /run/docker.sock ] || docker_as=self
  frame containers.list ask_docker ps --no-trunc --format '{{json .Names}} {{json .Image}} {{json .Ports}}'
  [ "$state $code" = 'ok 0' ] || return 0
  [ -n "$out" ] || return 0
  if [ "$docker_as" = self ] || [ "$privilege" = root ] || [ "$sudo_all" = yes ]; then
    frame containers.inspect docker_inspect_all
  elif [ -n "$container" ]; then
    frame containers.inspect ask_docker inspect --format "$container_format" "$container"
  fi
  inspected=$out
}

