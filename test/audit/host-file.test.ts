import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundleFromHostFile } from "#audit/host-file.ts";
import { InputError } from "#model/input-error.ts";
import { sampleBundle } from "./sample-bundle.ts";

const capture = join(import.meta.dirname, "..", "..", "fixtures", "captures", "host", "debian-12", "root.txt");
const { target, policy, tool } = sampleBundle();
const options = {
  target,
  policy,
  tool,
  timezone: "Asia/Tokyo",
  modifiedAt: new Date("2031-01-01T00:00:00Z"),
  randomHex: () => "00",
};

test("a copied file is as old as the run that made it, by the host's clock", () => {
  const bundle = bundleFromHostFile(capture, readFileSync(capture), options);
  const clock = bundle.evidence.find((entry) => entry.kind === "clock")?.attempt;
  if (clock?.status !== "observed") throw new Error("the capture holds no clock");
  expect(clock.value).toMatchObject({ epochMs: Date.parse(bundle.startedAt) });
  expect(bundle.startedAt < "2031").toBe(true);
  for (const entry of bundle.evidence) expect(entry.startedAt < "2031").toBe(true);
});

test("what is not output of the script is refused", () => {
  expect(() => bundleFromHostFile("x", Buffer.from("hello"), options)).toThrow(InputError);
});
