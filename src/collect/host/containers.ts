import type { Static } from "typebox";
import type { Containers } from "#evidence/host.ts";
import { type Attempt, absent, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import { isRootUser, type Powers, powersOf, withoutPowers } from "./container-powers.ts";
import { failureOf, faultOf, frameOf, type HostOutput, lines, missing } from "./frames.ts";
import { isRecord, type Json, parseJson } from "./json.ts";
import { processNames, readProcesses } from "./processes.ts";

type Container = Exclude<Static<typeof Containers>[number], { $unknown: string }>;

/** What docker inspect told of a container. */
export interface Inspected {
  readonly name: string;
  /** Its name is the one that was declared for OpenClaw's container. */
  readonly declared: boolean;
  readonly image: string;
  readonly restartPolicy: string;
  readonly networkMode: string;
  readonly ports: Json;
  /** Folders of the host mounted as OpenClaw's. */
  readonly mounts: readonly string[];
  /** TZ and OpenClaw's own settings without secrets, by name. */
  readonly environment: ReadonlyMap<string, string>;
  /** --bind, --port and --auth with their values. */
  readonly flags: ReadonlyMap<string, string>;
  readonly user: string;
  /** Log driver with max-size and max-file; undefined where it was not asked for. */
  readonly logging: { readonly driver: string; readonly maxSize: string; readonly maxFile: string } | undefined;
  /** Folders of the host by where they stand in it; undefined where they were not asked for. */
  readonly volumes: ReadonlyMap<string, string> | undefined;
  readonly powers: Powers;
  /** Version that the image names for itself, where it says that it is made from OpenClaw's source; empty without it. */
  readonly imageVersion: string;
}

/** Docker's running containers; absent without Docker. */
export function parseContainers(output: HostOutput): Attempt<Static<typeof Containers>> {
  const listed = frameOf(output, "containers.list");
  if (listed === undefined) return withoutDocker(output);
  const failure = dockerFailure(output, listed);
  if (failure !== undefined) return failure;
  const inspected = readInspected(output);
  const rows = lines(listed.text).filter((line) => line.startsWith('"'));
  const unread = lines(listed.text).length - rows.length;
  const containers = rows.map((line): Maybe<Container> => {
    const [name, image] = jsonWords(line);
    if (typeof name !== "string" || typeof image !== "string") return unknown("a line of docker ps was not understood");
    const details = inspected.find(
      (entry) => entry.name === name.split(",")[0] || name.split(",").includes(entry.name),
    );
    return details === undefined ? uninspected(output, name, image) : toContainer(output, details);
  });
  const others = otherEngines(output, rows.length);
  const open = [
    ...(listed.state === "truncated" || unread > 0
      ? ["docker ps did not list every container, or said something else"]
      : []),
    ...(others === undefined ? [] : [others]),
  ];
  return observed([...containers, ...open.map((why) => unknown(why))]);
}

/** Why there may be containers that Docker's daemon does not list; undefined where nothing else that runs could hold one. */
function otherEngines(output: HostOutput, listed: number): string | undefined {
  const processes = readProcesses(output)?.filter((process) => !process.nested);
  if (processes === undefined) return "not all processes could be seen, so another container engine may run";
  const count = (pattern: RegExp) => processes.filter(({ name }) => pattern.test(name)).length;
  const engines = [...new Set(processes.map(({ name }) => name).filter((name) => foreign.test(name)))];
  if (engines.length > 0) return `containers of ${visible(engines.join(", "), 100)} are not read`;
  if (count(/^dockerd$/) > 1) return "another daemon of Docker runs, whose containers are not read";
  return count(/^containerd-shim/) > listed ? "containerd runs containers that are not Docker's" : undefined;
}

/** Other programs that run containers, as the kernel names their processes: the first 15 characters. */
const foreign =
  /^(podman|conmon|rootlesskit|k3s|k3s-server|k3s-agent|kubelet|crio|lxc-start|lxd|incusd|systemd-nspawn|buildkitd|garden)$/;

function dockerFailure(
  output: HostOutput,
  listed: NonNullable<ReturnType<typeof frameOf>>,
): Attempt<never> | undefined {
  return failureOf(output, listed, "docker ps");
}

function withoutDocker(output: HostOutput): Attempt<never> {
  const present = frameOf(output, "containers.present");
  if (present === undefined) return missing(output, "docker");
  const names = processNames(output);
  const engines = [...(names ?? [])].filter((name) => /^(dockerd|containerd)$/.test(name) || foreign.test(name));
  if (/^socket docker$/m.test(present.text))
    return failed("unsupported", "Docker's socket is there and its program docker is not");
  if (engines.length > 0) return failed("unsupported", `containers of ${engines.join(", ")} are not read`);
  if (names === undefined)
    return failed("denied", "not all processes could be seen, so other container engines may run");
  return absent("no Docker socket, no container engine runs");
}

/** What docker inspect told, one line a container. */
export function readInspected(output: HostOutput): readonly Inspected[] {
  const frame = frameOf(output, "containers.inspect");
  if (frame === undefined || frame.state === "malformed") return [];
  const wanted = declaredName(output);
  return lines(frame.text).flatMap((line) => {
    const [name, image, restart, network, ports, mounts, environment, flags, user, logging, volumes, powers] =
      jsonWords(line);
    const [driver, maxSize = "", maxFile = ""] = strings(logging);
    if (typeof name !== "string" || typeof image !== "string" || typeof restart !== "string" || user === undefined)
      return [];
    const plain = name.replace(/^\//, "");
    return [
      {
        name: plain,
        declared: plain === wanted,
        image,
        restartPolicy: restart,
        networkMode: String(network),
        ports: ports ?? null,
        mounts: strings(mounts),
        environment: new Map(
          strings(environment).map((entry) => [entry.replace(/=.*$/s, ""), entry.replace(/^[^=]*=/s, "")]),
        ),
        flags: pairs(strings(flags)),
        user: String(user),
        logging: driver === undefined ? undefined : { driver, maxSize, maxFile },
        volumes: Array.isArray(volumes) ? pairs(strings(volumes)) : undefined,
        powers: powersOf(powers),
        imageVersion: imageVersion(powers),
      },
    ];
  });
}

function imageVersion(powers: Json | undefined): string {
  const { version = "", source = "" } = isRecord(powers) ? powers : {};
  return typeof version === "string" && typeof source === "string" && /\/openclaw\/openclaw(\.git)?\/?$/i.test(source)
    ? version
    : "";
}

/** Whether a container is OpenClaw's: by the name that was declared, by a mount of its folder, or by its name or image. */
export function isOpenclaw(
  output: HostOutput,
  { name, image, mounts }: { name: string; image: string; mounts: readonly string[] },
): boolean {
  const declared = declaredName(output);
  return (
    name.split(",").some((part) => part === declared) ||
    mounts.length > 0 ||
    /(^|[-_/.])(openclaw|clawdbot|moltbot)([-_:@/.\d]|$)/i.test(name) ||
    /(openclaw|clawdbot|moltbot)/i.test(image.replace(/@.*$/, ""))
  );
}

function declaredName(output: HostOutput): string | undefined {
  return /^declared (\S+)$/m.exec(frameOf(output, "containers.present")?.text ?? "")?.[1];
}

/**
 * A container that joins the network of another, beside the declared gateway, is a helper that is started for a command. Without a
 * declared one it may be the gateway itself, in the network of a VPN's container.
 */
function isHelper(output: HostOutput, details: Inspected): boolean {
  if (details.declared || !details.networkMode.startsWith("container:")) return false;
  return readInspected(output).some(({ declared }) => declared);
}

function toContainer(output: HostOutput, details: Inspected): Container {
  return {
    name: visible(details.name, 200),
    image: visible(details.image, 300),
    restartPolicy: details.restartPolicy === "" ? "no" : visible(details.restartPolicy, 50),
    timezone: visible(details.environment.get("TZ") ?? "", 100),
    openclaw: isOpenclaw(output, details) && !isHelper(output, details),
    ...details.powers,
    user: visible(details.user || "root", 60),
    startsAsRoot: isRootUser(details.user),
    networkMode: visible(details.networkMode, 100),
    logDriver: details.logging === undefined ? unknown(notAsked) : visible(details.logging.driver, 60),
    ports: publishedPorts(details),
  };
}

function uninspected(output: HostOutput, name: string, image: string): Container {
  const why = unknown("docker inspect was not allowed or did not answer");
  return {
    name: visible(name, 200),
    image: visible(image, 300),
    restartPolicy: why,
    timezone: why,
    openclaw: isOpenclaw(output, { name, image, mounts: [] }),
    ...withoutPowers(why.$unknown),
    user: why,
    startsAsRoot: why,
    networkMode: why,
    logDriver: why,
    ports: [why],
  };
}

const notAsked = "docker inspect was not asked about it";

/** Ports of the host that lead to it. */
export function publishedPorts(details: Inspected): Container["ports"] {
  if (details.networkMode === "host") return [unknown("it uses the host's network: see the host's listeners")];
  if (details.ports === null) return [];
  if (!isRecord(details.ports)) return [unknown("the list of ports was not understood")];
  return Object.entries(details.ports).flatMap(([key, bindings]): Container["ports"] => {
    const match = /^(\d{1,5})\/(tcp|udp)$/.exec(key);
    if (bindings === null) return [];
    if (match === null || !Array.isArray(bindings))
      return [unknown(`a published port was not understood: ${visible(key, 40)}`)];
    return bindings.map((binding) => {
      const hostPort = isRecord(binding) ? Number(binding["HostPort"]) : Number.NaN;
      if (!isRecord(binding) || !Number.isInteger(hostPort)) return unknown("a published port was not understood");
      const protocol = match[2] === "udp" ? ("udp" as const) : ("tcp" as const);
      return {
        hostAddress: visible(String(binding["HostIp"] ?? ""), 60),
        hostPort,
        containerPort: Number(match[1]),
        protocol,
      };
    });
  });
}

/** Values of JSON that stand in a line one after the other: strings, lists and objects. */
function jsonWords(line: string): (Json | undefined)[] {
  const words: (Json | undefined)[] = [];
  let depth = 0;
  let start = 0;
  for (const token of `${line} `.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\] ]/g)) {
    if (token[0] === "{" || token[0] === "[") depth += 1;
    else if (token[0] === "}" || token[0] === "]") depth -= 1;
    else if (token[0] === " " && depth <= 0 && words.length < 12) {
      if (token.index > start) words.push(parseJson(line.slice(start, token.index)));
      start = token.index + 1;
    }
  }
  return words;
}

function strings(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function pairs(list: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let index = 0; index + 1 < list.length; index += 2) found.set(list[index] ?? "", list[index + 1] ?? "");
  return found;
}

/** Why docker could not be asked; undefined when it could. */
export function dockerFault(output: HostOutput): string | undefined {
  const listed = frameOf(output, "containers.list");
  return listed === undefined ? undefined : faultOf(listed)?.detail;
}
