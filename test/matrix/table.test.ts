import { expect, test } from "vitest";
import { compareBlinded } from "../lab/matrix/compare.ts";
import type { Result } from "../lab/matrix/results.ts";
import { tableOf } from "../lab/matrix/table.ts";
import { faultResult, healthy } from "./results.ts";

const after = { ...healthy, "open-port": "fail", "vps-memory": "unknown" } as const;

test("each result is a row, with reasons and evidence below what failed", () => {
  const common = { title: "", profile: "hardened", reasons: [], seconds: 61.5, steps: {} } as const;
  const results: readonly Result[] = [
    { ...common, kind: "profile", id: "profile-hardened", verdict: "passed", deviations: [] },
    faultResult({ "open-port": "fail", "ssh-password-offer": "fail" }, after, {
      reasons: ["miss: ssh-password-offer is pass, not fail"],
      evidence: "/out/password-login",
    }),
    faultResult({}, healthy, { id: "no-logs", verdict: "pending", pending: ["LOG-1", "LOG-2"], seconds: 0 }),
    faultResult({}, healthy, { id: "weekly-rotation" }),
    {
      ...common,
      kind: "blindness",
      id: "deaf",
      verdict: "passed",
      declared: {},
      blinded: compareBlinded({}, healthy, { ...healthy, "open-port": "unknown" }),
      said: [],
    },
    { ...common, kind: "repeat", id: "repeat-hardened", verdict: "passed", times: 3, differing: [] },
  ];
  expect(tableOf(results).split("\n")).toEqual([
    "what              profile   expected                 got                            seconds  verdict",
    "----------------  --------  -----------------------  -----------------------------  -------  -------",
    "profile-hardened  hardened                                                               62  passed",
    "password-login    hardened  open-port fail           open-port fail                      12  failed",
    "                            ssh-password-offer fail  ssh-password-offer still pass",
    "                                                     vps-memory unknown",
    "    miss: ssh-password-offer is pass, not fail",
    "    evidence: /out/password-login",
    "no-logs           hardened  pending LOG-1                                                 0  pending",
    "                            pending LOG-2",
    "weekly-rotation   hardened  nothing moves                                                12  passed",
    "deaf              hardened  no better                1 fell silent                       62  passed",
    "repeat-hardened   hardened  3 times the same                                             62  passed",
  ]);
});
