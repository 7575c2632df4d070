import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { signedBytes } from "#attestation/canonical.ts";
import { readAttestations } from "#audit/attestations-file.ts";
import { readReport } from "#audit/bundle-file.ts";
import { sampleBundle } from "../audit/sample-bundle.ts";
import { scratch, sekisho } from "./run.ts";

const cwd = scratch();
const run = (...args: readonly string[]) => sekisho([...args, "--lang", "en"], { cwd });

/** A key as ssh-keygen makes it; gives the line of its .pub file. */
function makeKey(name: string, type: string): string {
  const made = spawnSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", name, "-f", join(cwd, name)], {
    encoding: "utf8",
  });
  expect([made.status, made.stderr]).toEqual([0, ""]);
  return readFileSync(join(cwd, `${name}.pub`), "utf8").trim();
}

beforeAll(() => {
  const attestors = [
    { name: "Hanako Sato", role: "operator", key: makeKey("hanako", "ed25519") },
    { name: "Taro Ito", role: "CISO", key: makeKey("taro", "ecdsa") },
    { name: "Jiro Abe", role: "provider", key: makeKey("jiro", "rsa") },
  ];
  makeKey("mallory", "ed25519");
  const config = { version: 1, targets: [{ id: "claw", host: "203.0.113.5", pattern: "vps" }], policy: { attestors } };
  writeFileSync(join(cwd, "sekisho.yaml"), JSON.stringify(config));
  writeFileSync(join(cwd, "restore.log"), "restored 2026-11-20\n");
  const target = { ...sampleBundle().target, pattern: "vps" };
  writeFileSync(join(cwd, "evidence.json"), JSON.stringify({ ...sampleBundle(), target }));
}, 300_000);

/** Outcomes of the requirements that people decide, after evaluating as of a time. */
async function outcomes(...args: readonly string[]) {
  const ended = await run("evaluate", "evidence.json", "--config", "sekisho.yaml", ...args);
  const report = readReport(join(cwd, "report.json"));
  const of = (id: string) => report.requirements.find((requirement) => requirement.id === id)?.outcome;
  return { ended, report, found: ["PAT-5", "BKP-5", "BKP-6", "OPS-10"].map(of) };
}

test("from the first statement to the report", async () => {
  expect((await outcomes()).found).toEqual(["notchecked", "notchecked", "notchecked", "notchecked"]);

  const restore = await run("attest", "BKP-6", "--key", "hanako", "--evidence", "restore.log");
  expect([restore.code, restore.stderr]).toEqual([0, expect.stringContaining("really restored from a backup")]);
  expect(restore.stdout).toMatch(/Added to: attestations\.yaml\nBKP-6 claw: Hanako Sato \(operator\), done on/);
  expect(restore.stdout).toContain("it counts from now on");
  const snapshot = await run("attest", "bkp-5", "--key", "jiro", "--not");
  expect(snapshot.stderr).toMatch(/stated not to be so[\s\S]*No evidence was named/);
  expect((await run("attest", "OPS-10", "--unsigned", "--by", "Taro Ito")).stdout).toContain("is not signed");
  const stranger = await run("attest", "PAT-5", "--key", "mallory", "--by", "Mallory", "--role", "operator");
  expect(stranger.stdout).toMatch(
    /policy\.attestors does not list[\s\S]*attestors:\n {6}- \{ name: "Mallory", role: "operator", key: "ssh-ed25519 /,
  );

  const { found, report, ended } = await outcomes();
  expect(found).toEqual(["notchecked", "fail", "pass", "notchecked"]);
  expect(ended.stdout).toMatch(/Statements by people\n[\s\S]*✓ BKP-6: Counts/);
  expect(report.statements?.map(({ requirement, state, signature }) => [requirement, state, signature])).toEqual([
    ["PAT-5", "refused", "unknown-key"],
    ["BKP-5", "counted", "valid"],
    ["BKP-6", "counted", "valid"],
    ["OPS-10", "refused", "absent"],
  ]);
  expect(report.vantages.at(-1)).toMatchObject({ id: "attested", role: "attested" });

  const html = await run("report", "report.json");
  expect(html.stdout).toContain('<section id="statements"');
  expect(html.stdout).toContain("restore.log");

  const later = await outcomes("--now", "2036-01-01T00:00:00Z");
  expect(later.found).toEqual(["notchecked", "notchecked", "notchecked", "notchecked"]);
  expect(later.report.statements?.find(({ requirement }) => requirement === "BKP-6")?.reason?.en).toMatch(
    /the statement by Hanako Sato of .* expired on/,
  );
}, 300_000);

test("what was signed is what ssh-keygen itself would verify", () => {
  const list = readAttestations(join(cwd, "attestations.yaml")).attestations;
  const [signed] = list;
  if (signed?.signature === undefined) throw new Error("nothing was signed");
  writeFileSync(join(cwd, "signers"), `hanako ${readFileSync(join(cwd, "hanako.pub"), "utf8")}`);
  writeFileSync(join(cwd, "one.sig"), signed.signature);
  const args = ["-Y", "verify", "-f", "signers", "-I", "hanako", "-n", "sekisho-attestation", "-s", "one.sig"];
  const verified = spawnSync("ssh-keygen", args, { cwd, input: signedBytes(signed.statement), encoding: "utf8" });
  expect([verified.status, verified.stdout]).toEqual([0, expect.stringContaining("Good")]);
});

test("a statement that was changed by hand no longer counts", async () => {
  const file = join(cwd, "changed.yaml");
  const text = readFileSync(join(cwd, "attestations.yaml"), "utf8");
  writeFileSync(file, text.replace("name: restore.log", "name: other.log"));
  const { found, report } = await outcomes("--attestations", file);
  expect(found[2]).toBe("notchecked");
  expect(report.statements?.find(({ requirement }) => requirement === "BKP-6")?.signature).toBe("invalid");
});

describe("what the operator gets wrong ends with what to do", () => {
  test.concurrent.each<[readonly string[], number, RegExp]>([
    [["NET-7", "--key", "hanako"], 64, /Nothing can be stated on "NET-7"[\s\S]*BKP-6/],
    [["BKP-6"], 64, /--key/],
    [["BKP-6", "--key", "hanako", "--target", "home"], 64, /no target "home"[\s\S]*claw/],
    [["BKP-6", "--unsigned"], 64, /who states this[\s\S]*Hanako Sato \(operator\), Taro Ito \(CISO\)/],
    [["BKP-6", "--key", "hanako", "--on", "soon"], 64, /--on "soon" is not a day/],
    [["BKP-6", "--key", "hanako", "--on", "2036-01-01"], 64, /has not come yet/],
    [["BKP-6", "--key", "hanako", "--until", "2036-01-01"], 64, /later than/],
    [["BKP-6", "--key", "hanako", "--on", "2020-01-01"], 64, /expired before it began/],
    [["BKP-6", "--key", "hanako", "--from", "2020-01-01"], 64, /before .* the day it was done/],
    [["BKP-6", "--key", "hanako", "--evidence", "gone.log"], 64, /gone\.log cannot be read/],
    [["BKP-6", "--key", "gone", "--by", "Hanako Sato"], 3, /ssh-keygen did not sign with gone[\s\S]*ssh-add/],
    [["BKP-6", "--key", "hanako", "--out", "/proc/none/x.yaml"], 64, /\/proc\/none/],
  ])("%j", async (args, code, words) => {
    const out = args.includes("--out") ? [] : ["--out", "unwritten.yaml"];
    const ended = await run("attest", ...args, ...out);
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringMatching(words)]);
    expect(existsSync(join(cwd, "unwritten.yaml"))).toBe(false);
  });

  test("without ssh-keygen it says what to install", async () => {
    const args = ["attest", "BKP-6", "--key", "hanako", "--out", "unwritten.yaml"];
    const ended = await sekisho(args, { cwd, environment: { PATH: "/nonexistent" } });
    expect([ended.code, ended.stderr]).toEqual([3, expect.stringContaining("apt install openssh-client")]);
  });

  test("a named file that is not there is not passed over", async () => {
    const ended = await run("evaluate", "evidence.json", "--attestations", "gone.yaml");
    expect([ended.code, ended.stderr]).toEqual([64, expect.stringMatching(/gone\.yaml[\s\S]*sekisho attest/)]);
  });
});

test("audit and collect take statements along", async () => {
  const here = scratch();
  const config = JSON.parse(readFileSync(join(cwd, "sekisho.yaml"), "utf8"));
  writeFileSync(
    join(here, "sekisho.yaml"),
    JSON.stringify({ ...config, targets: [{ id: "claw", host: "localhost" }] }),
  );
  writeFileSync(join(here, "attestations.yaml"), readFileSync(join(cwd, "attestations.yaml"), "utf8"));
  const ended = await sekisho(["audit", "claw", "--ports", "1", "--quiet", "--format", "json"], { cwd: here });
  const report = JSON.parse(ended.stdout);
  expect(report.requirements).toContainEqual(expect.objectContaining({ id: "BKP-6", outcome: "pass" }));
  expect(report.attempts).toContainEqual(expect.objectContaining({ id: "attested/restoreTest", status: "observed" }));
}, 300_000);
