import type { Outcomes } from "../lab/matrix/compare.ts";
import { compareChanges } from "../lab/matrix/compare.ts";
import type { FaultResult } from "../lab/matrix/results.ts";

/** What an audit of a host in order gives, for the tests. */
export const healthy: Outcomes = {
  "open-port": "pass",
  "ssh-password-offer": "pass",
  "ubuntu-release": "fail",
  "vps-memory": "notapplicable",
  pattern: "informational",
};

/** The result of a fault whose host came out as `after`. */
export function faultResult(declared: Outcomes, after: Outcomes, rest: Partial<FaultResult> = {}): FaultResult {
  const comparison = compareChanges(declared, healthy, after);
  const right = comparison.misses.length + comparison.falseAlarms.length === 0;
  return {
    kind: "fault",
    id: "password-login",
    title: "Password login switched on",
    profile: "hardened",
    verdict: right ? "passed" : "failed",
    reasons: [],
    seconds: 12.4,
    steps: {},
    declared,
    pending: [],
    comparison,
    said: [],
    ...rest,
  };
}
