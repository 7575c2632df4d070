import { describe, expect, it } from "vitest";
import { type Change, failing } from "./good-host.ts";

/** A place of a log that something deletes. */
const keeping = (name: string, days: number) => ({
  name,
  kind: "file",
  limits: [{ name: "what deletes it", by: "time", days }],
  heldDays: days,
  dueDays: 399,
  volatile: false,
  prunedByOpenclaw: false,
});

describe("the logs of a host that follows the guide", () => {
  it.each<[string, Change, readonly string[]]>([
    [
      "the ledger is all there is of the operation log",
      { "host.logs.operation": [keeping("ledger", 30)] },
      ["operation-log-retention", "operation-log-year", "personal-data-log-retention"],
    ],
    [
      "the error log is OpenClaw's own below /tmp",
      { "host.logs.error": [{ ...keeping("/tmp/openclaw", 1), volatile: true, prunedByOpenclaw: true }] },
      ["error-log-half-year", "error-log-loss", "error-log-retention", "personal-data-log-retention"],
    ],
    [
      "nginx's log is kept as the distribution has it",
      { "host.logs.access": [keeping("/var/log/nginx/access.log", 14)] },
      ["access-log-retention", "access-log-year", "personal-data-log-retention"],
    ],
    [
      "the access log is kept for half a year",
      { "host.logs.access.0.limits.0.days": 180 },
      ["access-log-year", "personal-data-log-retention"],
    ],
    [
      "the access log holds 12 days, whatever its settings say",
      { "host.logs.access.0.heldDays": 12 },
      ["access-log-retention", "access-log-year", "personal-data-log-retention"],
    ],
    [
      "the journal is kept in memory",
      { "host.logs.error+": { ...keeping("journald", 0), kind: "journal", volatile: true } },
      ["error-log-journal"],
    ],
    ["requests are not logged", { "host.logs.access": [] }, ["access-log", "personal-data-log-retention"]],
    ["a log is turned over by nothing", { "host.logs.growing.1.rotatedBy": "" }, ["log-rotation"]],
    ["logrotate's timer is masked", { "host.logs.growing.1.runs": false }, ["log-rotation-run"]],
    ["a log fills the disk", { "host.logs.growing.1.fullInDays": 20 }, ["log-growth"]],
  ])("fail just what is about it: %s", (_what, change, expected) => {
    expect(failing(change)).toEqual([...expected].toSorted());
  });
});
