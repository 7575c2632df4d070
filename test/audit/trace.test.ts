import { describe, expect, test } from "vitest";
import { type Told, traceOf } from "#audit/trace.ts";
import type { Progress } from "#model/progress.ts";
import { sampleBundle } from "./sample-bundle.ts";

const bundle = sampleBundle();
const told = (seconds: number, event: Omit<Progress, "vantage">): Told => ({
  at: new Date(Date.parse(bundle.startedAt) + seconds * 1000),
  event: { ...event, vantage: "here" },
});

describe("the time line", () => {
  test("holds each step from its start to its end, and each attempt", () => {
    const { traceEvents } = traceOf(bundle, [
      told(0.5, { step: "tcp", state: "start", subject: "203.0.113.5" }),
      told(1, { step: "ssh", state: "start" }),
      told(2.5, { step: "tcp", state: "end", subject: "203.0.113.5", done: 7, total: 9 }),
    ]);
    expect(traceEvents.filter(({ ph }) => ph === "X")).toEqual([
      {
        name: "tcp 203.0.113.5",
        cat: "step",
        ph: "X",
        ts: 500_000,
        dur: 2_000_000,
        pid: 1,
        tid: 1,
        args: { done: 7, total: 9 },
      },
      { name: "icmp", cat: "evidence", ph: "X", ts: 0, dur: 12_000, pid: 1, tid: 2, args: { status: "observed" } },
    ]);
  });

  test("names its rows by vantage", () => {
    const { traceEvents } = traceOf(bundle, []);
    const names = traceEvents.filter(({ ph }) => ph === "M").map(({ tid, args }) => [tid, args["name"]]);
    expect(names).toEqual([
      [1, "here"],
      [2, "here: evidence"],
    ]);
  });
});
