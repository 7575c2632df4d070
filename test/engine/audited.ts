import { absent, failed, observed } from "#model/attempt.ts";
import type { EvidenceBundle, Identity } from "#model/bundle.ts";
import type { Level } from "#model/outcome.ts";
import type { Policy, Waiver } from "#model/policy.ts";
import type { Report } from "#model/report.ts";
import { bundle, look, scan, vantage } from "./bundles.ts";
import { judge } from "./judged.ts";
import { requirement, rule } from "./rules.ts";

/** The machine that these audits are of. */
export const machine: Identity = {
  sshHostKeys: ["SHA256:one", "SHA256:two"],
  tlsKeys: ["aa"],
  machineIdHash: "a".repeat(64),
};

/** What one audit found, and by what it was judged. */
export interface Audit {
  /** Open ports beside 22 and 443 fail a must; undefined: the scan failed. */
  readonly ports?: readonly number[] | undefined;
  /** The scan stopped before its end. */
  readonly partial?: boolean;
  /** Fewer than 4 fail a should; undefined: not observed. */
  readonly cores?: number | undefined;
  /** Another than ubuntu fails a must. */
  readonly os?: string;
  readonly identity?: Partial<Identity>;
  readonly target?: string;
  readonly collectedAt?: string;
  readonly waivers?: readonly Waiver[];
  readonly policy?: Policy;
  readonly levels?: Readonly<Record<string, Level>>;
  readonly excluded?: readonly string[];
  /** Wording of the ports rule, which is part of the rule. */
  readonly wording?: string;
}

/** A report over an audit, judged by three rules: a must on ports, a should on cores, a must on the system. */
export function audited(audit: Audit = {}): Report {
  const { levels, excluded, wording = "{{p.port}} is open" } = audit;
  const rules = [
    rule("ports", {
      requirement: "NET-9",
      lines: [["outside.tcp.all(t, t.open.all(p, p.port in [22, 443]))", wording]],
    }),
    rule("cores", { requirement: "PAT-9", level: "should", lines: [["host.cpu.cores >= 4", "too few cores"]] }),
    rule("system", { requirement: "PAT-3", lines: [["host.os.id == 'ubuntu'", "another system"]] }),
  ];
  const requirements = [requirement("NET-9"), requirement("PAT-9", "should"), requirement("PAT-3")];
  const profile = { ...(levels === undefined ? {} : { levels }), ...(excluded === undefined ? {} : { excluded }) };
  const report = judge(bundleOf(audit), { rules, requirements, profile });
  // The profile of these tests has one digest, whatever it says.
  return { ...report, profile: { ...report.profile, digest: JSON.stringify(profile) } };
}

function bundleOf(audit: Audit): EvidenceBundle {
  const {
    partial = false,
    identity = machine,
    target = "office",
    collectedAt,
    waivers,
    policy = {},
    os = "ubuntu",
  } = audit;
  const ports = "ports" in audit ? audit.ports : [22];
  const cores = "cores" in audit ? audit.cores : 8;
  const seen = scan("203.0.113.5", ports ?? [], partial ? { probedPorts: 1000, filteredPorts: 999 } : {});
  const evidence = [
    look("outside", "tcp", ports === undefined ? failed("timeout", "no answer in time") : observed([seen])),
    look("host", "cpu", cores === undefined ? failed("denied", "permission is denied") : observed({ cores })),
    look("host", "addresses", observed([{ interface: "eth0", address: "203.0.113.5", family: "ipv4", public: true }])),
    look("host", "os", os === "" ? absent("there is no os-release") : observed({ id: os })),
  ];
  return bundle({
    target: { id: target, names: [], addresses: ["203.0.113.5"], local: false },
    vantages: [vantage("outside"), vantage("host", "inside")],
    identity: { sshHostKeys: [], tlsKeys: [], ...identity },
    policy: { ...policy, ...(waivers === undefined ? {} : { waivers: [...waivers] }) },
    ...(collectedAt === undefined ? {} : { startedAt: collectedAt }),
    evidence,
  });
}

/** A waiver of the ports rule. */
export const waiver: Waiver = {
  rule: "ports",
  reason: "Replaced in March.",
  by: "Hanako Sato (CISO)",
  from: "2026-11-01",
  until: "2026-11-30",
};
