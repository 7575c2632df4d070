import type { Duplex } from "node:stream";
import type { HttpServer } from "#evidence/http.ts";
import type { SshServer } from "#evidence/ssh.ts";
import type { TlsServer } from "#evidence/tls.ts";
import type { Surroundings } from "#model/progress.ts";
import { type AdminPlace, adminPlaceOf } from "#net/admin-place.ts";
import { type Dial, type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import { answersAsSsh, identify, type Service } from "#net/identify.ts";
import { type HelloAnswer, refusesName, shakeHands } from "#net/tls-client.ts";
import { trustStore } from "#net/trust.ts";
import { type HttpFound, type HttpOptions, lookAtHttp } from "./http.ts";
import type { NetworkPlan } from "./plan.ts";
import { lookAtSsh } from "./ssh.ts";
import { lookAtTls, type TlsFound } from "./tls.ts";
import { lookAtNames } from "./tls-names.ts";

/** Kinds of evidence about services. */
export type ServiceKind = "ssh" | "tls" | "http";

/** Where findings go. */
export interface Findings {
  readonly ssh: { server: SshServer; raw: Buffer }[];
  readonly tls: { server: TlsServer; raw: Buffer }[];
  readonly http: { server: HttpServer; raw: Buffer }[];
  /** Why a list may lack a server, by kind. */
  readonly gaps: Record<ServiceKind, string[]>;
}

/** How services are looked at. */
export interface ServiceOptions {
  readonly plan: NetworkPlan;
  readonly around: Surroundings;
  readonly dial: Dial;
  readonly findings: Findings;
  /** Runs work on one daemon after other work on it. */
  readonly inTurn: <T>(daemon: string, work: () => Promise<T>) => Promise<T>;
}

/** How many connection timeouts a whole exchange may take. */
const exchangeTimeouts = 4;
const longestPassiveMs = 1500;

/** Findings without anything in them. */
export function noFindings(): Findings {
  return { ssh: [], tls: [], http: [], gaps: { ssh: [], tls: [], http: [] } };
}

/** Finds out what speaks on an open port and looks at it as far as it is SSH, TLS or HTTP. `given` is a connection that already stands. */
export async function lookAtPort(
  endpoint: Endpoint,
  given: Duplex | undefined,
  options: ServiceOptions,
): Promise<void> {
  const { plan, around, dial } = options;
  const limits: Limits = { timeoutMs: plan.timeoutMs * exchangeTimeouts, signal: around.signal };
  const passiveMs = Math.min(longestPassiveMs, plan.timeoutMs * 1.5);
  const service = await identify(endpoint, given, { dial, limits, passiveMs, serverName: plan.names[0] ?? "" });
  switch (service.kind) {
    case "ssh":
      return lookAtSshPort(endpoint, service.socket, limits, options);
    case "tls":
      await lookForSharedSsh(endpoint, { limits, passiveMs }, options);
      return lookAtTlsPort(endpoint, service.answer, limits, options);
    case "other":
      if (!service.spokeFirst) await lookForSharedSsh(endpoint, { limits, passiveMs }, options);
      return lookAtPlainPort(endpoint, service, limits, options);
    case "mute": {
      const found = await lookForSharedSsh(endpoint, { limits, passiveMs }, options);
      return lookAtPlainPort(endpoint, { ...service, isSsh: found }, limits, options);
    }
    case "unreached":
      return gap(options, endpoint, ["ssh", "tls", "http"], service.detail);
    default:
      return service satisfies never;
  }
}

async function lookAtSshPort(
  endpoint: Endpoint,
  socket: Duplex | undefined,
  limits: Limits,
  options: ServiceOptions,
): Promise<void> {
  const { plan, dial, findings } = options;
  const found = await options.inTurn(`ssh ${endpoint.port}`, () =>
    lookAtSsh(endpoint, socket, { dial, limits, users: plan.sshUsers }),
  );
  findings.ssh.push(found);
}

/** A port shared by several protocols hands a connection to SSH only when the client speaks first. True when one does. */
async function lookForSharedSsh(
  endpoint: Endpoint,
  { limits, passiveMs }: { limits: Limits; passiveMs: number },
  options: ServiceOptions,
): Promise<boolean> {
  if (limits.signal.aborted) return false;
  const answers = await answersAsSsh(endpoint, { dial: options.dial, limits, passiveMs });
  if (answers === true) await lookAtSshPort(endpoint, undefined, limits, options);
  else if (answers !== false) gap(options, endpoint, ["ssh"], `to an SSH client that speaks first: ${answers.detail}`);
  return answers === true;
}

/** Every name in turn, then none: TLS, and HTTP over the same connection. At last, what the port says to plain HTTP. */
async function lookAtTlsPort(
  endpoint: Endpoint,
  hello: HelloAnswer,
  limits: Limits,
  options: ServiceOptions,
): Promise<void> {
  const { plan, around, dial, findings } = options;
  const asked: Asked[] = [];
  const seen: TlsFound[] = [];
  for (const [index, name] of namesOf(plan).entries()) {
    if (around.signal.aborted) {
      gap(options, endpoint, ["tls", "http"], `stopped before ${name || "the server"} was asked`);
      break;
    }
    const found = await lookAtTls(endpoint, name, {
      dial,
      limits,
      now: around.now,
      store: trustStore(),
      hello: index === 0 ? hello : undefined,
    });
    seen.push(found);
    asked.push(await lookOverTls(endpoint, name, found.socket, { ...options, limits }));
  }
  if (plan.names.length > 0 && !around.signal.aborted) {
    // Certificates are for names, so the handshake without one is only the way to what is served there.
    const socket = await shakeHands(endpoint, "", { dial, limits, store: trustStore() });
    const handshake = isFailure(socket) ? socket : socket.socket;
    asked.push(await lookOverTls(endpoint, "", handshake, { ...options, limits }));
  }
  settle(endpoint, asked, options);
  if (!around.signal.aborted) await lookBesideTls(endpoint, limits, options);
  // What is needed most comes first: a server that tires of many connections has told it by now.
  const servers = await lookAtNames(endpoint, seen, { dial, limits, inTurn: options.inTurn });
  for (const [index, server] of servers.entries()) {
    findings.tls.push({ server, raw: seen[index]?.raw ?? Buffer.alloc(0) });
  }
}

/** What the port says to plain HTTP; 400 is how a TLS port answers that, and nothing is served there. */
async function lookBesideTls(endpoint: Endpoint, limits: Limits, options: ServiceOptions): Promise<void> {
  for (const name of hostsOf(options.plan)) {
    const plain = await lookAtHttp(endpoint, plainOptions(endpoint, name, limits, options));
    if (plain.kind !== "http" || plain.server.status === 400) return;
    options.findings.http.push(plain);
  }
}

/** What came of asking under one name: an HTTP server, something else that spoke, or why neither was seen. */
type Asked = HttpFound | { readonly kind: "no TLS"; readonly failure: Failure; readonly refused: boolean };

async function lookOverTls(
  endpoint: Endpoint,
  name: string,
  handshake: Duplex | Failure,
  options: ServiceOptions & { readonly limits: Limits },
): Promise<Asked> {
  const { plan, dial, limits } = options;
  if (isFailure(handshake)) {
    return { kind: "no TLS", failure: handshake, refused: name === "" && refusesName(handshake) };
  }
  let ready: Duplex | undefined = handshake;
  const connect = async (within: Limits): Promise<Duplex | Failure> => {
    const socket = ready;
    ready = undefined;
    if (socket !== undefined) return socket;
    const again = await shakeHands(endpoint, name, { dial, limits: within, store: trustStore() });
    return isFailure(again) ? again : again.socket;
  };
  const admin = adminOf(plan);
  const { local, userAgent } = plan;
  return lookAtHttp(endpoint, { scheme: "https", name, connect, limits, local, userAgent, admin });
}

/** Books what was found, and a gap for each name of which nothing is known. */
function settle(endpoint: Endpoint, asked: readonly Asked[], options: ServiceOptions): void {
  const answered = asked.some(({ kind }) => kind === "http");
  const secured = asked.some(({ kind }) => kind !== "no TLS");
  for (const one of asked) {
    if (one.kind === "http") options.findings.http.push(one);
    // A server that shakes hands under a name and refuses to without one serves nothing there.
    else if (one.kind === "no TLS" && one.refused && secured) continue;
    else if (one.kind === "no TLS") gap(options, endpoint, ["http"], `no HTTP without TLS: ${one.failure.detail}`);
    else if (one.kind === "none" && !one.spoke && !(answered && one.failure.hungUp === true)) {
      // A server that answers one name and hangs up on another serves nothing under that.
      gap(options, endpoint, ["http"], one.failure.detail);
    }
  }
}

/** Every name in turn, then none, over plain HTTP. A port that stays mute to all of it may hide anything. */
async function lookAtPlainPort(
  endpoint: Endpoint,
  service: PlainService,
  limits: Limits,
  options: ServiceOptions,
): Promise<void> {
  const asked: HttpFound[] = [];
  for (const name of hostsOf(options.plan)) {
    if (options.around.signal.aborted) {
      gap(options, endpoint, ["tls", "http"], "stopped before HTTP was asked");
      break;
    }
    const found = await lookAtHttp(endpoint, plainOptions(endpoint, name, limits, options));
    asked.push(found);
    if (found.kind === "none" && found.failure.hungUp !== true) break;
  }
  const none = asked.find((one) => one.kind === "none");
  if (none === undefined || asked.some(({ kind }) => kind === "http")) return settle(endpoint, asked, options);
  tellOfNoHttp(endpoint, service, none, options);
}

type PlainService =
  | Extract<Service, { kind: "other" }>
  | (Extract<Service, { kind: "mute" }> & { readonly isSsh: boolean });

/** A port that is not HTTP either: what it may be all the same. */
function tellOfNoHttp(
  endpoint: Endpoint,
  service: PlainService,
  none: Extract<HttpFound, { kind: "none" }>,
  options: ServiceOptions,
): void {
  const { detail, reason } = none.failure;
  if (service.kind === "other" && !service.legible) {
    gap(options, endpoint, ["ssh", "tls", "http"], "it sent what belongs to no known protocol");
  } else if (service.kind === "mute" && !none.spoke) {
    // A server that hangs up on what it does not understand is no SSH server, which speaks first; one that is just silent may be.
    const silent = !service.isSsh && (service.waited || reason === "timeout");
    gap(options, endpoint, silent ? ["ssh", "tls", "http"] : ["tls", "http"], `${service.tried}; to HTTP: ${detail}`);
  } else if (service.kind === "other" && !service.spokeFirst && !none.spoke) {
    gap(options, endpoint, ["http"], detail);
  }
}

function plainOptions(endpoint: Endpoint, name: string, limits: Limits, { plan, dial }: ServiceOptions): HttpOptions {
  const connect = (within: Limits) => dial(endpoint, "http", within);
  const { local, userAgent } = plan;
  return { scheme: "http", name, connect, limits, local, userAgent, admin: adminOf(plan) };
}

function adminOf(plan: NetworkPlan): AdminPlace | undefined {
  return plan.adminUrl === undefined ? undefined : adminPlaceOf(plan.adminUrl);
}

/** Names for SNI and certificates; the empty one where there is none. */
function namesOf(plan: NetworkPlan): readonly string[] {
  return plan.names.length > 0 ? plan.names : [""];
}

/** Names for HTTP: without any, a server shows what it serves by default, to whoever finds its address. */
function hostsOf(plan: NetworkPlan): readonly string[] {
  return [...plan.names, ""];
}

function gap(options: ServiceOptions, endpoint: Endpoint, kinds: readonly ServiceKind[], why: string): void {
  for (const kind of kinds) options.findings.gaps[kind].push(`${endpoint.address} port ${endpoint.port}: ${why}`);
}
