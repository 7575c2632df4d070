import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { OpenSessionOptions } from "#audit/open-session.ts";
import { type PreflightCheck, preflight } from "#audit/preflight.ts";
import { hostRequirements, networkRequirements, privilegedRequirements } from "#audit/preflight-requirements.ts";
import type { Target } from "#model/target.ts";
import {
  type Behaviour,
  makePair,
  type RunningServer,
  startSshServer,
  startTcpServer,
} from "../net/session/ssh-server.ts";

const home = mkdtempSync(join(tmpdir(), "home-"));
const [hostKey, userKey] = [makePair(), makePair()];
const identity = join(home, "key");
writeFileSync(identity, userKey.private);
const servers: { close(): unknown }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(behaviour: Partial<Behaviour> = {}): Promise<RunningServer> {
  const server = await startSshServer({ hostKeys: [hostKey], authorised: [userKey], ...behaviour });
  servers.push(server);
  return server;
}

function options(changes: Partial<OpenSessionOptions> = {}): OpenSessionOptions {
  return {
    acceptNewHostKey: true,
    knownHostsFiles: [],
    agentSocket: undefined,
    homeDirectory: home,
    timeoutMs: 2_000,
    signal: new AbortController().signal,
    ...changes,
  };
}

function target(port: number, ssh: Partial<NonNullable<Target["ssh"]>> = {}): Target {
  const login = { host: "127.0.0.1", port, user: "audit", identity, ...ssh };
  return { id: "t", names: [], addresses: ["127.0.0.1"], local: false, ssh: login };
}

function outcomes(checks: readonly PreflightCheck[]): Record<string, string> {
  const steps = checks.filter((check) => check.id !== "raw-packets" && check.id !== "privilege");
  return Object.fromEntries(steps.map((check) => [check.id, check.outcome]));
}

const steps = ["resolve", "reach", "host-key", "login", "shell"];

function expected(list: string): Record<string, string> {
  const words = { y: "yes", n: "no", s: "skipped" } as const;
  return Object.fromEntries(steps.map((id, index) => [id, words[list[index] as keyof typeof words]]));
}

describe("preflight", () => {
  test("tries everything with one connection", async () => {
    const server = await start();
    const checks = await preflight(target(server.port), options());
    expect(outcomes(checks)).toEqual(expected("yyyyy"));
    expect(checks.map((check) => check.id)).toEqual([...steps, "privilege", "raw-packets"]);
    expect(checks.find((check) => check.id === "privilege")?.outcome).not.toBe("skipped");
    expect(server.connections).toBe(1);
  });

  test.each([
    ["unknown host key", {}, { acceptNewHostKey: false }, "yynss"],
    ["no key accepted", { authorised: [] }, {}, "yyyns"],
    ["no command started", { refuseExec: true }, {}, "yyyyn"],
  ])("%s", async (_, behaviour, changes, outcome) => {
    const checks = await preflight(target((await start(behaviour)).port), options(changes));
    expect(outcomes(checks)).toEqual(expected(outcome));
    const failed = checks.find((check) => check.outcome === "no" && check.id !== "raw-packets");
    expect(failed?.remedy).toBeTruthy();
    expect(failed?.unknownRequirements).toEqual(hostRequirements);
    expect(checks.find((check) => check.id === "privilege")?.outcome).toBe("skipped");
  });

  test("a key that can not be read is noticed before anything is sent", async () => {
    const server = await start();
    const checks = await preflight(target(server.port, { identity: join(home, "none") }), options());
    expect(outcomes(checks)).toEqual(expected("yssns"));
    expect(server.connections).toBe(0);
  });

  test("a closed port", async () => {
    const server = await start();
    await server.close();
    servers.splice(0);
    expect(outcomes(await preflight(target(server.port), options()))).toEqual(expected("ynsss"));
  });

  test("a port of something else", async () => {
    const tcp = await startTcpServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n".repeat(600)));
    servers.push(tcp);
    expect(outcomes(await preflight(target(tcp.port), options()))).toEqual(expected("ynsss"));
  });

  test("a name without address", async () => {
    const checks = await preflight({ ...target(22), names: ["nobody.invalid"] }, options());
    expect(outcomes(checks)).toEqual(expected("nssss"));
    expect(checks[0]?.unknownRequirements).toEqual(expect.arrayContaining(["NET-7", "OPS-2", "BKP-1"]));
  });

  test("this machine", async () => {
    const checks = await preflight({ id: "t", names: [], addresses: [], local: true }, options());
    expect(outcomes(checks)).toEqual(expected("ssssy"));
  });

  test("no login given: what is inside stays unknown", async () => {
    const checks = await preflight(
      { id: "t", names: ["localhost"], addresses: ["127.0.0.1"], local: false },
      options(),
    );
    expect(outcomes(checks)).toEqual(expected("yysss"));
    expect(checks.find((check) => check.id === "login")).toMatchObject({
      unknownRequirements: hostRequirements,
      remedy: expect.stringContaining("sekisho script"),
    });
  });
});

describe("requirements", () => {
  const file: unknown = parse(readFileSync(new URL("../../rules/requirements.yaml", import.meta.url), "utf8"));
  const { requirements } = file as { requirements: { id: string; decidedBy: string[] }[] };
  const decidedBy = (...means: string[]) =>
    requirements.filter((entry) => means.some((mean) => entry.decidedBy.includes(mean))).map((entry) => entry.id);

  test("of the host are those of the catalogue", () => {
    expect([...hostRequirements].sort()).toEqual(decidedBy("in").sort());
  });

  test("of the network are those of the catalogue", () => {
    expect([...networkRequirements].sort()).toEqual(decidedBy("out", "ok").sort());
  });

  test("that need privileges are of the host", () => {
    expect(privilegedRequirements.filter((id) => !hostRequirements.includes(id))).toEqual([]);
  });
});
