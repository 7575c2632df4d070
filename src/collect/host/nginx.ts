import type { Static } from "typebox";
import type { Nginx } from "#evidence/host.ts";
import { type Attempt, absent, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import { type Frame, failureOf, frameOf, framesOf, type HostOutput, isComplete, missing } from "./frames.ts";
import { type Directive, readNginx } from "./nginx-config.ts";
import { openclawPorts } from "./openclaw-ports.ts";
import { processNames } from "./processes.ts";

type Server = Exclude<Static<typeof Nginx>["servers"][number], { $unknown: string }>;

/** Servers of nginx, and who may reach OpenClaw through them (ngx_http_access_module). */
export function parseNginx(output: HostOutput): Attempt<Static<typeof Nginx>> {
  const frames = framesOf(output, "nginx").filter(({ name }) => name === "nginx");
  const names = processNames(output);
  if (frames.length === 0) return withoutMaster(output, names);
  if (names !== undefined && !names.has("nginx")) return absent("nginx is installed and does not run");
  const failures = frames.map((frame) => failureOf(output, frame, "nginx's configuration"));
  const failure = failures.find((found) => found !== undefined);
  if (failure !== undefined) return failure;
  const read = frames.map((frame) => serversIn(frame, output));
  const servers = read.flatMap((instance) => ("servers" in instance ? instance.servers : []));
  const unread = read.find((instance) => !("servers" in instance));
  if (unread !== undefined && !("servers" in unread)) return unread;
  const others = [
    ...(frameOf(output, "nginx.unread") === undefined ? [] : [otherMaster]),
    ...(frameOf(output, "nginx.more") === undefined ? [] : ["several nginx run, each with a configuration of its own"]),
    ...(isComplete(output) ? [] : ["the script's output ends before the last nginx"]),
  ];
  return observed({ servers: [...servers, ...others.map((why) => unknown(why))] });
}

const otherMaster = "an nginx runs that is not root's, or not from the program that is installed";

function withoutMaster(output: HostOutput, names: ReadonlySet<string> | undefined): Attempt<never> {
  if (!isComplete(output)) return missing(output, "nginx");
  if (frameOf(output, "nginx.unread") !== undefined) return failed("unsupported", otherMaster);
  if (names === undefined) return failed("denied", "not all processes could be seen");
  return names.has("nginx")
    ? failed("malformed", "nginx runs and its configuration was not read")
    : absent("no nginx process");
}

/** Servers of one master process, from what it was told to read. */
function serversIn(frame: Frame, output: HostOutput): Static<typeof Nginx> | Attempt<never> {
  const config = readNginx(frame.text);
  if (config.root.length === 0)
    return failed(config.unreadable ? "denied" : "malformed", "nginx's configuration could not be read");
  const gaps = [
    ...config.gaps,
    ...(frame.state === "truncated" ? ["the configuration was cut at the size limit"] : []),
  ];
  const ports = openclawPorts(output);
  const servers = config.root
    .filter(({ name }) => name === "http" || name === "stream")
    .flatMap((block) => serversOf(block, { block, upstreams: upstreamsOf(block), ports, gaps }));
  return { servers: [...servers, ...[...new Set(gaps)].slice(0, 10).map((gap) => unknown(visible(gap, 300)))] };
}

function serversOf(block: Directive, around: Around): Server[] {
  return (block.block ?? []).filter(({ name }) => name === "server").map((server) => toServer(server, around));
}

/** What surrounds a server of nginx. */
export interface Around {
  readonly block: Directive;
  readonly upstreams: ReadonlyMap<string, readonly string[]>;
  readonly ports: ReadonlySet<number>;
  readonly gaps: readonly string[];
}

/** A place where requests are passed on, with the blocks around it from the outside in. */
interface Passing {
  readonly target: string;
  readonly blocks: readonly Directive[];
}

function toServer(server: Directive, around: Around): Server {
  const children = server.block ?? [];
  const names = children
    .filter(({ name }) => name === "server_name")
    .flatMap(({ args }) => args.map((arg) => visible(arg, 200)));
  const passings = collectPassings(server, [around.block]);
  const answers = passings.map((passing) => ({ passing, answer: leadsToOpenclaw(passing.target, around) }));
  const proxying = answers.filter(({ answer }) => answer === true).map(({ passing }) => passing);
  const doubt = answers.some(({ answer }) => answer === undefined) || around.gaps.length > 0;
  if (proxying.length === 0) {
    const why = unknown(doubt ? "where requests are passed to is not known" : "OpenClaw is not proxied here");
    return { names, ports: portsOf(children), proxiesOpenclaw: doubt ? why : false, allow: why, denyAll: why };
  }
  const lists = proxying.map(accessOf);
  const unclear =
    lists.find((list) => typeof list === "string") ?? (doubt ? "part of the configuration is not known" : undefined);
  const known = lists.filter((list) => typeof list !== "string");
  return {
    names,
    ports: portsOf(children),
    proxiesOpenclaw: true,
    allow: unclear === undefined ? [...new Set(known.flatMap((list) => list.allow))] : unknown(unclear),
    denyAll: unclear === undefined ? known.every((list) => list.denyAll) : unknown(unclear),
  };
}

/** Places of a block, and of those in it, where requests are passed on. */
export function collectPassings(block: Directive, outer: readonly Directive[]): Passing[] {
  const blocks = [...outer, block];
  return (block.block ?? []).flatMap((child) => {
    if (/^(proxy|fastcgi|grpc|uwsgi|scgi)_pass$/.test(child.name)) return [{ target: child.args[0] ?? "", blocks }];
    return child.block === undefined || blocks.length > 20 ? [] : collectPassings(child, blocks);
  });
}

/** Whether a place passes requests to OpenClaw; undefined where it cannot be told, such as for a variable. */
export function leadsToOpenclaw(target: string, around: Around): boolean | undefined {
  if (target.includes("$")) return undefined;
  if (target.includes("unix:")) return false;
  const authority = target.replace(/^[a-z]+:\/\//i, "").replace(/\/.*$/, "");
  const members = around.upstreams.get(authority) ?? [authority];
  return members.some((member) => around.ports.has(Number(/:(\d{1,5})$/.exec(member)?.[1])));
}

/** The list in force: the innermost level with an allow or deny of its own. Its first match decides. */
function accessOf(passing: Passing): { allow: string[]; denyAll: boolean } | string {
  const inside = passing.blocks.flatMap((block) => block.block ?? []);
  const other = inside.some(({ name }) => /^(if|auth_request|access_by_lua_block|access_by_lua_file)$/.test(name));
  if (inside.some(({ name }) => /^(set_real_ip_from|real_ip_header)$/.test(name)))
    return "the address of a client is taken from what it sends, which it may forge";
  const level = passing.blocks.findLast(hasList);
  const list = listIn(level?.block ?? []);
  if (list.denyAll && inside.some(({ name, args }) => name === "satisfy" && args[0] === "any"))
    return "satisfy any lets a password stand for an address";
  return other && !list.denyAll ? "a condition, a subrequest or a script may refuse requests too" : list;
}

/** Sources before the first rule that is for all, and whether that one denies. */
function listIn(block: readonly Directive[]): { allow: string[]; denyAll: boolean } {
  const allow: string[] = [];
  for (const { name, args } of block) {
    const source = args[0] ?? "";
    if (name === "deny" && source === "all") return { allow, denyAll: true };
    if (name === "allow") allow.push(visible(source, 100));
    if (name === "allow" && source === "all") break;
  }
  return { allow, denyAll: false };
}

function hasList(block: Directive): boolean {
  return (block.block ?? []).some(({ name }) => name === "allow" || name === "deny");
}

/** Servers of each upstream of a block. */
export function upstreamsOf(block: Directive): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const upstream of (block.block ?? []).filter(({ name }) => name === "upstream"))
    found.set(
      upstream.args[0] ?? "",
      (upstream.block ?? []).filter(({ name }) => name === "server").map(({ args }) => args[0] ?? ""),
    );
  return found;
}

function portsOf(children: readonly Directive[]): number[] {
  const listens = children.filter(({ name }) => name === "listen").map(({ args }) => args[0] ?? "");
  if (listens.length === 0) return [80];
  const ports = listens
    .filter((listen) => !listen.startsWith("unix:"))
    .map((listen) => Number(/^(?:.*:)?(\d{1,5})$/.exec(listen)?.[1] ?? 80));
  return [...new Set(ports)];
}
