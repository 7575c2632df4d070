import { Check } from "typebox/value";
import { expect } from "vitest";
import { collectNetwork, type NetworkPlan } from "#collect/outside/collect.ts";
import type { HttpServer } from "#evidence/http.ts";
import type { TcpScan } from "#evidence/network.ts";
import { evidenceKinds } from "#evidence/registry.ts";
import type { SshServer } from "#evidence/ssh.ts";
import type { TlsServer } from "#evidence/tls.ts";
import { Evidence } from "#model/bundle.ts";
import type { Progress } from "#model/progress.ts";
import { isUnknown, type Maybe, seen } from "#model/unknown.ts";

export interface Collected {
  readonly ssh: SshServer[];
  readonly tls: TlsServer[];
  readonly http: HttpServer[];
  readonly tcp: TcpScan[];
  /** Why each list is open. */
  readonly gaps: { ssh: string[]; tls: string[]; http: string[] };
  /** All but those by which a TLS server was surveyed. */
  readonly connections: number;
  readonly surveyConnections: number;
  readonly purposes: Record<string, number>;
  readonly progress: Progress[];
  readonly text: string;
}

const surveyPurpose = "tls survey";

function count(connections: readonly { count: number }[]): number {
  return connections.reduce((sum, one) => sum + one.count, 0);
}

const kinds = ["icmp", "tcp", "udp", "ssh", "tls", "http"] as const;

/** Collects, and checks what holds for every collection: one evidence of each kind, by its schema, without anything that steers a terminal. */
export async function collect(
  plan: Partial<NetworkPlan> & Pick<NetworkPlan, "ports">,
  signal = new AbortController().signal,
): Promise<Collected> {
  const progress: Progress[] = [];
  const whole: NetworkPlan = {
    vantage: "here",
    names: [],
    addresses: ["127.0.0.1"],
    controls: [],
    sshUsers: ["openclaw", "root", "no-such-user"],
    userAgent: "sekisho/0 (audit test)",
    timeoutMs: 400,
    local: false,
    ...plan,
  };
  const { evidence, connections } = await collectNetwork(whole, {
    signal,
    now: () => new Date(),
    progress: (event) => progress.push(event),
  });
  expect(evidence.map((one) => one.kind)).toEqual(kinds);
  const values = new Map<string, unknown[]>();
  for (const one of evidence) {
    expect(Check(Evidence, one)).toBe(true);
    if (one.attempt.status !== "observed") throw new Error(`${one.kind}: ${JSON.stringify(one.attempt)}`);
    const kind = kinds.find((id) => id === one.kind);
    expect(kind && Check(evidenceKinds[kind].schema, one.attempt.value)).toBe(true);
    values.set(one.kind, one.attempt.value as unknown[]);
  }
  const text = JSON.stringify(evidence);
  expect(evidence.every((one) => !/[\p{Cc}\p{Cf}\p{Cs}]/u.test(JSON.stringify(one.attempt)))).toBe(true);
  const list = <T>(kind: string) => (values.get(kind) ?? []) as Maybe<T>[];
  const gaps = (kind: string) =>
    list<object>(kind)
      .filter(isUnknown)
      .map((gap) => gap.$unknown);
  return {
    ssh: seen(list<SshServer>("ssh")),
    tls: seen(list<TlsServer>("tls")),
    http: seen(list<HttpServer>("http")),
    tcp: seen(list<TcpScan>("tcp")),
    gaps: { ssh: gaps("ssh"), tls: gaps("tls"), http: gaps("http") },
    connections: count(connections.filter(({ purpose }) => purpose !== surveyPurpose)),
    surveyConnections: count(connections.filter(({ purpose }) => purpose === surveyPurpose)),
    purposes: Object.fromEntries(connections.map((one) => [`${one.port} ${one.purpose}`, one.count])),
    progress,
    text,
  };
}
