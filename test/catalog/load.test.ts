import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadCatalogue, loadProfile } from "#catalog/load.ts";
import { formatPlace, InputError } from "#model/input-error.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-rules-"));
  for (const part of ["requirements.yaml", "profiles", "standards", "sizing"]) {
    cpSync(join("rules", part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, "network"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const rulePath = "sizing/sizing-cores.yaml";

describe("loadCatalogue", () => {
  it("loads rules with their expressions, in the order of sections and names", () => {
    const catalogue = loadCatalogue(folder);
    expect(catalogue.rules.map(({ rule }) => rule.id)).toEqual([
      "sizing-cores",
      "sizing-log-storage",
      "sizing-memory",
      "sizing-storage",
    ]);
    expect(catalogue.rules[0]?.expect[1]?.that.reads).toEqual(["policy.workloads", "host.cpu.cores"]);
    expect(catalogue.rules[1]?.when?.reads).toEqual(["policy.logsKeptOneYear"]);
    expect(catalogue.rules[0]?.section).toBe("sizing");
  });

  it("has a digest that follows what the rules say, not how the files are written", () => {
    const before = loadCatalogue(folder).digest;
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    edit(rulePath, (text) => `# a comment\n${text}`);
    expect(loadCatalogue(folder).digest).toBe(before);
    edit(rulePath, (text) => text.replace("cores >= 2", "cores >= 3"));
    expect(loadCatalogue(folder).digest).not.toBe(before);
  });

  it.each<[string, string, [string, string], string, RegExp, RegExp | undefined]>([
    [
      "an unknown field",
      rulePath,
      ["severity: low", "severty: low"],
      ":4:1",
      /unknown field "severty"/,
      /did you mean "severity"/,
    ],
    ["a field that is missing", rulePath, ["level: should\n", ""], ":1:1", /"level" is missing/, undefined],
    [
      "a level that is none",
      rulePath,
      ["level: should", "level: shoud"],
      ":3:8",
      /must be one of must, should, info/,
      /"should"/,
    ],
    [
      "an id that is not the file's name",
      rulePath,
      ["id: sizing-cores", "id: cores"],
      ":1:5",
      /differs from the file's name/,
      undefined,
    ],
    ["an unknown requirement", rulePath, ["SIZ-1", "SIZ-9"], ":2:14", /no requirement SIZ-9/, /did you mean "SIZ-/],
    [
      "a requirement of another section",
      rulePath,
      ["SIZ-1", "NET-7"],
      ":2:14",
      /belongs to the section "network"/,
      /network\//,
    ],
    [
      "when without otherwise",
      rulePath,
      ["expect:", "when: policy.severalTeams\nexpect:"],
      ":5:1",
      /"when" stands without "otherwise"/,
      undefined,
    ],
    [
      "otherwise without when",
      "sizing/sizing-log-storage.yaml",
      ["when: policy.logsKeptOneYear\n", ""],
      ":5:1",
      /"otherwise" stands without "when"/,
      undefined,
    ],
    [
      "a typo in an expression",
      rulePath,
      ["that: host.cpu.cores >= 2", "that: host.cpu.coers >= 2"],
      ":6:20",
      /coers/,
      /did you mean "cores"/,
    ],
    [
      "a typo in a folded expression",
      rulePath,
      ["that: host.cpu.cores >= 2", "that: >-\n      host.cpu.cores >= 2 &&\n        host.cpu.coers >= 2"],
      ":8:18",
      /coers/,
      /"cores"/,
    ],
    [
      "a wrong type in an expression",
      rulePath,
      ["host.cpu.cores >= 2", 'host.cpu.cores >= "2"'],
      ":6:",
      /./,
      undefined,
    ],
    [
      "an expression that is no answer",
      rulePath,
      ["that: host.cpu.cores >= 2", "that: host.cpu.cores"],
      ":6:11",
      /must be bool/,
      undefined,
    ],
    [
      "an expression that does not end",
      rulePath,
      ["that: host.cpu.cores >= 2", "that: host.cpu.cores >= ("],
      ":6:",
      /./,
      undefined,
    ],
    [
      "has()",
      rulePath,
      ["that: host.cpu.cores >= 2", "that: has(host.cpu.cores)"],
      ":6:11",
      /has\(\) is not allowed/,
      undefined,
    ],
    [
      "a placeholder that names nothing",
      rulePath,
      ["Logical cores: {{host.cpu.cores}}; 2", "Logical cores: {{host.cpu.coers}}; 2"],
      ":8:",
      /coers/,
      /"cores"/,
    ],
    [
      "an unknown standard",
      rulePath,
      ["iso27001-2022:", "iso27001-2013:"],
      ":",
      /no standard "iso27001-2013"/,
      /"iso27001-2022"/,
    ],
    [
      "an id no standard has",
      rulePath,
      ["[A.8.6]", "[A.8.6, A.12.1.3]"],
      ":",
      /iso27001-2022 has no "A.12.1.3"/,
      undefined,
    ],
    ["malformed YAML", rulePath, ["expect:", "expect: ["], ":", /./, undefined],
    [
      "a duplicate key",
      rulePath,
      ["severity: low", "severity: low\nseverity: high"],
      ":5:1",
      /stands twice/,
      undefined,
    ],
    [
      "a requirement twice",
      "requirements.yaml",
      ["- id: SIZ-2", "- id: SIZ-1"],
      ":",
      /"SIZ-1" stands twice/,
      undefined,
    ],
    [
      "a requirement without a section",
      "requirements.yaml",
      ["section: cloud\n", "section: clouds\n"],
      ":",
      /which there is not/,
      /sections: /,
    ],
    [
      "a standard under another name",
      "standards/iso27001-2022.yaml",
      ["id: iso27001-2022", "id: iso27001"],
      ":2:5",
      /differs from the file's name/,
      undefined,
    ],
  ])("says where and what: %s", (_what, file, [from, to], place, message, hint) => {
    edit(file, (text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    const error = errorOf(() => loadCatalogue(folder));
    expect(error.message).toMatch(message);
    const at = formatPlace(error.place ?? { file: "" });
    expect(relative(folder, at)).toContain(`${file}${place}`);
    if (hint !== undefined) expect(error.hint).toMatch(hint);
  });

  it("refuses a folder that is no section", () => {
    renameSync(join(folder, "sizing"), join(folder, "sizes"));
    expect(errorOf(() => loadCatalogue(folder))).toMatchObject({
      message: '"sizes" is no section of requirements.yaml',
    });
  });

  it("reads rules through links, and refuses a file that is no rule rather than leaving it out", () => {
    renameSync(join(folder, rulePath), join(folder, "elsewhere.yaml"));
    symlinkSync(join(folder, "elsewhere.yaml"), join(folder, rulePath));
    expect(loadCatalogue(folder).rules).toHaveLength(4);
    writeFileSync(join(folder, "sizing/sizing-disks.yml"), "");
    expect(errorOf(() => loadCatalogue(folder))).toMatchObject({
      message: "is not a rule",
      place: { file: join(folder, "sizing/sizing-disks.yml") },
    });
  });

  it("refuses one id in two sections", () => {
    cpSync(join(folder, rulePath), join(folder, "network/sizing-cores.yaml"));
    const network = join(folder, "network/sizing-cores.yaml");
    writeFileSync(network, readFileSync(network, "utf8").replace("SIZ-1", "NET-7"));
    expect(errorOf(() => loadCatalogue(folder)).message).toMatch(/"sizing-cores" is also in .*network/);
  });

  it("refuses an id that is retired", () => {
    const entry = "{ id: sizing-cores, on: 2026-11-22, reason: measured elsewhere }";
    writeFileSync(join(folder, "retired.yaml"), `retired:\n  - ${entry}\n`);
    expect(errorOf(() => loadCatalogue(folder)).message).toBe('the id "sizing-cores" is retired');
  });

  it("names a catalogue that is not there", () => {
    expect(errorOf(() => loadCatalogue(join(folder, "none"))).message).toContain("no such file");
  });
});

describe("loadProfile", () => {
  it("takes standard when none is named, and what a profile extends", () => {
    expect(loadProfile("rules")).toMatchObject({ id: "standard" });
    const appi = loadProfile("rules", "appi");
    expect(appi.levels.get("LOG-4")).toBe("must");
    writeProfile("own", "extends: appi\nexclude: [sizing-cores]\nlevels: { SIZ-1: info, LOG-4: should }\n");
    const own = loadProfile(folder, "own");
    expect([...own.excluded]).toEqual(["sizing-cores"]);
    expect([...own.levels]).toEqual([
      ["LOG-4", "should"],
      ["SIZ-1", "info"],
    ]);
    expect(own.digest).not.toBe(appi.digest);
  });

  it.each<[string, string, RegExp, RegExp | undefined]>([
    [
      "an unknown base",
      "extends: standart\n",
      /no profile "standart"/,
      /did you mean "standard"\? profiles: appi, enterprise, own, standard/,
    ],
    ["itself", "extends: own\n", /extends itself/, undefined],
    ["an unknown rule", "exclude: [sizing-core]\n", /no rule "sizing-core"/, /"sizing-cores"/],
    ["an unknown requirement", "levels: { SIZ-7: must }\n", /no requirement "SIZ-7"/, /SIZ-/],
    ["an unknown level", "levels: { SIZ-1: may }\n", /must be one of/, undefined],
  ])("refuses %s", (_what, rest, message, hint) => {
    writeProfile("own", rest);
    const error = errorOf(() => loadProfile(folder, "own"));
    expect(error.message).toMatch(message);
    expect(error.place?.line).toBeGreaterThan(2);
    if (hint !== undefined) expect(error.hint).toMatch(hint);
  });

  it("lists the profiles when the name is unknown, and reads no other file", () => {
    expect(errorOf(() => loadProfile("rules", "gold")).hint).toContain("profiles: appi, enterprise, standard");
    expect(errorOf(() => loadProfile("rules", "../requirements")).message).toContain("no profile");
  });
});

function writeProfile(id: string, rest: string): void {
  writeFileSync(join(folder, `profiles/${id}.yaml`), `id: ${id}\ntitle: { en: Own, ja: 自社 }\n${rest}`);
}

function edit(file: string, change: (text: string) => string): void {
  const path = join(folder, file);
  writeFileSync(path, change(readFileSync(path, "utf8")));
}

function errorOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("expected an InputError");
}
