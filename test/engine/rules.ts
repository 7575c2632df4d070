import type { Catalogue, ResolvedProfile } from "#engine/evaluate.ts";
import type { CompiledRule } from "#engine/judge.ts";
import { compile, type Expression } from "#expression/compile.ts";
import type { Level } from "#model/outcome.ts";
import type { Requirement } from "#model/rule.ts";

function expressionOf(source: string): Expression {
  const result = compile(source);
  if (!result.ok) throw new Error(`${source}: ${JSON.stringify(result.problems)}`);
  return result.expression;
}

/** What a rule of these tests is made of; a line is an expression and its message. */
export interface RuleParts {
  readonly requirement?: string;
  readonly level?: Level;
  readonly when?: string;
  readonly lines: readonly (readonly [that: string, message: string])[];
}

/** A rule with everything that does not matter filled in. */
export function rule(id: string, { requirement = "NET-7", level = "must", when, lines }: RuleParts): CompiledRule {
  const text = (en: string) => ({ en, ja: `${en}(日本語)` });
  return {
    rule: {
      id,
      requirement,
      level,
      severity: "high",
      ...(when === undefined ? {} : { when, otherwise: text("Nothing to judge.") }),
      expect: lines.map(([that, message]) => ({ that, else: text(message) })),
      title: text(`Title of ${id}`),
      why: text("Why"),
      expected: text("Expected"),
      fix: { ...text("Fix"), commands: ["true"] },
      references: { "iso27001-2022": ["A.8.20"] },
    },
    ...(when === undefined ? {} : { when: expressionOf(when) }),
    expect: lines.map(([that, message]) => ({ that: expressionOf(that), else: text(message) })),
    section: "network",
  };
}

/** A requirement of the section `network`. */
export function requirement(id: string, level: Level = "must", more: Partial<Requirement> = {}): Requirement {
  const title = { en: `Requirement ${id}`, ja: `要件 ${id}` };
  return { id, section: "network", level, title, decidedBy: ["out"], ...more };
}

/** A catalogue of one section. */
export function catalogue(requirements: readonly Requirement[], rules: readonly CompiledRule[]): Catalogue {
  const sections = [{ id: "network", letter: "C", title: { en: "Network", ja: "ネットワーク" } }];
  return { rules, requirements, sections, claims: [], added: [], digest: "c".repeat(64) };
}

/** The profile that changes nothing, or what is given. */
export function profile(
  parts: { excluded?: readonly string[]; levels?: Readonly<Record<string, Level>> } = {},
): ResolvedProfile {
  return {
    id: "standard",
    title: { en: "Standard", ja: "標準" },
    digest: "p".repeat(64),
    excluded: new Set(parts.excluded),
    levels: new Map(Object.entries(parts.levels ?? {})),
  };
}

/** Sample rules over the network and the host, of every form a rule can have. */
export const samples = {
  ports: rule("open-ports", {
    requirement: "NET-9",
    lines: [
      [
        "outside.tcp.all(t, t.open.all(p, p.port in [22, 443] || policy.openPorts.exists(o, o.protocol == 'tcp' && o.port == p.port)))",
        "{{p.port}}/tcp of {{t.address}} answers",
      ],
    ],
  }),
  password: rule("ssh-password", {
    when: "network.ssh.exists(s, true)",
    lines: [
      [
        "network.ssh.all(s, s.users.all(u, !('password' in u.methods)))",
        "{{s.address}}:{{s.port}} offers {{u.methods}} to {{u.user}}",
      ],
      ["host.sshd.effective.all(c, !c.passwordSuffices)", "sshd lets a password in for {{c.connection}}"],
    ],
  }),
  memory: rule("memory", {
    requirement: "OPS-1",
    lines: [
      [
        "host.memory.totalBytes >= (policy.workloads >= 3 ? 8 : 4) * 1000000000",
        "{{host.memory.totalBytes|gib}} of memory",
      ],
    ],
  }),
  pattern: rule("pattern", {
    requirement: "PAT-1",
    level: "info",
    lines: [["target.pattern in ['in-house', 'vps']", "{{target.pattern}}"]],
  }),
  openclaw: rule("openclaw-bind", {
    requirement: "NET-2",
    level: "should",
    when: "host.openclaw.present",
    lines: [["host.openclaw.bind == 'loopback'", "bound to {{host.openclaw.bind}}"]],
  }),
  firewall: rule("firewall", {
    requirement: "NET-4",
    lines: [
      ["host.firewall.present && host.firewall.active", "no packet filter is active"],
      ["host.firewall.accepts.all(a, a.source != 'any' || a.firstPort == 443 && a.lastPort == 443)", "{{a.rule}}"],
    ],
  }),
};
