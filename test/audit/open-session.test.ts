import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type OpenSessionOptions, openSession, parseJump } from "#audit/open-session.ts";
import { InputError } from "#model/input-error.ts";
import type { Target } from "#model/target.ts";
import { makePair, type Pair, type RunningServer, runLimits, startSshServer } from "../net/session/ssh-server.ts";

const home = mkdtempSync(join(tmpdir(), "home-"));
const [hostKey, userKey] = [makePair(), makePair()];
const identity = join(home, "key");
writeFileSync(identity, userKey.private);
const servers: RunningServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(authorised: readonly Pair[] = [userKey]): Promise<{ server: RunningServer; file: string }> {
  const server = await startSshServer({ hostKeys: [hostKey], authorised });
  servers.push(server);
  const file = join(home, `known_hosts-${server.port}`);
  writeFileSync(file, `[127.0.0.1]:${server.port} ${hostKey.public}\n[localhost]:${server.port} ${hostKey.public}\n`);
  return { server, file };
}

function target(ssh: Partial<NonNullable<Target["ssh"]>>): Target {
  return { id: "t", names: [], addresses: [], local: false, ssh: { host: "127.0.0.1", user: "audit", ...ssh } };
}

function options(changes: Partial<OpenSessionOptions> = {}): OpenSessionOptions {
  return {
    acceptNewHostKey: false,
    knownHostsFiles: [],
    agentSocket: undefined,
    homeDirectory: home,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    ...changes,
  };
}

describe("openSession", () => {
  test("opens this machine without a login", async () => {
    const attempt = await openSession({ id: "t", names: [], addresses: [], local: true }, options());
    if (!attempt.ok) throw new Error(attempt.problem.message);
    expect(attempt.session.via).toBe("local");
    expect(Buffer.from((await attempt.session.run("echo here", runLimits())).stdout).toString()).toBe("here\n");
  });

  test.each(["127.0.0.1", "localhost"])("logs into %s by the named key, and asks for leave first", async (host) => {
    const { server, file } = await start();
    const asked: string[] = [];
    const permit = (address: string) => void asked.push(address);
    const login = target({ host, port: server.port, identity });
    const attempt = await openSession(login, options({ knownHostsFiles: [file], permit }));
    if (!attempt.ok) throw new Error(attempt.problem.message);
    await attempt.session.close();
    expect(asked).toContain("127.0.0.1");
  });

  test("contacts nothing without leave", async () => {
    const { server, file } = await start();
    const permit = (): void => {
      throw new InputError("out of scope");
    };
    const login = target({ host: "localhost", port: server.port, identity });
    await expect(openSession(login, options({ knownHostsFiles: [file], permit }))).rejects.toThrow("out of scope");
    expect(server.connections).toBe(0);
  });

  test("contacts no bastion without leave", async () => {
    const { server, file } = await start();
    const permit = (address: string): void => {
      if (address === "127.0.0.1") throw new InputError("bastion out of scope");
    };
    const login = target({ host: "192.0.2.5", identity, jump: `audit@localhost:${server.port}` });
    await expect(openSession(login, options({ knownHostsFiles: [file], permit }))).rejects.toThrow(
      "bastion out of scope",
    );
    expect(server.connections).toBe(0);
  });

  test("finds the keys of default names", async () => {
    const other = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(other, ".ssh"));
    writeFileSync(join(other, ".ssh", "id_ed25519"), userKey.private);
    const { server, file } = await start();
    const login = target({ port: server.port });
    const attempt = await openSession(login, options({ knownHostsFiles: [file], homeDirectory: other }));
    if (!attempt.ok) throw new Error(attempt.problem.message);
    await attempt.session.close();
  });

  test("a key that is not there is named", async () => {
    const attempt = await openSession(target({ identity: "~/missing" }), options());
    expect(attempt).toMatchObject({
      ok: false,
      problem: { code: "key-unreadable", message: expect.stringContaining(join(home, "missing")) },
    });
  });

  test("a file that is not a key is too long or not one", async () => {
    const big = join(home, "big");
    writeFileSync(big, "x".repeat(100_000));
    expect(await openSession(target({ identity: big }), options())).toMatchObject({
      problem: { code: "key-unreadable" },
    });
  });

  test.each([
    ["an option for a host", { host: "-oProxyCommand=touch /tmp/x" }],
    ["an option for a user", { user: "-l" }],
    ["a space", { host: "a b" }],
    ["a bad bastion", { jump: "bastion" }],
    ["an option for a bastion", { jump: "-x@-y" }],
  ])("refuses %s", async (_, ssh) => {
    await expect(openSession(target(ssh), options())).rejects.toThrow(InputError);
  });
});

describe("parseJump", () => {
  test.each([
    ["hop@bastion", { user: "hop", host: "bastion", port: 22 }],
    ["hop@bastion:2222", { user: "hop", host: "bastion", port: 2222 }],
    ["hop@203.0.113.1:22", { user: "hop", host: "203.0.113.1", port: 22 }],
    ["hop@[2001:db8::1]:2222", { user: "hop", host: "2001:db8::1", port: 2222 }],
    ["hop@[::1]", { user: "hop", host: "::1", port: 22 }],
  ])("reads %s", (text, hop) => {
    expect(parseJump(text)).toEqual(hop);
  });

  test.each(["", "bastion", "@bastion", "hop@", "hop@bastion:0", "hop@bastion:65536", "hop@::1", "a@b@c", "hop@b:x"])(
    "refuses %j",
    (text) => {
      expect(() => parseJump(text)).toThrow(InputError);
    },
  );
});
