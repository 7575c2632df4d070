import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InputError } from "#model/input-error.ts";
import { type Known, loadFaults } from "../lab/matrix/faults.ts";
import { loadWays } from "../lab/matrix/ways.ts";

const known: Known = {
  rules: new Set(["open-port", "ssh-password-offer"]),
  requirements: new Map([
    ["LOG-1", true],
    ["NET-9", false],
  ]),
  profiles: new Set(["hardened"]),
};
let folder = "";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "matrix-data-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Message and line of what is wrong with a file of this text. */
async function problem(load: typeof loadFaults | typeof loadWays, text: string): Promise<string> {
  writeFileSync(join(folder, "some.yaml"), text);
  const error: unknown = await load(folder, known).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof InputError)) throw new Error(`no InputError: ${String(error)}`);
  expect(error.place?.file).toBe(join(folder, "some.yaml"));
  return `${error.place?.line}: ${error.message}`;
}

const fault = "- id: port\n  title: A port\n  profile: hardened\n  break: 'true'\n";

describe("faults", () => {
  it("are read in their order from all files", async () => {
    writeFileSync(join(folder, "b.yaml"), `${fault}  expect: { open-port: fail }\n`);
    writeFileSync(join(folder, "a.yaml"), `${fault.replace("port", "logs")}  pending: [LOG-1]\n  ci: true\n`);
    writeFileSync(join(folder, "c.yaml"), "# none yet\n");
    expect((await loadFaults(folder, known)).map(({ id }) => id)).toEqual(["logs", "port"]);
  });

  it.each([
    ["a profile there is not", fault.replace("hardened", "hardned"), '3: port: there is no profile "hardned"'],
    ["a rule there is not", `${fault}  expect: { open-prot: fail }`, '5: port: there is no rule "open-prot"'],
    ["an outcome there is not", `${fault}  expect: { open-port: broken }`, "5: port: expect.open-port must be equal"],
    ["a requirement there is not", `${fault}  pending: [LOG-9]`, "5: port: LOG-9 is no requirement"],
    ["a requirement with rules", `${fault}  pending: [NET-9]`, "5: port: NET-9 is decided by rules"],
    ["a field there is not", `${fault}  expects: {}`, "1: port: expects must NOT have additional"],
    ["no title", "- id: port\n  profile: hardened\n  break: x\n  pending: [LOG-1]", "1: port: title must have"],
    ["nothing to hold it to", fault, "1: port: says neither what to expect"],
    ["an empty expectation without quiet", `${fault}  expect: {}`, "1: port: says neither what to expect"],
    ["quiet beside a change", `${fault}  expect: { open-port: fail }\n  quiet: true`, "1: port: quiet and beyond say"],
    [
      "a change beyond the guide",
      `${fault}  expect: { open-port: fail }\n  beyond: it`,
      "1: port: quiet and beyond say",
    ],
    ["quiet without expect", `${fault}  quiet: true`, "1: port: quiet and beyond go with"],
    ["an id of another form", "- id: a_b\n", "1: a_b: "],
    ["an entry that is no map", "- port\n", "1: entry 1: "],
  ])("are refused with %s", async (_, text, expected) => {
    expect((await problem(loadFaults, text)).startsWith(expected)).toBe(true);
  });

  it("are refused where an id stands twice, in another file as well", async () => {
    writeFileSync(join(folder, "other.yaml"), `${fault}  expect: { open-port: fail }\n`);
    const message = await problem(loadFaults, `${fault}  expect: { open-port: fail }\n`);
    expect(message).toMatch(/^1: port: the id also stands in .*other\.yaml:1$/);
  });

  it("of the lab hold together", async () => {
    const faults = await loadFaults();
    expect(faults.some(({ ci }) => ci === true)).toBe(true);
  });
});

const way = "- id: deaf\n  title: Deaf\n  profile: hardened\n  limitSeconds: 60\n";

describe("ways to blind the audit", () => {
  it.each([
    ["that blind nothing", `${way}  says: no`, "1: deaf: blinds nothing"],
    ["that name no reason", `${way}  blind: x`, "1: deaf: does not say what reason"],
    ["with a broken pattern", `${way}  blind: x\n  says: "("`, "1: deaf: says is no regular expression"],
    ["withstood with a reason", `${way}  blind: x\n  says: no\n  withstood: true`, "1: deaf: withstood says"],
    ["that restore nothing", `${way}  controls: []\n  says: no\n  restore: x`, "1: deaf: restore goes with"],
    ["for a rule there is not", `${way}  blind: x\n  says: no\n  expect: { x: fail }`, '7: deaf: there is no rule "x"'],
  ])("are refused %s", async (_, text, expected) => {
    const message = await problem(loadWays, text);
    expect(message.slice(0, expected.length)).toBe(expected);
  });

  it("of the lab hold together, and there are fifteen or more", async () => {
    expect((await loadWays()).length).toBeGreaterThanOrEqual(15);
  });
});
