import fc from "fast-check";
import { expect, test } from "vitest";
import { compareReleases } from "#model/release.ts";

// In the order in which they were published on npm, or would have been.
const inOrder = [
  "2026.1.29",
  "2026.2.2",
  "2026.2.2-3",
  "2026.2.9",
  "2026.2.22",
  "2026.2.22-1",
  "2026.2.23-beta.1",
  "2026.2.23",
  "2026.3.24-beta.2",
  "2026.3.24",
  "2026.4.29-beta.1",
  "2026.4.29-beta.4",
  "2026.4.29-beta.11",
  "2026.6.11-beta.2",
  "2026.7.1",
  "2026.7.1-1",
  "2026.7.1-2",
  "2026.7.33",
  "2026.8.1",
  "2026.9.6",
  "2026.10.1",
  "2027.1.1",
];

test("releases stand in the order in which they came", () => {
  for (const [index, older] of inOrder.entries()) {
    expect(compareReleases(older, older)).toBe(0);
    for (const newer of inOrder.slice(index + 1)) {
      expect([older, newer, compareReleases(older, newer) ?? 0]).toEqual([older, newer, expect.toSatisfy(isBelow)]);
      expect(compareReleases(newer, older)).toBeGreaterThan(0);
    }
  }
});

function isBelow(value: unknown): boolean {
  return typeof value === "number" && value < 0;
}

test.each(["", "latest", "2026.9", "2026.9.6+build", "v2026.9.6", "2026.9.6-nightly.1", "2026.9.6 ", "20261.9.6"])(
  "%j is no release",
  (version) => {
    expect(compareReleases(version, "2026.9.6")).toBeUndefined();
    expect(compareReleases("2026.9.6", version)).toBeUndefined();
  },
);

test("any text is answered", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      compareReleases(a, b);
    }),
  );
});
