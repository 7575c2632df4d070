import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { loadCatalogue } from "#catalog/load.ts";
import { InputError } from "#model/input-error.ts";
import type { AlgorithmList } from "#model/ssh-algorithms.ts";
import { readSshHead } from "#net/ssh-wire.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-algorithms-"));
  for (const part of ["requirements.yaml", "standards"]) {
    cpSync(join("rules", part), join(folder, part), { recursive: true });
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

const group = {
  use: "mac",
  standing: "weak",
  names: ["hmac-md5"],
  why: { en: "MD5", ja: "MD5です" },
  sources: ["rfc6151"],
};

describe("how algorithms stand", () => {
  const load = (...algorithms: readonly object[]) => {
    const list = { asOf: "2026-11-23", staleAfterDays: 730, sources: { rfc6151: "RFC 6151" }, algorithms };
    writeFileSync(join(folder, "ssh-algorithms.yaml"), JSON.stringify(list, null, 1));
    return loadCatalogue(folder);
  };

  it("belongs to the catalogue and its digest; a catalogue need have no list", () => {
    const without = loadCatalogue(folder);
    expect(without.algorithms).toBeUndefined();
    const found = load(group);
    expect(found.algorithms?.algorithms).toEqual([group]);
    expect(found.digest).not.toBe(without.digest);
  });

  it.each<[string, readonly object[], RegExp]>([
    ["a name that stands twice", [group, { ...group, standing: "dated" }], /"hmac-md5" stands twice for mac/],
    ["a source that is not named", [{ ...group, sources: ["rfc6115"] }], /no source "rfc6115"/],
    ["a use that there is not", [{ ...group, use: "macs" }], /use/],
    ["a standing that there is not", [{ ...group, standing: "fine" }], /standing/],
    ["a reason in one language", [{ ...group, why: { en: "MD5" } }], /ja/],
    ["no name", [{ ...group, names: [] }], /names/],
  ])("%s is refused with its place", (_name, groups, message) => {
    try {
      load(...groups);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      expect(error.message).toMatch(message);
      expect(error.place).toMatchObject({
        file: join(folder, "ssh-algorithms.yaml"),
        line: expect.any(Number),
        column: expect.any(Number),
      });
    }
  });
});

it("knows every name that real servers were seen to offer", () => {
  const list = parse(readFileSync("rules/ssh-algorithms.yaml", "utf8")) as AlgorithmList;
  const known = new Set(list.algorithms.flatMap(({ use, names }) => names.map((name) => `${use} ${name}`)));
  for (const file of [
    "openssh-9.2p1/default-head.bin",
    "openssh-10.0p2/default-head.bin",
    "openssh-10.0p2/cert-head.bin",
    "dropbear-2022.83/default-head.bin",
  ]) {
    const { kexInit } = readSshHead(readFileSync(`fixtures/captures/net/${file}`));
    const offered = [
      ...(kexInit?.keyExchange ?? []).map((name) => `keyExchange ${name}`),
      ...(kexInit?.hostKeyAlgorithms ?? []).map((name) => `hostKey ${name}`),
      ...(kexInit?.toClient.ciphers ?? []).map((name) => `cipher ${name}`),
      ...(kexInit?.toClient.macs ?? []).map((name) => `mac ${name}`),
      ...(kexInit?.toClient.compression ?? []).map((name) => `compression ${name}`),
    ];
    expect(offered.length).toBeGreaterThan(10);
    expect(offered.filter((name) => !known.has(name))).toEqual([]);
  }
});
