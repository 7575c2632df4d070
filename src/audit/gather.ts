import { collectHost, type HostResult } from "#collect/host/collect.ts";
import { notCollected } from "#collect/host/output.ts";
import { scriptDigest } from "#collect/host/script.ts";
import { collectNetwork, type NetworkResult } from "#collect/outside/collect.ts";
import { resolutionEvidence } from "#collect/outside/resolution.ts";
import { type FailureReason, failed, notAttempted } from "#model/attempt.ts";
import { bundleSchema, type EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import { outboundPlan } from "#model/outbound.ts";
import type { Policy } from "#model/policy.ts";
import type { Surroundings } from "#model/progress.ts";
import { visible } from "#model/sanitise.ts";
import type { Target } from "#model/target.ts";
import type { Vantage } from "#model/vantage.ts";
import type { SessionProblem } from "#net/session/problem.ts";
import { within } from "#net/within.ts";
import { withAttestations } from "./attestations-file.ts";
import { identify } from "./identity.ts";
import { withoutFolders } from "./local-paths.ts";
import { openSession, parseJump } from "./open-session.ts";
import { findPlaces, type Places } from "./places.ts";
import type { AuditRequest } from "./request.ts";
import type { OwnAddress } from "./surroundings.ts";

/** How this machine gathers: what the command line, the environment and the clock give. */
export interface GatherOptions {
  readonly ports: readonly number[];
  /** Longest wait for one connection. */
  readonly timeoutMs: number;
  readonly acceptNewHostKey: string | boolean;
  readonly ownAddresses: readonly OwnAddress[];
  readonly homeDirectory: string;
  readonly agentSocket: string | undefined;
  readonly knownHostsFiles: readonly string[];
  readonly tool: EvidenceBundle["tool"];
  readonly timezone: string;
  /** Random bytes as hex: for the run's id and the boundary of frames. */
  readonly randomHex: (bytes: number) => string;
}

/** What came of gathering. `problem` says why the host could not be logged into. */
export interface Gathered {
  readonly bundle: EvidenceBundle;
  readonly problem: SessionProblem | undefined;
}

const hostVantageId = "host";
const hostTimeoutMs = 90_000;
const hostMaxBytes = 16 * 1024 * 1024;
/** A login name that no server has: what is offered to it is offered to anyone. */
const strangerName = "sekisho-no-such-user";

/** How long the probes wait for the login to come through: to a daemon they keep busy it might not. */
const loginHeadStartMs = 5000;

/**
 * Looks at one target from here and from inside at the same time; the login goes first. Throws InputError (scope) and UnusableError (no address);
 * whatever else goes wrong is in the bundle.
 */
export async function gather(request: AuditRequest, options: GatherOptions, around: Surroundings): Promise<Gathered> {
  const startedAt = around.now();
  const places = await findPlaces(request, options.ownAddresses, around);
  const vantage = networkVantage(request);
  const login = Promise.withResolvers<void>();
  const hostPlaces = { ...places, policy: request.policy };
  const inside = lookInside(hostPlaces, options, { ...around, loggedIn: login.resolve }).finally(login.resolve);
  const fromHere = async () => {
    await within(login.promise, { timeoutMs: loginHeadStartMs, signal: around.signal });
    return await lookFromHere({ vantage: vantage.id, places, controls: request.controls }, options, around);
  };
  const [network, host] = await Promise.all([fromHere(), inside]);
  const resolution = resolutionEvidence(vantage.id, places.resolved, startedAt, places.durationMs);
  const evidence = [resolution, ...network.evidence, ...host.result.evidence];
  const bundle: EvidenceBundle = {
    schema: bundleSchema,
    runId: options.randomHex(8),
    tool: options.tool,
    scriptDigest: host.ran ? scriptDigest() : "",
    startedAt: startedAt.toISOString(),
    finishedAt: around.now().toISOString(),
    interrupted: around.signal.aborted,
    target: withoutKeyPath(places.target),
    policy: request.policy,
    authorisation: places.authorisation,
    scope: { addresses: [...places.addresses], exclusions: exclusions(options) },
    vantages: [vantage, host.vantage],
    identity: identify(evidence, host.hostKeys, host.result.machineIdHash),
    clocks: {
      scannerTimezone: options.timezone,
      ...(host.result.targetOffsetMs === undefined ? {} : { targetOffsetMs: host.result.targetOffsetMs }),
      ...(host.result.targetOffsetErrorMs === undefined
        ? {}
        : { targetOffsetErrorMs: host.result.targetOffsetErrorMs }),
    },
    connections: [...network.connections, ...host.connections],
    evidence,
  };
  const { attested } = request;
  const whole = attested === undefined ? bundle : withAttestations(bundle, { ...attested, at: startedAt });
  return { bundle: whole, problem: host.problem };
}

function networkVantage(request: AuditRequest): Vantage {
  const role = request.target.local ? "inside" : (request.vantage?.role ?? "unplaced");
  return { id: request.vantage?.id ?? "here", role, via: "local", addresses: [], notes: [] };
}

async function lookFromHere(
  { vantage, places, controls }: { vantage: string; places: Places; controls: AuditRequest["controls"] },
  options: GatherOptions,
  around: Surroundings,
): Promise<NetworkResult> {
  const plan = {
    vantage,
    names: places.target.names,
    ...(places.target.adminUrl === undefined ? {} : { adminUrl: places.target.adminUrl }),
    addresses: places.addresses,
    ports: options.ports,
    controls,
    sshUsers: sshUsers(places.target),
    timeoutMs: options.timeoutMs,
    local: places.target.local,
  };
  return await collectNetwork(plan, around);
}

function sshUsers(target: Target): readonly string[] {
  return [...new Set([...(target.ssh === undefined ? [] : [target.ssh.user]), "root", strangerName])];
}

interface InsideView {
  readonly result: HostResult;
  readonly vantage: Vantage;
  readonly hostKeys: readonly string[];
  readonly connections: EvidenceBundle["connections"];
  readonly ran: boolean;
  readonly problem: SessionProblem | undefined;
}

/** Surroundings of the way in, which are told when the login has come to an end, well or badly. */
type WayIn = Surroundings & { readonly loggedIn: () => void };

/** Places, with the policy, which says what to look for on the host. */
type HostPlaces = Places & { readonly policy: Policy };

async function lookInside(places: HostPlaces, options: GatherOptions, around: WayIn): Promise<InsideView> {
  if (!places.target.local && places.target.ssh === undefined) return notInside(around, undefined);
  try {
    return await logInAndLook(places, options, around);
  } catch (error) {
    if (error instanceof InputError) throw error;
    // What else throws here is a fault of ours; the view from the network is worth keeping all the same.
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return notInside(around, {
      code: "bug",
      message: `Looking inside failed by a fault of sekisho: ${visible(trace, 1000)}`,
      hint: "Report this text; the view from the network was kept.",
    });
  }
}

async function logInAndLook(places: HostPlaces, options: GatherOptions, around: WayIn): Promise<InsideView> {
  const { target, permit, policy } = places;
  around.progress({ step: "login", state: "start", vantage: hostVantageId });
  const opened = await openSession(target, { ...options, permit, timeoutMs: 20_000, signal: around.signal });
  around.progress({ step: "login", state: "end", vantage: hostVantageId });
  around.loggedIn();
  if (!opened.ok) return notInside(around, opened.problem, target);
  const { session } = opened;
  try {
    const plan = {
      vantage: hostVantageId,
      boundary: options.randomHex(16),
      sshUsers: sshUsers(target),
      ...(target.container === undefined ? {} : { container: target.container }),
      backups: { paths: policy.backups?.paths ?? [], jobs: policy.backups?.jobs ?? [] },
      outbound: outboundPlan(policy),
      timeoutMs: hostTimeoutMs,
      maxBytes: hostMaxBytes,
    };
    const result = await collectHost(session, plan, around);
    const notes = [...session.notes, ...result.notes];
    const vantage: Vantage = { id: hostVantageId, role: "inside", via: session.via, addresses: [], notes };
    const connections = loginConnections(target);
    return { result, vantage, hostKeys: session.hostKeys, connections, ran: true, problem: undefined };
  } finally {
    await session.close();
  }
}

/** The one connection of the login, to the host or to its bastion. */
function loginConnections({ ssh }: Target): EvidenceBundle["connections"] {
  if (ssh === undefined) return [];
  const first = ssh.jump === undefined ? { host: ssh.host, port: ssh.port ?? 22 } : parseJump(ssh.jump);
  return [{ address: first.host, port: first.port, purpose: "login", count: 1 }];
}

function notInside(around: Surroundings, problem: SessionProblem | undefined, target?: Target): InsideView {
  const attempt =
    problem === undefined
      ? notAttempted("no SSH login was given; give --ssh user@host, or let the owner run the output of sekisho script")
      : failed(failureOf(problem.code), withoutFolders(`${problem.message} ${problem.hint}`));
  return {
    result: { evidence: notCollected(hostVantageId, attempt, around.now()), notes: [] },
    vantage: { id: hostVantageId, role: "inside", via: "ssh2", addresses: [], notes: [] },
    hostKeys: [],
    connections: target === undefined ? [] : loginConnections(target),
    ran: false,
    problem,
  };
}

function failureOf(code: SessionProblem["code"]): FailureReason {
  switch (code) {
    case "unresolved":
    case "unreachable":
      return "unreachable";
    case "refused":
      return "refused";
    case "timeout":
    case "lost":
      return "timeout";
    case "not-ssh":
      return "malformed";
    case "algorithms":
      return "unsupported";
    case "bug":
      return "bug";
    case "host-key-unknown":
    case "host-key-changed":
    case "host-key-revoked":
    case "authentication":
    case "passphrase":
    case "key-unreadable":
    case "no-shell":
    case "forced-command":
      return "denied";
  }
}

/** The path of a private key tells of the scanner's machine, not of the target. */
function withoutKeyPath(target: Target): Target {
  if (target.ssh?.identity === undefined) return target;
  const { identity: _path, ...ssh } = target.ssh;
  return { ...target, ssh };
}

function exclusions(options: GatherOptions): string[] {
  const left = [
    "UDP ports were not probed from the network; what listens and what the firewall accepts is read on the host.",
  ];
  if (options.ports.length < 65535) left.push(`Only ${options.ports.length} of 65535 TCP ports were probed.`);
  return left;
}
