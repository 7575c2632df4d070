import { collectNetwork, type NetworkPlan } from "#collect/outside/collect.ts";
import { isLocalAddress } from "#expression/cidr.ts";
import { type Attempt, failed } from "#model/attempt.ts";
import type { Evidence, EvidenceBundle } from "#model/bundle.ts";
import { InputError } from "#model/input-error.ts";
import type { Surroundings } from "#model/progress.ts";
import { visible } from "#model/sanitise.ts";
import type { Vantage } from "#model/vantage.ts";
import { describeHop } from "#net/session/login.ts";
import type { SessionProblem } from "#net/session/problem.ts";
import { wayThrough } from "#net/tunnel/way.ts";
import { loginConnections } from "./login-connections.ts";
import { loginFailure } from "./login-failure.ts";
import { type OpenSessionOptions, openVantage } from "./open-session.ts";
import type { Places } from "./places.ts";
import type { TunnelledVantage } from "./vantages.ts";

/** What was seen from a host that connected on our behalf. */
export interface TunnelledLook {
  readonly vantage: Vantage;
  readonly evidence: readonly Evidence[];
  readonly connections: EvidenceBundle["connections"];
  /** Fingerprint of that host's key; undefined where there was no login. */
  readonly hostKey: string | undefined;
  readonly problem: VantageProblem | undefined;
}

/** Why a place could not look; without code where it may not count. */
export type VantageProblem = Pick<SessionProblem, "message" | "hint"> & Partial<Pick<SessionProblem, "code">>;

/** What a look from elsewhere takes. */
export interface LookParts {
  /** What is looked at from here. */
  readonly plan: NetworkPlan;
  readonly places: Places;
  /** Settles when the probes may begin. */
  readonly ready: Promise<unknown>;
  readonly options: Pick<OpenSessionOptions, "acceptNewHostKey" | "knownHostsFiles" | "agentSocket" | "homeDirectory">;
}

const kinds = ["icmp", "tcp", "ssh", "tls", "http"] as const;
const loginMs = 20_000;
const lookElsewhere = "Look from another host: to itself a server answers what it refuses to others.";
const method = "connections through the SSH server of the vantage (direct-tcpip, RFC 4254, 7.2)";

/**
 * Logs into the host of a vantage and looks at the target through it. Where the login fails, or breaks, the evidence says so. Throws
 * InputError for a login that can not be meant, or that leads to the target.
 */
export async function lookThroughTunnel(
  tunnelled: TunnelledVantage,
  parts: LookParts,
  around: Surroundings,
): Promise<TunnelledLook> {
  try {
    return await logInAndLook(tunnelled, parts, around);
  } catch (error) {
    if (error instanceof InputError) throw error;
    // What else throws here is a fault of ours; what was seen from other places is worth keeping all the same.
    const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const problem: SessionProblem = {
      code: "bug",
      message: `Looking from ${tunnelled.id} failed by a fault of sekisho: ${visible(trace, 1000)}`,
      hint: "Report this text; what was seen from other places was kept.",
    };
    return notLooked(tunnelled, problem, around);
  }
}

async function logInAndLook(
  tunnelled: TunnelledVantage,
  { plan, places, ready, options }: LookParts,
  around: Surroundings,
): Promise<TunnelledLook> {
  const { id, ssh, role } = tunnelled;
  around.progress({ step: "login", state: "start", vantage: id });
  const permit = (address: string) => {
    if (!places.addresses.includes(address)) return;
    throw new InputError(`The host of the vantage ${id}, ${ssh.host}, is the target itself.`, { hint: lookElsewhere });
  };
  const opened = await openVantage(ssh, { ...options, permit, timeoutMs: loginMs, signal: around.signal });
  around.progress({ step: "login", state: "end", vantage: id });
  if (!opened.ok) return notLooked(tunnelled, opened.problem, around);
  const { tunnel, hostKey, notes } = opened;
  try {
    await ready;
    const signal = AbortSignal.any([around.signal, tunnel.lost]);
    const found = await collectNetwork(
      {
        ...plan,
        vantage: id,
        addresses: addressesFor(role, places),
        controls: tunnelled.controls,
        local: false,
        way: wayThrough(tunnel),
      },
      { ...around, signal },
    );
    const broke = tunnel.lost.aborted ? ["The SSH connection to this vantage broke before everything was asked."] : [];
    return {
      vantage: { ...describe(tunnelled), notes: [...describe(tunnelled).notes, ...notes, ...broke] },
      evidence: found.evidence,
      connections: [...loginConnections(ssh), ...found.connections.map((one) => ({ ...one, vantage: id }))],
      hostKey,
      problem: undefined,
    };
  } finally {
    await tunnel.close();
  }
}

/** Addresses that mean the target from another host too; from outside, private ones only where there are no others. */
function addressesFor(role: TunnelledVantage["role"], { addresses, isNamed }: Places): readonly string[] {
  const named = addresses.filter(isNamed);
  const open = named.filter((address) => !isLocalAddress(address));
  return role === "outside" && open.length > 0 ? open : named;
}

function describe({ id, role, ssh }: TunnelledVantage): Vantage {
  const where = describeHop({ host: ssh.host, port: ssh.port ?? 22 });
  const note = `Connections were made by the SSH server ${where} through TCP forwarding; nothing was run there.`;
  return { id, role, via: "tunnel", addresses: [], notes: [note] };
}

function notLooked(tunnelled: TunnelledVantage, problem: SessionProblem, around: Surroundings): TunnelledLook {
  return {
    vantage: { ...describe(tunnelled), notes: [] },
    evidence: withAttempt(tunnelled.id, loginFailure(problem), around.now()),
    connections: loginConnections(tunnelled.ssh),
    hostKey: undefined,
    problem,
  };
}

function withAttempt(vantage: string, attempt: Attempt<never>, now: Date): readonly Evidence[] {
  return kinds.map((kind) => ({ kind, vantage, attempt, startedAt: now.toISOString(), durationMs: 0, method }));
}

/** What was seen from the target itself is no view from elsewhere: to itself a server answers what it refuses to others. */
export function isTarget(look: TunnelledLook): TunnelledLook {
  const problem: VantageProblem = {
    message: `The host of the vantage ${look.vantage.id} is the target itself: its host key is the target's.`,
    hint: lookElsewhere,
  };
  const attempt = failed("unsupported", `${problem.message} ${problem.hint}`);
  const evidence = look.evidence.map(({ digest: _digest, excerpt: _excerpt, ...one }) => ({ ...one, attempt }));
  return { ...look, evidence, problem };
}
