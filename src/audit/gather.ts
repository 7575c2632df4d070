import { collectHost, type HostResult } from "#collect/host/collect.ts";
import { notCollected } from "#collect/host/output.ts";
import { scriptDigest } from "#collect/host/script.ts";
import { collectNetwork, type NetworkPlan } from "#collect/outside/collect.ts";
import { resolutionEvidence } from "#collect/outside/resolution.ts";
import { notAttempted } from "#model/attempt.ts";
import { bundleSchema, type EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import { outboundPlan } from "#model/outbound.ts";
import type { Policy } from "#model/policy.ts";
import type { Surroundings } from "#model/progress.ts";
import { visible } from "#model/sanitise.ts";
import type { Target } from "#model/target.ts";
import type { Vantage } from "#model/vantage.ts";
import { adminPlaceOf } from "#net/admin-place.ts";
import type { SessionProblem } from "#net/session/problem.ts";
import { within } from "#net/within.ts";
import { withAttestations } from "./attestations-file.ts";
import { identify } from "./identity.ts";
import { loginConnections } from "./login-connections.ts";
import { loginFailure } from "./login-failure.ts";
import { openSession } from "./open-session.ts";
import { findPlaces, type Places } from "./places.ts";
import type { AuditRequest } from "./request.ts";
import type { OwnAddress } from "./surroundings.ts";
import { isTarget, lookThroughTunnel, type VantageProblem } from "./tunnelled-look.ts";

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
  /** Why places over SSH could not look. */
  readonly vantageProblems: readonly VantageProblem[];
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
  const runId = options.randomHex(8);
  const places = await findPlaces(request, options.ownAddresses, around);
  const vantage = networkVantage(request);
  const login = Promise.withResolvers<void>();
  const hostPlaces = { ...places, policy: request.policy };
  const inside = lookInside(hostPlaces, options, { ...around, loggedIn: login.resolve }).finally(login.resolve);
  const ready = within(login.promise, { timeoutMs: loginHeadStartMs, signal: around.signal });
  const plan = planOf({ ...request, target: places.target, vantage, runId }, places, options);
  const fromHere = async () => {
    await ready;
    return await collectNetwork(plan, around);
  };
  const tunnels = places.target.local ? [] : request.tunnels;
  const looks = tunnels.map((tunnel) => lookThroughTunnel(tunnel, { plan, places, ready, options }, around));
  const [network, host, ...through] = await Promise.all([fromHere(), inside, ...looks]);
  const seenKeys = identify(network.evidence, host.hostKeys, undefined).sshHostKeys;
  const elsewhere = through.map((look) => (seenKeys.includes(look.hostKey ?? "") ? isTarget(look) : look));
  const evidence = [
    ...[vantage, ...elsewhere.map((look) => look.vantage)].map(({ id }) =>
      resolutionEvidence(id, places.resolved, startedAt, places.durationMs),
    ),
    ...network.evidence,
    ...elsewhere.flatMap((look) => look.evidence),
    ...host.result.evidence,
  ];
  const bundle: EvidenceBundle = {
    schema: bundleSchema,
    runId,
    tool: options.tool,
    scriptDigest: host.ran ? scriptDigest() : "",
    startedAt: startedAt.toISOString(),
    finishedAt: around.now().toISOString(),
    interrupted: around.signal.aborted,
    target: withoutKeyPath(places.target),
    policy: request.policy,
    authorisation: places.authorisation,
    scope: { addresses: [...places.addresses], exclusions: exclusions(options) },
    vantages: [vantage, ...elsewhere.map((look) => look.vantage), host.vantage],
    identity: identify(evidence, host.hostKeys, host.result.machineIdHash),
    clocks: {
      scannerTimezone: options.timezone,
      ...(host.result.targetOffsetMs === undefined ? {} : { targetOffsetMs: host.result.targetOffsetMs }),
      ...(host.result.targetOffsetErrorMs === undefined
        ? {}
        : { targetOffsetErrorMs: host.result.targetOffsetErrorMs }),
    },
    connections: [...network.connections, ...elsewhere.flatMap((look) => look.connections), ...host.connections],
    evidence,
  };
  const { attested } = request;
  const whole = attested === undefined ? bundle : withAttestations(bundle, { ...attested, at: startedAt });
  const problems = elsewhere.flatMap(({ problem }) => problem ?? []);
  return { bundle: whole, problem: host.problem, vantageProblems: problems };
}

function networkVantage(request: AuditRequest): Vantage {
  const role = request.target.local ? "inside" : (request.vantage?.role ?? "unplaced");
  return { id: request.vantage?.id ?? "here", role, via: "local", addresses: [], notes: [] };
}

/** Names the tool and the run, so that the owner finds our requests in access logs and in the report. */
function userAgent(version: string, runId: string): string {
  return `sekisho/${version} (audit ${runId})`;
}

/** What a look is for. */
type Looked = Pick<AuditRequest, "target" | "controls" | "policy"> & {
  readonly vantage: Vantage;
  readonly runId: string;
};

/** What is looked at from here; other places look at the same. */
function planOf(
  { target, vantage, controls, policy, runId }: Looked,
  { addresses }: Places,
  options: GatherOptions,
): NetworkPlan {
  const { names, adminUrl, ssh, local } = target;
  const admin = adminUrl === undefined ? undefined : adminPlaceOf(adminUrl)?.port;
  const declared = (policy.openPorts ?? []).filter(({ protocol }) => protocol === "tcp").map(({ port }) => port);
  return {
    vantage: vantage.id,
    names,
    ...(adminUrl === undefined ? {} : { adminUrl }),
    addresses,
    ports: options.ports,
    first: [22, 443, admin, ssh?.port, ...declared].filter((port) => port !== undefined),
    controls,
    sshUsers: sshUsers(target),
    userAgent: userAgent(options.tool.version, runId),
    timeoutMs: options.timeoutMs,
    local,
  };
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
    const connections = loginConnections(target.ssh);
    return { result, vantage, hostKeys: session.hostKeys, connections, ran: true, problem: undefined };
  } finally {
    await session.close();
  }
}

function notInside(around: Surroundings, problem: SessionProblem | undefined, target?: Target): InsideView {
  const attempt =
    problem === undefined
      ? notAttempted("no SSH login was given; give --ssh user@host, or let the owner run the output of sekisho script")
      : loginFailure(problem);
  return {
    result: { evidence: notCollected(hostVantageId, attempt, around.now()), notes: [] },
    vantage: { id: hostVantageId, role: "inside", via: "ssh2", addresses: [], notes: [] },
    hostKeys: [],
    connections: loginConnections(target?.ssh),
    ran: false,
    problem,
  };
}

/** The path of a private key tells of the scanner's machine, not of the target. */
function withoutKeyPath(target: Target): Target {
  if (target.ssh?.identity === undefined) return target;
  const { identity: _path, ...ssh } = target.ssh;
  return { ...target, ssh };
}

function exclusions(options: GatherOptions): string[] {
  const left = [
    "Of UDP only well-known services were asked; what else listens and what the firewall accepts is read on the host.",
  ];
  if (options.ports.length < 65535) left.push(`Only ${options.ports.length} of 65535 TCP ports were probed.`);
  return left;
}
