import { describe, expect, test } from "vitest";
import { preflight } from "#audit/preflight.ts";
import type { HostSession } from "#net/host-session.ts";
import { runLimits } from "../../net/session/ssh-server.ts";
import { useLab } from "./lab.ts";
import { groupRuns, killDescendants, knownLine, postQuantum, said } from "./sshd.ts";

const { at, users, sshd, known, target, options, open, problem } = useLab("sklabrun");

describe.each([
  ["ssh2", []],
  ["ssh", postQuantum],
] as const)("a bastion, by %s", (via, settings) => {
  test("is gone through with both keys verified", async () => {
    const [far, near] = [await sshd(settings, "host-a"), await sshd([], "host-b")];
    const jump = `${users.fish}@127.0.0.1:${near.port}`;
    const both = known(knownLine(far.port, at("host-a.pub")), knownLine(near.port, at("host-b.pub")));
    const session = await open(target(far.port, { jump }), options(both));
    expect(session.via).toBe(via);
    expect(await said(session, "id -un")).toBe(`${users.plain}\n`);
    const one = known(knownLine(far.port, at("host-a.pub")));
    expect((await problem(target(far.port, { jump }), options(one))).code).toBe("host-key-unknown");
  });

  test("that forwards nothing is said", async () => {
    const [far, near] = [await sshd(settings, "host-a"), await sshd(["AllowTcpForwarding no"], "host-b")];
    const jump = `${users.plain}@127.0.0.1:${near.port}`;
    const both = known(knownLine(far.port, at("host-a.pub")), knownLine(near.port, at("host-b.pub")));
    expect((await problem(target(far.port, { jump }), options(both))).code).toBe("unreachable");
  });
});

describe.each([
  ["ssh2", []],
  ["ssh", postQuantum],
] as const)("a run, by %s", (via, settings) => {
  async function session(): Promise<HostSession> {
    const { port } = await sshd(settings);
    const found = await open(target(port), options(known(knownLine(port, at("host-a.pub")))));
    expect(found.via).toBe(via);
    return found;
  }

  test.each([
    ["timeout", "echo $$; sleep 300 & sleep 300", { timeoutMs: 500 }],
    ["truncated", "echo $$; while :; do echo xxxxxxxxxxxxxxx; done", { maxBytes: 50_000 }],
  ] as const)("%s: keeps the output so far and leaves nothing running", async (end, script, changes) => {
    const result = await (await session()).run(script, runLimits(changes));
    expect(result.end).toBe(end);
    const pid = Buffer.from(result.stdout).toString().split("\n")[0] ?? "";
    expect(pid).toMatch(/^\d+$/);
    await expect.poll(() => groupRuns(Number(pid)), { timeout: 5_000 }).toBe(false);
  });

  test("keeps the output so far when sshd is killed", async () => {
    const server = await sshd(settings);
    const found = await open(target(server.port), options(known(knownLine(server.port, at("host-a.pub")))));
    setTimeout(() => killDescendants(server.pid), 500);
    const result = await found.run("echo before; sleep 2; echo after", runLimits());
    expect(result).toMatchObject({ end: "lost", exitCode: null });
    expect(Buffer.from(result.stdout).toString()).toBe("before\n");
    expect((await found.run("echo more", runLimits())).end).toBe(via === "ssh2" ? "lost" : "exit");
  });
});

describe("preflight", () => {
  test("says what the login may and may not", async () => {
    const { port } = await sshd();
    const checks = await preflight(target(port), options(known(knownLine(port, at("host-a.pub")))));
    const outcome = Object.fromEntries(checks.map((check) => [check.id, check.outcome]));
    expect(outcome).toMatchObject({ reach: "yes", "host-key": "yes", login: "yes", shell: "yes", privilege: "no" });
    const privilege = checks.find((check) => check.id === "privilege");
    expect(privilege?.unknownRequirements).toContain("NET-4");
    expect(privilege?.remedy).toBeTruthy();
  });
});
