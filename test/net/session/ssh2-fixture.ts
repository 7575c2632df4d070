import { afterEach, expect } from "vitest";
import type { HostSession } from "#net/host-session.ts";
import type { Ssh2Login } from "#net/session/login.ts";
import { openSsh2Session } from "#net/session/ssh2.ts";
import { type Behaviour, limits, loginTo, makePair, type RunningServer, startSshServer } from "./ssh-server.ts";

/** Host key of the servers under test, and the key they let in. */
export const hostKey = makePair();
export const userKey = makePair();

/** What is to be closed after the test. */
export const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of opened.splice(0).reverse()) await thing.close();
});

/** A server that is closed after the test. */
export async function server(behaviour: Partial<Behaviour> = {}): Promise<RunningServer> {
  const running = await startSshServer({ hostKeys: [hostKey], authorised: [userKey], ...behaviour });
  opened.push(running);
  return running;
}

/** A session on such a server. */
export async function session(
  behaviour: Partial<Behaviour> = {},
  changes: Partial<Ssh2Login> = {},
): Promise<HostSession> {
  const { port } = await server(behaviour);
  const attempt = await openSsh2Session(loginTo(port, hostKey, userKey, changes), limits());
  if (!attempt.ok) throw new Error(attempt.problem.message);
  opened.push(attempt.session);
  return attempt.session;
}

/** The problem of a login that ought to fail. */
export async function problem(login: Ssh2Login, timeoutMs = 5_000) {
  const attempt = await openSsh2Session(login, limits(timeoutMs));
  if (attempt.ok) {
    await attempt.session.close();
    throw new Error("a session was opened");
  }
  expect(attempt.problem.hint).not.toBe("");
  return { ...attempt.problem, systemSsh: attempt.systemSsh };
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
