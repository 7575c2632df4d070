import { expect, test } from "vitest";
import { project } from "#engine/facts.ts";
import { observed } from "#model/attempt.ts";
import type { AlgorithmList } from "#model/ssh-algorithms.ts";
import { bundle, look, vantage } from "./bundles.ts";

const why = { en: "so it is", ja: "そうです" };
const list: AlgorithmList = {
  asOf: "2026-01-01",
  staleAfterDays: 100,
  sources: { here: "Here" },
  algorithms: [
    { use: "cipher", standing: "weak", names: ["old", "both"], why, sources: ["here"] },
    { use: "cipher", standing: "current", names: ["new"], why, sources: ["here"] },
    { use: "mac", standing: "current", names: ["both"], why, sources: ["here"] },
  ],
};
const empty = { keyExchange: [], hostKeyAlgorithms: [], ciphers: [], macs: [], compression: [] };

function seen(server: object, { algorithms, day = "2026-02-01" }: { algorithms?: AlgorithmList; day?: string }) {
  const evidence = [look("net", "ssh", observed([{ address: "192.0.2.1", port: 22, ...empty, ...server }]))];
  const from = bundle({ vantages: [vantage("net", "inside")], evidence });
  const { facts, gaps } = project(from, { claims: [], algorithms, now: new Date(day) });
  const { ssh } = facts.network as { ssh: { algorithms?: Record<string, unknown>[] }[] };
  return { algorithms: ssh[0]?.algorithms, gaps };
}

test("an algorithm stands as the list says of its use", () => {
  const { algorithms } = seen({ ciphers: ["old", "new", "both"], macs: ["both"] }, { algorithms: list });
  expect(algorithms?.map(({ use, name, standing }) => [use, name, standing])).toEqual([
    ["cipher", "old", "weak"],
    ["cipher", "new", "current"],
    ["cipher", "both", "weak"],
    ["mac", "both", "current"],
  ]);
  expect(algorithms?.[0]).toMatchObject({ whyEn: why.en, whyJa: why.ja });
});

test("of a name that the list lacks nothing is known, and why is said", () => {
  const { algorithms, gaps } = seen({ ciphers: ["made-up"] }, { algorithms: list });
  expect(algorithms).toEqual([{ use: "cipher", name: "made-up" }]);
  expect(gaps.get("network.ssh[].algorithms[].standing")?.[0]?.text.en).toContain("made-up is not in the list");
});

test("a name as inherited from an object is one the list lacks", () => {
  expect(seen({ ciphers: ["constructor"] }, { algorithms: list }).algorithms?.[0]).not.toHaveProperty("standing");
});

test("a list grown old still knows what was weak, and no more what is current", () => {
  const { algorithms } = seen({ ciphers: ["old", "new"] }, { algorithms: list, day: "2026-06-01" });
  expect(algorithms?.map(({ standing }) => standing)).toEqual(["weak", undefined]);
});

test("lists that are not known leave an open end", () => {
  const { algorithms } = seen({ ciphers: ["new"], macs: { $unknown: "not seen" } }, { algorithms: list });
  expect(algorithms).toEqual([expect.objectContaining({ name: "new" }), {}]);
});

test("without a list there are no algorithms to judge", () => {
  const { algorithms, gaps } = seen({ ciphers: ["new"] }, {});
  expect(algorithms).toBeUndefined();
  expect(gaps.get("network.ssh[].algorithms")).toHaveLength(1);
});
