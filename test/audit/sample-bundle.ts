import type { Evidence, EvidenceBundle } from "#model/bundle.ts";

/** A small bundle of one server, as seen from one vantage. */
export function sampleBundle(changes: Partial<EvidenceBundle> = {}): EvidenceBundle {
  return {
    schema: "sekisho.evidence/1",
    runId: "0011223344556677",
    tool: { name: "sekisho", version: "0.1.0", node: "24.0.0" },
    scriptDigest: "",
    startedAt: "2026-11-22T01:00:00.000Z",
    finishedAt: "2026-11-22T01:01:00.000Z",
    interrupted: false,
    target: { id: "claw", names: ["claw.example.jp"], addresses: ["203.0.113.5"], local: false },
    policy: { openPorts: [], neededServices: [] },
    authorisation: { by: "Hanako Sato", reference: "contract 114", addresses: ["203.0.113.5"] },
    scope: { addresses: ["203.0.113.5"], exclusions: [] },
    vantages: [{ id: "here", role: "outside", via: "local", addresses: [], notes: [] }],
    identity: { sshHostKeys: ["SHA256:one"], tlsKeys: [] },
    clocks: { scannerTimezone: "Asia/Tokyo" },
    connections: [],
    evidence: [sampleEvidence()],
    ...changes,
  };
}

/** One attempt that saw an answer to ICMP echo. */
export function sampleEvidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    kind: "icmp",
    vantage: "here",
    attempt: { status: "observed", value: [{ address: "203.0.113.5", family: "ipv4", answered: true }] },
    startedAt: "2026-11-22T01:00:00.000Z",
    durationMs: 12,
    method: "ICMP echo",
    ...changes,
  };
}
