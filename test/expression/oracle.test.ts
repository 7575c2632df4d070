import { type ASTNode, Environment, parse } from "@marcbachmann/cel-js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluate } from "#expression/evaluate.ts";
import type { Facts } from "#expression/facts.ts";
import { compiled } from "./compiled.ts";

const cel = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });

/** Expressions over a corner of the facts, with every construct that is allowed, at most a few levels deep. */
const expressions: fc.Arbitrary<string> = fc.letrec<{
  bool: string;
  flat: string;
  ssh: string;
  user: string;
  int: string;
  text: string;
}>((tie) => ({
  bool: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("true", "false", "host.firewall.active", "host.firewall.enabledAtBoot", "policy.severalTeams"),
    fc
      .tuple(tie("int"), fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("int"))
      .map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc.tuple(tie("text"), fc.constantFrom("==", "!="), tie("text")).map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc
      .tuple(tie("text"), fc.constantFrom("startsWith", "endsWith", "contains"), tie("text"))
      .map(([a, f, b]) => `${a}.${f}(${b})`),
    fc
      .tuple(tie("text"), fc.constantFrom("host.vpn.networks", "['a', host.os.id]", "policy.allowedSources"))
      .map(([a, l]) => `(${a} in ${l})`),
    tie("bool").map((a) => `!(${a})`),
    fc.tuple(tie("bool"), fc.constantFrom("&&", "||"), tie("bool")).map(([a, by, b]) => `(${a} ${by} ${b})`),
    fc.tuple(tie("bool"), tie("bool"), tie("bool")).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
    fc.tuple(fc.constantFrom("all", "exists"), tie("ssh")).map(([q, p]) => `network.ssh.${q}(s, ${p})`),
    fc
      .tuple(
        fc.constantFrom("all", "exists"),
        fc.constantFrom("n == 'a'", "n.contains('b')", "n in policy.allowedSources"),
      )
      .map(([q, p]) => `host.vpn.networks.${q}(n, ${p})`),
  ),
  flat: fc.constantFrom(
    "true",
    "false",
    "host.firewall.active",
    "policy.workloads > 1",
    "host.vpn.networks.all(n, n == 'a')",
  ),
  ssh: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("s.port == 22", "s.port > host.cpu.cores", "s.banner == 'a'", "true", "false"),
    fc.tuple(tie("flat"), fc.constantFrom("&&", "||"), tie("ssh")).map(([a, by, b]) => `(${a} ${by} ${b})`),
    tie("ssh").map((a) => `!(${a})`),
    fc.tuple(fc.constantFrom("all", "exists"), tie("user")).map(([q, p]) => `s.users.${q}(u, ${p})`),
  ),
  user: fc.constantFrom(
    "'a' in u.methods",
    "!('b' in u.methods)",
    "u.user == s.banner",
    "u.methods.all(m, m == 'a')",
    "u.methods.exists(m, m == u.user)",
    "u.user in u.methods",
    "true",
    "false",
  ),
  int: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(
      "0",
      "1",
      "22",
      "host.cpu.cores",
      "policy.workloads",
      "-host.cpu.cores",
      "host.cpu.cores / 2",
      "policy.workloads % 3",
    ),
    fc.tuple(tie("int"), fc.constantFrom("+", "-"), tie("int")).map(([a, by, b]) => `(${a} ${by} ${b})`),
  ),
  text: fc.constantFrom("'a'", "'b'", "''", "host.os.id", "host.os.versionId"),
})).bool;

const text = fc.constantFrom("a", "b", "ab", "");
const int = fc.constantFrom(0, 1, 22, -5);
const complete = fc.record({
  host: fc.record({
    firewall: fc.record({ active: fc.boolean(), enabledAtBoot: fc.boolean() }),
    vpn: fc.record({ networks: fc.array(text, { maxLength: 3 }) }),
    os: fc.record({ id: text, versionId: text }),
    cpu: fc.record({ cores: int }),
  }),
  policy: fc.record({ severalTeams: fc.boolean(), workloads: int, allowedSources: fc.array(text, { maxLength: 2 }) }),
  network: fc.record({
    ssh: fc.array(
      fc.record({
        port: int,
        banner: text,
        users: fc.array(fc.record({ user: text, methods: fc.array(text, { maxLength: 3 }) }), { maxLength: 2 }),
      }),
      { maxLength: 3 },
    ),
  }),
});

/** Facts of which some are no longer known: fields left out, elements replaced or lists opened, as the decisions come. */
function erase(value: unknown, decide: () => number): unknown {
  if (Array.isArray(value)) {
    const kept = value.map((element) => (decide() < 2 ? {} : (erase(element, decide) ?? {})));
    return decide() < 2 ? [...kept, {}] : kept;
  }
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).flatMap(([name, field]) => (decide() < 1 ? [] : [[name, erase(field, decide)]]));
  return Object.fromEntries(fields);
}

/** Facts with integers as CEL's. */
function forCel(value: unknown): unknown {
  if (typeof value === "number") return BigInt(value);
  if (Array.isArray(value)) return value.map(forCel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, forCel(field)]));
}

type Scope = Readonly<Record<string, unknown>>;

/** Slow three-valued meaning of an expression, undefined for unknown; written from the rules alone, over the library's syntax tree. */
function meaning(node: ASTNode, scope: Scope): unknown {
  switch (node.op) {
    case "value":
      return node.args;
    case "id":
      return scope[node.args];
    case ".": {
      const owner = meaning(node.args[0], scope) as Scope | undefined;
      return owner?.[node.args[1]];
    }
    case "list":
      return node.args.map((item) => meaning(item, scope) ?? {});
    case "!_": {
      const value = meaning(node.args, scope);
      return value === undefined ? undefined : !value;
    }
    case "-_": {
      const value = meaning(node.args, scope) as bigint | undefined;
      return value === undefined ? undefined : -value;
    }
    case "&&":
    case "||":
    case "?:":
    case "in":
      return meaningOfLogic(node, scope);
    case "rcall":
      return meaningOfCall(node.args, scope);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
    case "+":
    case "-":
    case "/":
    case "%":
      return meaningOfBinary(
        node.op,
        node.args.map((side) => meaning(side, scope)),
      );
    default:
      throw new Error(`${node.op} was not expected`);
  }
}

function meaningOfLogic(node: ASTNode & { op: "&&" | "||" | "?:" | "in" }, scope: Scope): unknown {
  switch (node.op) {
    case "&&":
    case "||": {
      const deciding = node.op === "||";
      const sides = node.args.map((side) => meaning(side, scope));
      if (sides.includes(deciding)) return deciding;
      return sides.includes(undefined) ? undefined : !deciding;
    }
    case "?:": {
      const condition = meaning(node.args[0], scope);
      if (condition === undefined) return undefined;
      return meaning(condition === true ? node.args[1] : node.args[2], scope);
    }
    case "in":
      return meaningOfIn(meaning(node.args[0], scope), meaning(node.args[1], scope) as unknown[] | undefined);
  }
}

function meaningOfIn(item: unknown, list: unknown[] | undefined): unknown {
  if (list === undefined) return undefined;
  if (list.length === 0) return false;
  if (item === undefined) return undefined;
  if (list.includes(item)) return true;
  return list.some((element) => typeof element === "object") ? undefined : false;
}

function meaningOfBinary(op: string, [left, right]: unknown[]): unknown {
  if (left === undefined || right === undefined) return undefined;
  const operators: Record<string, (a: bigint, b: bigint) => unknown> = {
    "==": (a, b) => a === b,
    "!=": (a, b) => a !== b,
    "<": (a, b) => a < b,
    "<=": (a, b) => a <= b,
    ">": (a, b) => a > b,
    ">=": (a, b) => a >= b,
    "+": (a, b) => a + b,
    "-": (a, b) => a - b,
    "/": (a, b) => a / b,
    "%": (a, b) => a % b,
  };
  return operators[op]?.(left as bigint, right as bigint);
}

function meaningOfCall([name, receiver, args]: [string, ASTNode, ASTNode[]], scope: Scope): unknown {
  const owner = meaning(receiver, scope);
  const [first, second] = args;
  if (first === undefined) throw new Error("a call without arguments was not expected");
  if (second === undefined) {
    const argument = meaning(first, scope);
    if (owner === undefined || argument === undefined) return undefined;
    return (owner as Record<string, (text: unknown) => unknown>)[name === "contains" ? "includes" : name]?.call(
      owner,
      argument,
    );
  }
  if (owner === undefined) return undefined;
  const deciding = name === "exists";
  const answers = (owner as unknown[]).map((element) => {
    const answer = meaning(second, {
      ...scope,
      [String(first.args)]: isOpen(element) && isScalarList(first) ? undefined : element,
    });
    return isOpen(element) && answer === deciding ? undefined : answer;
  });
  if (answers.includes(deciding)) return deciding;
  return answers.includes(undefined) ? undefined : !deciding;
}

function isOpen(element: unknown): boolean {
  return typeof element === "object" && element !== null && Object.keys(element).length === 0;
}

/** Variables that stand for scalars in the expressions above. */
function isScalarList(variable: ASTNode): boolean {
  return variable.args === "n" || variable.args === "m";
}

const runs = { numRuns: 3000 };

describe("evaluation agrees with two others", () => {
  test("where all is known, with the library's own", () => {
    fc.assert(
      fc.property(expressions, complete, (source, facts) => {
        const expected: unknown = cel.evaluate(source, forCel(facts) as Record<string, unknown>);
        expect(evaluate(compiled(source), facts)).toEqual({ is: expected });
      }),
      runs,
    );
  });

  test("where some is not known, with a slow one", () => {
    fc.assert(
      fc.property(expressions, complete, fc.infiniteStream(fc.nat({ max: 9 })), (source, facts, decisions) => {
        const erased = erase(facts, () => decisions.next().value ?? 9) as Facts;
        const expected = meaning(parse(source).ast, forCel(erased) as Scope);
        expect(evaluate(compiled(source), erased).is).toBe(expected ?? "unknown");
      }),
      runs,
    );
  });

  test("knowing less never gives another answer, only none", () => {
    fc.assert(
      fc.property(expressions, complete, fc.infiniteStream(fc.nat({ max: 9 })), (source, facts, decisions) => {
        const expression = compiled(source);
        const half = erase(facts, () => decisions.next().value ?? 9) as Facts;
        const less = erase(half, () => decisions.next().value ?? 9) as Facts;
        const before = evaluate(expression, half).is;
        const after = evaluate(expression, less).is;
        expect([before, "unknown"]).toContain(after);
        expect([evaluate(expression, facts).is, "unknown"]).toContain(before);
      }),
      runs,
    );
  });
});
