import type { ServerChannel } from "ssh2";
import { describe, expect, test } from "vitest";
import { fingerprint } from "#net/session/known-hosts.ts";
import { openSsh2Session } from "#net/session/ssh2.ts";
import { type Behaviour, blob, limits, loginTo, makePair, realShell, runLimits, startTcpServer } from "./ssh-server.ts";
import { hostKey, opened, problem, server, session, text, userKey } from "./ssh2-fixture.ts";

describe("shell", () => {
  const says = (out: string, code: number) => (channel: ServerChannel) => {
    channel.write(out);
    channel.exit(code);
    channel.end();
  };

  test.each([
    ["nologin", says("This account is currently not available.\n", 1), "no-shell"],
    ["false", says("", 1), "no-shell"],
    ["no sh", says("sh: not found", 127), "no-shell"],
    ["a forced command", says("backup done\n", 0), "forced-command"],
    ["a forced command that says nothing", says("", 0), "forced-command"],
    ["an echo", (channel: ServerChannel) => void channel.pipe(channel), "forced-command"],
    ["endless noise", (channel: ServerChannel) => flood(channel), "forced-command"],
    ["silence", () => undefined, "forced-command"],
  ])("tells %s", async (_, exec, code) => {
    const { port } = await server({ exec });
    expect((await problem(loginTo(port, hostKey, userKey), 1_000)).code).toBe(code);
  });

  test("shows what the peer says without its control characters", async () => {
    const { port } = await server({ exec: says("\u001b]0;owned\u0007\u202eno\n", 1) });
    const found = await problem(loginTo(port, hostKey, userKey));
    expect(found.message).not.toMatch(/[\u001b\u0007\u202e]/);
    expect(found.message).toContain("owned");
  });

  test("tells a server that starts no command", async () => {
    const { port } = await server({ refuseExec: true });
    expect((await problem(loginTo(port, hostKey, userKey))).code).toBe("no-shell");
  });

  test("passes over banners, greetings and noise of start-up files", async () => {
    const open = await session({
      banner: "\u001b[2Jwelcome\r\n".repeat(100),
      greeting: "hello\r\n",
      exec: (channel) => {
        channel.write("noise without an end of line");
        realShell(channel);
      },
    });
    const run = await open.run("echo ours", runLimits());
    expect(text(run.stdout)).toBe("ours\n");
  });

  test("tells a connection that breaks after the login", async () => {
    const { port } = await server({ exec: (_, connection) => connection.end() });
    expect((await problem(loginTo(port, hostKey, userKey))).code).toBe("lost");
  });
});

describe("run", () => {
  test("gives output, head of stderr and exit code, run after run, over one connection", async () => {
    const running = await server();
    const attempt = await openSsh2Session(loginTo(running.port, hostKey, userKey), limits());
    if (!attempt.ok) throw new Error(attempt.problem.message);
    opened.push(attempt.session);
    for (const code of [3, 0]) {
      const run = await attempt.session.run(`echo out; echo err >&2; exit ${code}\n`, runLimits());
      expect(run).toMatchObject({ stderr: "err\n", exitCode: code, end: "exit" });
      expect(text(run.stdout)).toBe("out\n");
    }
    expect(running.connections).toBe(1);
  });

  test("brings back bytes as they are", async () => {
    const run = await (await session()).run("printf '\\377\\000\\376'", runLimits());
    expect([...run.stdout]).toEqual([255, 0, 254]);
  });

  test("takes a script longer than the channel's window", async () => {
    const script = `${"# padding\n".repeat(300_000)}echo end\n`;
    expect(text((await (await session()).run(script, runLimits())).stdout)).toBe("end\n");
  });

  test("keeps what came before the time limit", async () => {
    const run = await (await session()).run("echo before; sleep 60; echo after", runLimits({ timeoutMs: 300 }));
    expect(run).toMatchObject({ end: "timeout", exitCode: null });
    expect(text(run.stdout)).toBe("before\n");
  });

  test("refuses output beyond the limit", async () => {
    const run = await (await session({ exec: shellThenFlood })).run("flood", runLimits({ maxBytes: 100_000 }));
    expect(run.end).toBe("truncated");
    expect(run.stdout).toHaveLength(100_000);
  });

  test("refuses endless stderr, and keeps its head", async () => {
    const run = await (await session()).run("while :; do echo eeeeeeee >&2; done", runLimits({ maxBytes: 50_000 }));
    expect(run.end).toBe("truncated");
    expect(run.stderr).toHaveLength(4096);
  });

  test("keeps what came before the connection broke", async () => {
    const open = await session({
      exec: (channel, connection) => {
        realShell(channel);
        channel.on("data", (chunk: Buffer) => {
          if (chunk.includes("break")) setTimeout(() => connection.end(), 200);
        });
      },
    });
    const run = await open.run("echo before; sleep 30 # break\n", runLimits());
    expect(run).toMatchObject({ end: "lost", exitCode: null });
    expect(text(run.stdout)).toBe("before\n");
    expect((await open.run("echo more", runLimits())).end).toBe("lost");
  });

  test("stops when told to", async () => {
    const open = await session();
    const controller = new AbortController();
    const running = open.run("echo before; sleep 60", runLimits({ signal: controller.signal }));
    setTimeout(() => controller.abort(), 200);
    expect((await running).end).toBe("aborted");
    expect((await open.run("echo", runLimits({ signal: controller.signal }))).end).toBe("aborted");
  });

  test("leaves nothing running on the host after the time limit", async () => {
    const open = await session({ exec: (channel) => realShell(ignoringClose(channel)) });
    const run = await open.run("echo $$; trap '' TERM; sleep 300 & wait; sleep 300", runLimits({ timeoutMs: 300 }));
    expect(run.end).toBe("timeout");
    await expect.poll(() => isAlive(Number(text(run.stdout)))).toBe(false);
  });
});

test("gives up the login when told to", async () => {
  const tcp = await startTcpServer(() => undefined);
  opened.push(tcp);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 100);
  const attempt = await openSsh2Session(loginTo(tcp.port, hostKey, userKey), limits(10_000, controller.signal));
  expect(attempt).toMatchObject({ ok: false, problem: { code: "lost" } });
});

describe("bastion", () => {
  const bastionKey = makePair();
  const through = async (behaviour: Partial<Behaviour> = {}) => {
    const target = await server();
    const bastion = await server({ hostKeys: [bastionKey], ...behaviour });
    const jump = { host: "127.0.0.1", port: bastion.port, user: "hop" };
    const both = `[127.0.0.1]:${target.port} ${hostKey.public}\n[127.0.0.1]:${bastion.port} ${bastionKey.public}`;
    return { target, bastion, login: loginTo(target.port, hostKey, userKey, { jump, knownHosts: both }) };
  };

  test("is gone through, and noted", async () => {
    const { login } = await through();
    const attempt = await openSsh2Session(login, limits());
    if (!attempt.ok) throw new Error(attempt.problem.message);
    opened.push(attempt.session);
    expect(attempt.session.hostKeys).toEqual([fingerprint(blob(hostKey.public))]);
    expect(attempt.session.notes.join()).toContain(fingerprint(blob(bastionKey.public)));
    expect(text((await attempt.session.run("echo far", runLimits())).stdout)).toBe("far\n");
  });

  test("is verified like the target", async () => {
    const { login, target } = await through();
    const found = await problem({ ...login, knownHosts: `[127.0.0.1]:${target.port} ${hostKey.public}` });
    expect(found).toMatchObject({ code: "host-key-unknown", message: expect.stringContaining("bastion") });
    expect(target.connections).toBe(0);
  });

  test("that can not reach the target is said", async () => {
    const { login, target } = await through();
    await target.close();
    const found = await problem(login);
    expect(["refused", "unreachable"]).toContain(found.code);
    expect(found.message).toContain("bastion");
  });

  test("does not stand in for the target's host key", async () => {
    const { login, bastion } = await through();
    const found = await problem({ ...login, knownHosts: `[127.0.0.1]:${bastion.port} ${bastionKey.public}` });
    expect(found).toMatchObject({ code: "host-key-unknown", fingerprint: fingerprint(blob(hostKey.public)) });
  });
});

function flood(channel: ServerChannel): void {
  channel.on("error", () => undefined);
  const chunk = Buffer.alloc(32_768, "x");
  const more = () => {
    while (channel.writable && channel.write(chunk));
  };
  channel.on("drain", more);
  more();
}

function shellThenFlood(channel: ServerChannel): void {
  realShell(channel);
  channel.on("data", (chunk: Buffer) => {
    if (chunk.includes("flood")) flood(channel);
  });
}

/** As sshd does: a channel that closes kills nothing. */
function ignoringClose(channel: ServerChannel): ServerChannel {
  return new Proxy(channel, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => (name === "on" && args[0] === "close" ? target : value.apply(target, args));
    },
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
