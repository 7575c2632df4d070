import type { Attempt } from "#model/attempt.ts";
import { bundleSchema, type Evidence, type EvidenceBundle } from "#model/bundle.ts";
import type { Vantage, VantageRole } from "#model/vantage.ts";

const at = "2026-11-22T05:05:00.000Z";

/** A place to look from. */
export function vantage(id: string, role: VantageRole = id as VantageRole): Vantage {
  return { id, role, via: role === "inside" ? "ssh2" : "local", addresses: [], notes: [] };
}

/** One attempt; a plain value is an observed one. */
export function look(vantageId: string, kind: string, attempt: Attempt<unknown>, startedAt = at): Evidence {
  return { kind, vantage: vantageId, attempt, startedAt, durationMs: 10, method: `look for ${kind}` };
}

/** A bundle of a server at 203.0.113.5 with the evidence given. */
export function bundle(parts: Partial<EvidenceBundle> = {}): EvidenceBundle {
  return {
    schema: bundleSchema,
    runId: "run-1",
    tool: { name: "sekisho", version: "0.1.0", node: "24.0.0" },
    scriptDigest: "",
    startedAt: at,
    finishedAt: "2026-11-22T05:06:00.000Z",
    interrupted: false,
    target: { id: "office", names: [], addresses: ["203.0.113.5"], local: false },
    policy: {},
    authorisation: null,
    scope: { addresses: ["203.0.113.5"], exclusions: [] },
    vantages: [],
    identity: { sshHostKeys: [], tlsKeys: [] },
    clocks: { scannerTimezone: "Asia/Tokyo" },
    connections: [],
    evidence: [],
    ...parts,
  };
}

/** A complete scan of an address with these ports open. */
export function scan(address: string, ports: readonly number[], more: Record<string, unknown> = {}) {
  return {
    address,
    family: address.includes(":") ? "ipv6" : "ipv4",
    probedPorts: 65535,
    closedPorts: 0,
    rejectedPorts: 0,
    filteredPorts: 65535 - ports.length,
    open: ports.map((port) => ({ port })),
    control: { established: true, how: "22/tcp answered" },
    ...more,
  };
}

/** An SSH server as far as the tests need one. */
export function sshServer(port: number, methods: unknown) {
  return {
    address: "203.0.113.5",
    family: "ipv4",
    port,
    banner: "SSH-2.0-OpenSSH_9.6",
    keyExchange: [],
    hostKeyAlgorithms: [],
    ciphers: [],
    macs: [],
    hostKeys: [],
    users: [{ user: "root", methods }],
  };
}
