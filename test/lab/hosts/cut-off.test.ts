import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clean } from "./clean.ts";
import { down, exec, up } from "./host.ts";
import { processesIn, stillRunning, traces } from "./machine.ts";
import { lab, useOwnLab } from "./own-lab.ts";
import { hostPlaces, stateFolder } from "./places.ts";
import { readEntry } from "./registry.ts";
import { until } from "./run.ts";

useOwnLab();

const name = "t-cut";

const initRuns = { when: "its init runs", come: async () => (await readEntry(name))?.init !== undefined };

/** Moments in the start of a lab and its first host, told by what has just come to be. */
const moments: readonly { readonly when: string; readonly come: () => Promise<boolean> | boolean }[] = [
  { when: "the network is being built", come: () => existsSync("/run/netns/labtest-router") },
  { when: "the host has its entry", come: async () => (await readEntry(name)) !== undefined },
  { when: "the host has its namespace", come: () => existsSync("/run/netns/labtest-h-t-cut") },
  { when: "its root is being mounted", come: () => existsSync(hostPlaces(name).console) },
  initRuns,
];

describe("a start that is cut off", () => {
  const cutOff = async (come: () => Promise<boolean> | boolean, signal: NodeJS.Signals) => {
    const start = lab("up", name, "--profile", "plain");
    await until("the moment", come, { everyMs: 1 });
    start.interrupt(signal);
    return await start.ended;
  };

  test.each(moments)("by kill -9 when $when is cleaned away", async ({ come }) => {
    await cutOff(come, "SIGKILL");
    await clean();
    expect(traces()).toEqual([]);
  });

  test("by kill -9 does not hinder the next one", async () => {
    await cutOff(initRuns.come, "SIGKILL");
    const host = await up(name, "plain");
    expect(host.index).toBe(1);
    expect((await exec(host, "hostname")).stdout).toBe(`${name}\n`);
    await down(host);
  });

  test.each(moments.slice(-2))("by Ctrl-C when $when clears away what it began", async ({ come }) => {
    const { code, output } = await cutOff(come, "SIGINT");
    expect(output).toContain("lab: stopping");
    expect(code).toBe(130);
    expect(await readEntry(name)).toBeUndefined();
    expect(traces().filter((trace) => trace.includes(name))).toEqual([]);
  });
});

describe("a lab whose state", () => {
  test("is lost goes all the same, and so does what runs in it, but nothing that only bears its names", async () => {
    await up("t-lost", "plain");
    const processes = await processesIn(["labtest-h-t-lost", "labtest-router", "labtest-internet"]);
    expect(processes.length).toBeGreaterThan(5);
    // In nobody's cgroup and in the machine's own network: not the lab's, whatever it calls itself.
    const bystander = spawn("sleep", ["600"], { argv0: "systemd-nspawn --machine=labtest-t-lost" });
    try {
      rmSync(stateFolder(), { recursive: true });
      expect(await clean()).toEqual(["t-lost"]);
      expect(await stillRunning(processes)).toEqual([]);
      expect(traces()).toEqual([`${bystander.pid} systemd-nspawn --machine=labtest-t-lost 600 `]);
    } finally {
      bystander.kill();
      await once(bystander, "exit");
    }
  });

  test("is damaged takes a new host under the same name", async () => {
    await up("t-torn", "plain");
    const { entry } = hostPlaces("t-torn");
    writeFileSync(entry, '{ "name": "t-to');
    const again = await up("t-torn", "plain");
    expect((await exec(again, "true")).code).toBe(0);
    expect(await clean()).toEqual(["t-torn"]);
    expect(traces()).toEqual([]);
  });
});
