import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { renderJson } from "#report/json.ts";
import { type Audit, audited } from "../engine/audited.ts";
import { scratch } from "./run.ts";

// Each run starts several programs from their sources, on however busy a machine.
vi.setConfig({ testTimeout: 240_000 });

const root = join(import.meta.dirname, "..", "..");

interface Step {
  readonly name: string;
  readonly shell: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

const action: Action = parse(readFileSync(join(root, "action.yml"), "utf8"));
const gitlab: {
  readonly ".sekisho": { readonly script: readonly string[]; readonly variables: Record<string, string> };
} = parse(readFileSync(join(root, "ci", "gitlab.yml"), "utf8"));

const expression = /^\$\{\{ ?(inputs\.([a-z-]+)|github\.action_path) ?\}\}$/;

/** What a run of a job leaves behind. */
interface Ended {
  readonly code: number | null;
  readonly text: string;
  readonly cwd: string;
  readonly outputs: string;
  readonly summary: string;
}

function workspace(audit: Audit = {}): string {
  const cwd = scratch();
  writeFileSync(join(cwd, "report.json"), renderJson(audited(audit)));
  return cwd;
}

// Node as it runs these tests stands for the one of the runner; HOME is the runner's own.
const base = {
  PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
  HOME: scratch(),
  LANG: "C.UTF-8",
  NODE_COMPILE_CACHE: join(tmpdir(), "sekisho-test-compile-cache"),
};

/** sekisho as a checkout has it, without what may once have been built: these tests are of the sources. */
const home = (() => {
  const folder = scratch();
  mkdirSync(join(folder, "bin"));
  copyFileSync(join(root, "bin", "sekisho.js"), join(folder, "bin", "sekisho.js"));
  for (const name of ["ci", "node_modules", "package.json", "src"]) symlinkSync(join(root, name), join(folder, name));
  return folder;
})();

/** Runs bash without rc files, -e and pipefail, as runners do. */
async function bash(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>) {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", ...args], { cwd, env: { ...base, ...env } });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (piece: string) => {
      text += piece;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  return { code, text };
}

/** Runs the action's steps as the runner does: inputs come through the environment only. */
async function runAction(cwd: string, inputs: Readonly<Record<string, string>>): Promise<Ended> {
  const [output, summary] = [join(cwd, ".output"), join(cwd, ".summary")];
  for (const file of [output, summary]) writeFileSync(file, "");
  let text = "";
  let code: number | null = 0;
  for (const step of action.runs.steps) {
    const env = Object.entries(step.env).map(([name, value]): [string, string] => {
      const input = expression.exec(value)?.[2];
      return [name, input === undefined ? home : (inputs[input] ?? action.inputs[input]?.default ?? "")];
    });
    const script = join(cwd, ".step.sh");
    writeFileSync(script, step.run);
    const files = { GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary };
    const ended = await bash([script], cwd, { ...files, ...Object.fromEntries(env) });
    text += ended.text;
    code = ended.code;
    if (code !== 0) break;
  }
  return { code, text, cwd, outputs: readFileSync(output, "utf8"), summary: readFileSync(summary, "utf8") };
}

describe("the action", () => {
  test("writes no input into a shell's text: each goes through the environment", () => {
    expect(action.runs.using).toBe("composite");
    for (const { run, shell, env } of action.runs.steps) {
      expect([shell, run.includes("${{")]).toEqual(["bash", false]);
      for (const value of Object.values(env)) expect(value).toMatch(expression);
    }
    const used = action.runs.steps.flatMap(({ env }) => Object.values(env).map((value) => expression.exec(value)?.[2]));
    expect(new Set(used.filter((name) => name !== undefined))).toEqual(new Set(Object.keys(action.inputs)));
  });

  test.concurrent.each<[Audit, number, string]>([
    [{}, 0, "Passed"],
    [{ ports: [3306] }, 1, "Blocked"],
    [{ ports: undefined }, 2, "Undecided"],
  ])(
    "gates on a report over %j with %i, and leaves its formats, its output and the job's summary",
    async (audit, code, words) => {
      const ended = await runAction(workspace(audit), { report: "report.json", lang: "en" });
      expect([ended.code, ended.outputs]).toEqual([code, `exit-code=${code}\n`]);
      expect(ended.summary).toContain(`Verdict: ${words}`);
      expect(readdirSync(join(ended.cwd, "sekisho-ci")).sort()).toEqual([
        "report.html",
        "report.junit.xml",
        "report.md",
        "report.sarif",
      ]);
    },
  );

  test("hands on what the gate is to ask", async () => {
    const cwd = workspace({ ports: [3306] });
    const inputs = {
      report: "report.json",
      "fail-on": "new",
      baseline: "report.json",
      lang: "en",
      formats: "csv",
      out: "ci out",
    };
    expect((await runAction(cwd, inputs)).code).toBe(0);
    expect(readdirSync(join(cwd, "ci out"))).toEqual(["report.csv"]);
    const strict = await runAction(cwd, { ...inputs, "max-age": "1m", "require-coverage": "100%" });
    expect([strict.code, strict.text]).toEqual([2, expect.stringMatching(/too old|not in the past/)]);
  });

  test("audits a target and gates on what it found", async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, "sekisho.yaml"), "version: 1\ntargets: [{ id: localhost, host: localhost }]\n");
    const ended = await runAction(cwd, { target: "localhost", lang: "en" });
    expect(ended.text).toMatch(/localhost: (blocked|undecided) \(exit [12]\)/);
    expect([1, 2]).toContain(ended.code);
    expect(readdirSync(join(cwd, "sekisho-ci"))).toContain("report.json");
  });

  test.concurrent.each([
    [{ target: "$(touch pwned)" }, 64],
    [{ target: "; touch pwned #" }, 64],
    [{ target: "--help" }, 3],
    [{ target: "no-such-target-at-all" }, 3],
    [{ report: "report.json", formats: "sarif;touch pwned" }, 64],
    [{ report: "report.json", "fail-on": "$(touch pwned)" }, 64],
    [{ report: "report.json", "max-age": "`touch pwned`" }, 64],
    [{ report: 'report.json" && touch pwned && echo "' }, 64],
    [{ report: "missing.json" }, 64],
    [{}, 64],
  ])("takes %j for what it is: no command, and never a pass", async (inputs, code) => {
    const ended = await runAction(workspace(), inputs);
    expect(ended.code).toBe(code);
    expect(existsSync(join(ended.cwd, "pwned"))).toBe(false);
    expect(ended.outputs).not.toContain("exit-code=0");
  });
});

describe("the GitLab job", () => {
  test.concurrent.each<[Audit, number]>([
    [{}, 0],
    [{ ports: undefined }, 2],
  ])("gates on a report over %j with %i, and leaves what its artifacts name", async (audit, code) => {
    const cwd = workspace(audit);
    symlinkSync(home, join(cwd, "sekisho"));
    const job = gitlab[".sekisho"];
    const ended = await bash(["-c", job.script.join("\n")], cwd, { ...job.variables, SEKISHO_REPORT: "report.json" });
    expect([ended.code, ended.text]).toEqual([code, expect.stringContaining("report.junit.xml")]);
    expect(existsSync(join(cwd, "sekisho-ci", "report.junit.xml"))).toBe(true);
  });
});
