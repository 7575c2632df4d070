import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readBundle, readReport } from "#audit/bundle-file.ts";
import { type Ended, scratch, sekisho } from "./run.ts";

describe("what the operator gets wrong ends with 64 and says what to do", () => {
  test.concurrent.each([
    [["frobnicate"], /unknown command/],
    [["audit", "localhost", "--frobnicate"], /unknown option/],
    [["audit", "localhost", "--format", "pdf"], /Allowed choices are text, json, html/],
    [["audit"], /sekisho init/],
    [["audit", "203.0.113.5"], /Nobody has authorised an audit of 203\.0\.113\.5[\s\S]*--authorised-by/],
    [["audit", "203.0.113.5", "--authorised-by", "Hanako"], /who and on what ground/],
    [["audit", "localhost", "--ports", "22-"], /--ports/],
    [["audit", "010.78.0.2", "--authorised-by", "H, c"], /010\.78\.0\.2[\s\S]*leading zeros/],
    [["audit", "0x7f.1", "--authorised-by", "H, c"], /0x7f\.1/],
    [["audit", "203.0.113.0/24", "--authorised-by", "H, c"], /one host/],
    [["audit", "https://203.0.113.5/", "--authorised-by", "H, c"], /a URL/],
    [["audit", "localhost", "--ssh", "ops@localhost"], /this machine/],
    [["audit", "localhost", "--ports", "1", "--out", "/proc/sekisho-out"], /\/proc\/sekisho-out/],
    [["init", "--host", "claw 1"], /neither a host name/],
    [["audit", "localhost", "--timeout", "soon"], /--timeout/],
    [["audit", "localhost", "--profile", "gold"], /gold[\s\S]*standard/],
    [["audit", "localhost", "--out", "/dev/null/x"], /\/dev\/null\/x[\s\S]*--out/],
    [["audit", "203.0.113.5", "--authorised-by", "H, c", "--ssh", "nobody"], /--ssh/],
    [["evaluate", "none.json"], /none\.json[\s\S]*ENOENT/],
    [["report", "none.json"], /ENOENT/],
    [["gate", "none.json"], /ENOENT/],
    [["rules", "explain", "nothing"], /sekisho rules list/],
    [["sudoers", "a b"], /not a login name/],
    [["init"], /--host/],
  ])("%j", async (args, words) => {
    const { code, stderr, stdout } = await sekisho(args);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test.concurrent.each([
    ["targets: [", /sekisho\.yaml:1:\d+/],
    ["version: 1\ntargets:\n  - { id: claw, hots: claw.example.jp }\n", /sekisho\.yaml:3:\d+[\s\S]*host/],
    [
      "version: 1\ntargets: [{ id: claw, host: 203.0.113.5 }]\nauthorisation: { by: H, reference: c, addresses: [203.0.113.0/33] }\n",
      /203\.0\.113\.0\/33/,
    ],
    [
      "version: 1\ntargets: [{ id: claw, host: 203.0.113.5 }]\nauthorisation: { by: H, reference: c, until: 2020-01-01, addresses: [203.0.113.5] }\n",
      /2020-01-01/,
    ],
    [
      "version: 1\ntargets: [{ id: claw, host: 203.0.113.5 }]\nauthorisation: { by: H, reference: c, addresses: [203.0.113.6] }\n",
      /203\.0\.113\.5[\s\S]*outside what H authorised/,
    ],
  ])("sekisho.yaml: %s", async (text, words) => {
    const cwd = scratch();
    writeFileSync(join(cwd, "sekisho.yaml"), text);
    const { code, stderr } = await sekisho(["audit"], { cwd });
    expect(code).toBe(64);
    expect(stderr).toMatch(words);
  });
});

test("a name that does not resolve ends with 3", async () => {
  const { code, stderr } = await sekisho(["audit", "no-such-host.invalid", "--authorised-by", "H, c"]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/no-such-host\.invalid does not resolve/);
});

test.concurrent.each([
  [["--help"]],
  [["audit", "--help"]],
  [["--version"]],
  [["rules", "list"]],
  [["rules", "explain", "NET-7"]],
])("%j is answered on stdout", async (args) => {
  const { code, stdout, stderr } = await sekisho(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.length).toBeGreaterThan(3);
});

describe("this machine", () => {
  const cwd = scratch();
  let run: Ended;
  let folder = "";
  beforeAll(async () => {
    run = await sekisho(["audit", "localhost", "--ports", "1,22,443", "--lang", "en"], { cwd });
    const [time = ""] = readdirSync(join(cwd, "sekisho-out", "localhost"));
    folder = join(cwd, "sekisho-out", "localhost", time);
  }, 120_000);

  test("is audited without configuration, with the verdict on stdout and progress on stderr", () => {
    const report = readReport(join(folder, "report.json"));
    expect(run.code).toBe(report.verdict.exitCode);
    expect(run.stdout).toContain("Verdict");
    expect(run.stderr).toContain("localhost: ");
    expect(`${run.stdout}${run.stderr}`).not.toMatch(/\u001b/);
    expect(readdirSync(folder).sort()).toEqual(["evidence.json", "report.html", "report.json"]);
  });

  test("is looked at by every kind, once, and never from outside", () => {
    const bundle = readBundle(join(folder, "evidence.json"));
    const kinds = bundle.evidence.map((entry) => entry.kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds).toHaveLength(26);
    expect(new Set(bundle.vantages.map((vantage) => vantage.role))).toEqual(new Set(["inside"]));
    expect(bundle.evidence.find((entry) => entry.kind === "os")?.attempt.status).toBe("observed");
  });

  test("nothing about exposure passes from inside", () => {
    const report = readReport(join(folder, "report.json"));
    const exposure = report.requirements.filter(({ id }) => ["NET-2", "NET-3", "NET-8", "NET-12"].includes(id));
    expect(exposure).toHaveLength(4);
    for (const requirement of exposure) expect(requirement.outcome).not.toBe("pass");
  });

  test("judged again from its evidence at the same time gives the same bytes", async () => {
    const text = readFileSync(join(folder, "report.json"), "utf8");
    const report = readReport(join(folder, "report.json"));
    const again = scratch();
    const ended = await sekisho([
      "evaluate",
      join(folder, "evidence.json"),
      "--now",
      report.evaluatedAt,
      "--out",
      again,
      "--format",
      "json",
    ]);
    expect(readFileSync(join(again, "report.json"), "utf8")).toBe(text);
    expect(ended.stdout).toBe(text);
    expect(ended.code).toBe(report.verdict.exitCode);
  });

  test("its report is rendered and gated from the file", async () => {
    const file = join(folder, "report.json");
    const html = await sekisho(["report", file]);
    expect(html.stdout).toMatch(/^<!doctype html>/i);
    const gate = await sekisho(["gate", file]);
    expect(gate.code).toBe(readReport(file).verdict.exitCode);
    expect((await sekisho(["gate", file, "--fail-on", "none"])).code).toBe(0);
  });

  test("the host script's output, run by someone else, is evidence too", async () => {
    const script = await sekisho(["script"]);
    const output = spawnSync("sh", { input: script.stdout, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    const file = join(scratch(), "host.txt");
    writeFileSync(file, output.stdout);
    const nameless = await sekisho(["evaluate", file]);
    expect(nameless.code).toBe(64);
    expect(nameless.stderr).toContain("--target");
    const alone = await sekisho(["evaluate", file, "--target", "claw", "--format", "json"]);
    const report = readReport(join(file, "..", "report.json"));
    expect(alone.code).toBe(report.verdict.exitCode);
    expect(report.vantages).toMatchObject([{ role: "inside", via: "file" }]);
    const own = await sekisho(["evaluate", join(folder, "evidence.json"), file, "--out", scratch()]);
    expect([1, 2]).toContain(own.code);
  });

  test("evidence of another version or kind is refused", async () => {
    const file = join(scratch(), "evidence.json");
    writeFileSync(
      file,
      readFileSync(join(folder, "evidence.json"), "utf8").replace("sekisho.evidence/1", "sekisho.evidence/9"),
    );
    const other = await sekisho(["evaluate", file]);
    expect([other.code, other.stderr]).toEqual([64, expect.stringContaining("sekisho.evidence/9")]);
    const wrong = await sekisho(["gate", join(folder, "evidence.json")]);
    expect(wrong.code).toBe(64);
  });
});

test("Ctrl-C stops, keeps what was gathered and ends with 130", async () => {
  const cwd = scratch();
  let told = false;
  const { code, stderr } = await sekisho(["audit", "localhost", "--log-format", "json"], {
    cwd,
    onStderr: (text, pid) => {
      if (told || !text.includes('"step":"tcp"')) return;
      told = true;
      process.kill(pid, "SIGINT");
    },
  });
  expect(code).toBe(130);
  const [time = ""] = readdirSync(join(cwd, "sekisho-out", "localhost"));
  const folder = join(cwd, "sekisho-out", "localhost", time);
  expect(stderr).toContain(folder.slice(cwd.length + 1));
  for (const line of stderr.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ level: "info" });
  expect(readBundle(join(folder, "evidence.json")).interrupted).toBe(true);
  expect(readReport(join(folder, "report.json")).verdict.status).not.toBe("passed");
});

test("a reader that goes away does not change the verdict", async () => {
  const cwd = scratch();
  const main = join(import.meta.dirname, "..", "..", "src", "cli", "main.ts");
  const line = `"$0" "$1" audit localhost --ports 1 --quiet --format json | head -c 1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
  const ended = spawnSync("bash", ["-c", line, process.execPath, main], { cwd, encoding: "utf8" });
  const [time = ""] = readdirSync(join(cwd, "sekisho-out", "localhost"));
  const report = readReport(join(cwd, "sekisho-out", "localhost", time, "report.json"));
  expect(report.verdict.exitCode).not.toBe(0);
  expect(Number(ended.stdout)).toBe(report.verdict.exitCode);
});

test("a report whose verdict is not what its requirements give is refused", async () => {
  const cwd = scratch();
  await sekisho(["audit", "localhost", "--ports", "1", "--quiet"], { cwd });
  const [time = ""] = readdirSync(join(cwd, "sekisho-out", "localhost"));
  const file = join(cwd, "sekisho-out", "localhost", time, "report.json");
  const forged = readFileSync(file, "utf8").replace(
    /"status": "(?:blocked|undecided)",\n(\s*)"exitCode": \d/,
    '"status": "passed",\n$1"exitCode": 0',
  );
  expect(forged).not.toBe(readFileSync(file, "utf8"));
  writeFileSync(file, forged);
  const gate = await sekisho(["gate", file]);
  expect([gate.code, gate.stdout]).toEqual([64, ""]);
  expect(gate.stderr).toMatch(/its verdict is passed/);
});

test("init writes a file that audit takes", async () => {
  const cwd = scratch();
  const made = await sekisho(["init", "--host", "localhost", "--pattern", "vps"], { cwd });
  expect(made.code).toBe(0);
  expect(existsSync(join(cwd, "sekisho.yaml"))).toBe(true);
  expect((await sekisho(["init", "--host", "localhost"], { cwd })).code).toBe(64);
  const ended = await sekisho(["collect", "--ports", "1"], { cwd });
  expect([ended.code, ended.stdout]).toEqual([0, expect.stringContaining("evidence.json")]);
});

test("a folder that became unwritable during the run does not lose the evidence", async () => {
  const cwd = scratch();
  mkdirSync(join(cwd, "out"));
  let moved = false;
  const { stderr } = await sekisho(["collect", "localhost", "--ports", "1", "--out", "out", "--log-format", "json"], {
    cwd,
    onStderr: () => {
      if (moved) return;
      moved = true;
      spawnSync("rm", ["-rf", join(cwd, "out")]);
    },
  });
  const kept = /Evidence: (\S+evidence\.json)/.exec(stderr)?.[1] ?? "";
  expect(readBundle(kept).target.id).toBe("localhost");
});
