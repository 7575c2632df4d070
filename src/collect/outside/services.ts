import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { HttpServer, SshServer, TlsServer } from "#evidence/network.ts";
import type { Surroundings } from "#model/progress.ts";
import { type Dial, type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import { identify, type Service } from "#net/identify.ts";
import { type HelloAnswer, shakeHands } from "#net/tls-client.ts";
import { trustStore } from "#net/trust.ts";
import { type HttpFound, lookAtHttp } from "./http.ts";
import type { NetworkPlan } from "./plan.ts";
import { lookAtSsh } from "./ssh.ts";
import { lookAtTls } from "./tls.ts";

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

/** Names of one TLS server that are looked at in full; further ones get no version probes. */
const namesInFull = 2;
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
  given: Socket | undefined,
  options: ServiceOptions,
): Promise<void> {
  const { plan, around, dial } = options;
  const limits: Limits = { timeoutMs: plan.timeoutMs * exchangeTimeouts, signal: around.signal };
  const passiveMs = Math.min(longestPassiveMs, plan.timeoutMs * 1.5);
  const service = await identify(endpoint, given, { dial, limits, passiveMs, serverName: plan.names[0] ?? "" });
  switch (service.kind) {
    case "ssh": {
      const found = await options.inTurn(`ssh ${endpoint.port}`, () =>
        lookAtSsh(endpoint, service.socket, { dial, limits, users: plan.sshUsers }),
      );
      options.findings.ssh.push(found);
      return;
    }
    case "tls":
      return lookAtTlsPort(endpoint, service.answer, limits, options);
    case "other":
    case "mute":
      return lookAtPlainPort(endpoint, service, limits, options);
    case "unreached":
      return gap(options, endpoint, ["ssh", "tls", "http"], service.detail);
    default:
      return service satisfies never;
  }
}

/** Every name in turn: TLS, and HTTP over the same connection. At last, what the port says to plain HTTP. */
async function lookAtTlsPort(
  endpoint: Endpoint,
  hello: HelloAnswer,
  limits: Limits,
  options: ServiceOptions,
): Promise<void> {
  const { plan, around, dial, findings } = options;
  for (const [index, name] of namesOf(plan).entries()) {
    if (around.signal.aborted)
      return gap(options, endpoint, ["tls", "http"], `stopped before ${name || "the server"} was asked`);
    const found = await lookAtTls(endpoint, name, {
      dial,
      limits,
      now: around.now,
      store: trustStore(),
      hello: index === 0 ? hello : undefined,
      versions: index < namesInFull,
    });
    findings.tls.push(found);
    if (isFailure(found.socket)) gap(options, endpoint, ["http"], `no HTTP without TLS: ${found.socket.detail}`);
    else await lookOverTls(endpoint, name, { ...options, limits, first: found.socket });
  }
  const [name = ""] = plan.names;
  if (around.signal.aborted) return;
  const plain = await lookAtHttp(endpoint, {
    scheme: "http",
    name,
    connect: (within) => dial(endpoint, "http", within),
    limits,
    local: plan.local,
  });
  // 400 is how a TLS port answers plain HTTP that knows what it is being asked; it serves nothing there.
  if (plain.kind === "http" && plain.server.status !== 400) findings.http.push(plain);
}

interface OverTls extends ServiceOptions {
  readonly limits: Limits;
  /** The connection on which the handshake was made. */
  readonly first: Duplex;
}

async function lookOverTls(endpoint: Endpoint, name: string, options: OverTls): Promise<void> {
  const { plan, dial, findings } = options;
  let ready: Duplex | undefined = options.first;
  const connect = async (limits: Limits): Promise<Duplex | Failure> => {
    const socket = ready;
    ready = undefined;
    if (socket !== undefined) return socket;
    const again = await shakeHands(endpoint, name, { dial, limits, store: trustStore() });
    return isFailure(again) ? again : again.socket;
  };
  const found = await lookAtHttp(endpoint, {
    scheme: "https",
    name,
    connect,
    limits: options.limits,
    local: plan.local,
  });
  if (found.kind === "http") findings.http.push(found);
  else if (!found.spoke) gap(options, endpoint, ["http"], found.failure.detail);
}

/** Every name in turn over plain HTTP. A port that stays mute to all of it may hide anything. */
async function lookAtPlainPort(
  endpoint: Endpoint,
  service: Extract<Service, { kind: "other" | "mute" }>,
  limits: Limits,
  options: ServiceOptions,
): Promise<void> {
  const { plan, around, dial, findings } = options;
  for (const name of namesOf(plan)) {
    if (around.signal.aborted) return gap(options, endpoint, ["tls", "http"], "stopped before HTTP was asked");
    const found: HttpFound = await lookAtHttp(endpoint, {
      scheme: "http",
      name,
      connect: (within) => dial(endpoint, "http", within),
      limits,
      local: plan.local,
    });
    if (found.kind === "http") {
      findings.http.push(found);
      continue;
    }
    if (found.spoke) return;
    const { detail, reason } = found.failure;
    if (service.kind === "mute") {
      // A server that hangs up on what it does not understand is no SSH server, which speaks first; one that is just silent may be.
      const hides: ServiceKind[] = service.waited || reason === "timeout" ? ["ssh", "tls", "http"] : ["tls", "http"];
      return gap(options, endpoint, hides, `${service.tried}; to HTTP: ${detail}`);
    }
    if (!service.spokeFirst) gap(options, endpoint, ["http"], detail);
    return;
  }
}

function namesOf(plan: NetworkPlan): readonly string[] {
  return plan.names.length > 0 ? plan.names : [""];
}

function gap(options: ServiceOptions, endpoint: Endpoint, kinds: readonly ServiceKind[], why: string): void {
  for (const kind of kinds) options.findings.gaps[kind].push(`${endpoint.address} port ${endpoint.port}: ${why}`);
}
