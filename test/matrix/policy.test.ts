import { expect, test } from "vitest";
import { changed, fillIn } from "../lab/matrix/policy.ts";

test("known names are filled in, others stay", () => {
  expect(fillIn("${name}.lab.test ${ipv4} ${other} $name ${toString}", { name: "web", ipv4: "10.83.1.1" })).toBe(
    "web.lab.test 10.83.1.1 ${other} $name ${toString}",
  );
});

test("maps are merged, lists replaced or added to, null takes away", () => {
  const base = { version: 1, policy: { workloads: 2, region: "Tokyo", allowedSources: ["a", "b"], openPorts: [] } };
  const changes = {
    policy: { workloads: 3, region: null, "allowedSources+": ["c"], openPorts: [{ port: 25 }], "x+": 1 },
  };
  expect(changed(base, changes)).toEqual({
    version: 1,
    policy: { workloads: 3, allowedSources: ["a", "b", "c"], openPorts: [{ port: 25 }], x: [1] },
  });
  expect(base.policy.allowedSources).toEqual(["a", "b"]);
});

test("nothing changed is the same, and a map may come from nothing", () => {
  expect(changed({ a: [1], b: { c: null } }, {})).toEqual({ a: [1], b: { c: null } });
  expect(changed(undefined, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  expect(changed({ a: "text" }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
});
