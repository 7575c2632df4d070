import { expect, test } from "vitest";
import { mergeBundles } from "#audit/merge.ts";
import { InputError } from "#model/input-error.ts";
import type { Vantage } from "#model/vantage.ts";
import { sampleBundle, sampleEvidence } from "./sample-bundle.ts";

const office = sampleBundle({
  runId: "8899aabbccddeeff",
  startedAt: "2026-11-22T02:00:00.000Z",
  finishedAt: "2026-11-22T02:01:00.000Z",
  vantages: [{ id: "here", role: "allowed", via: "local", addresses: [], notes: [] }],
  connections: [{ address: "203.0.113.5", port: 443, purpose: "TLS", count: 3 }],
});

test("one bundle stays as it is", () => {
  expect(mergeBundles([sampleBundle()])).toEqual(sampleBundle());
});

test("views of two places stand beside each other under different ids", () => {
  const merged = mergeBundles([sampleBundle(), office]);
  expect(merged.vantages.map(({ id, role }) => [id, role])).toEqual([
    ["here", "outside"],
    ["here-2", "allowed"],
  ]);
  expect(merged.evidence.map((entry) => entry.vantage)).toEqual(["here", "here-2"]);
  expect([merged.startedAt, merged.finishedAt]).toEqual([sampleBundle().startedAt, office.finishedAt]);
  expect(merged.connections).toEqual(office.connections);
  expect(merged.runId).toBe("0011223344556677+8899aabbccddeeff");
});

test("a view nobody tried gives way to the same view of another file, whichever comes first", () => {
  const host: Vantage = { id: "host", role: "inside", via: "ssh2", addresses: [], notes: [] };
  const untried = sampleEvidence({
    kind: "os",
    vantage: "host",
    attempt: { status: "not_attempted", detail: "no login" },
  });
  const seen = sampleEvidence({
    kind: "os",
    vantage: "host",
    attempt: { status: "failed", reason: "denied", detail: "no" },
  });
  const without = sampleBundle({ vantages: [...sampleBundle().vantages, host], evidence: [sampleEvidence(), untried] });
  const inside = sampleBundle({ vantages: [{ ...host, via: "file" }], evidence: [seen] });
  for (const pair of [
    [without, inside],
    [inside, without],
  ]) {
    const merged = mergeBundles(pair);
    expect(merged.evidence.filter((entry) => entry.kind === "os")).toEqual([seen]);
    expect(merged.vantages.filter((vantage) => vantage.role === "inside")).toHaveLength(1);
  }
  expect(mergeBundles([without]).evidence).toContainEqual(untried);
});

test.each([
  ["machine ids", { identity: { sshHostKeys: [], tlsKeys: [], machineIdHash: "b" } }],
  ["SSH host keys", { identity: { sshHostKeys: ["SHA256:two"], tlsKeys: [] } }],
  [
    "names and addresses",
    {
      identity: { sshHostKeys: [], tlsKeys: [] },
      target: { id: "other", names: [], addresses: ["203.0.113.9"], local: false },
    },
  ],
])("bundles of machines whose %s differ are refused", (what, changes) => {
  const left = sampleBundle(
    what === "machine ids" ? { identity: { sshHostKeys: [], tlsKeys: [], machineIdHash: "a" } } : {},
  );
  expect(() => mergeBundles([left, sampleBundle(changes)])).toThrow(what);
});

test("bundles more than a day apart are refused", () => {
  const late = sampleBundle({ startedAt: "2026-11-23T01:00:01.000Z" });
  expect(() => mergeBundles([sampleBundle(), late])).toThrow("24 hours");
  expect(() => mergeBundles([])).toThrow(InputError);
});

test("an interrupted part makes the whole interrupted", () => {
  expect(mergeBundles([sampleBundle(), { ...office, interrupted: true }]).interrupted).toBe(true);
});

test("a machine known by its id and one known by nothing are not the same without a common name or address", () => {
  const inside = sampleBundle({
    target: { id: "y", names: [], addresses: ["203.0.113.7"], local: false },
    identity: { sshHostKeys: [], tlsKeys: [], machineIdHash: "a" },
  });
  const outside = sampleBundle({ identity: { sshHostKeys: [], tlsKeys: ["k"] } });
  expect(() => mergeBundles([inside, outside])).toThrow("names and addresses");
  const named = sampleBundle({ ...inside, target: { ...inside.target, id: "claw" } });
  expect(mergeBundles([named, outside]).vantages).toHaveLength(2);
});

test("the same machine id outweighs host keys that were changed in between", () => {
  const before = sampleBundle({ identity: { sshHostKeys: ["SHA256:one"], tlsKeys: [], machineIdHash: "a" } });
  const after = sampleBundle({ identity: { sshHostKeys: ["SHA256:two"], tlsKeys: [], machineIdHash: "a" } });
  expect(mergeBundles([before, after]).identity.sshHostKeys).toEqual(["SHA256:one", "SHA256:two"]);
});

test("statements both were gathered with stand once, others beside them", () => {
  const people: Vantage = { id: "attested", role: "attested", via: "file", addresses: [], notes: [] };
  const words = (value: unknown) =>
    sampleEvidence({ kind: "restoreTest", vantage: "attested", attempt: { status: "observed", value } });
  const holding = (value: unknown, base = sampleBundle()) => ({
    ...base,
    vantages: [...base.vantages, people],
    evidence: [...base.evidence, words(value)],
  });
  const same = mergeBundles([holding([1]), holding([1], office)]);
  expect(same.vantages.map(({ id }) => id)).toEqual(["here", "attested", "here-2"]);
  expect(same.evidence.filter(({ kind }) => kind === "restoreTest")).toHaveLength(1);
  const other = mergeBundles([holding([1]), holding([2], office)]);
  expect(other.vantages.map(({ id }) => id)).toEqual(["here", "attested", "here-2", "attested-2"]);
  expect(other.evidence.filter(({ kind }) => kind === "restoreTest").map(({ vantage }) => vantage)).toEqual([
    "attested",
    "attested-2",
  ]);
});
