import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type OpenSessionOptions, openSession } from "#audit/open-session.ts";
import type { Target } from "#model/target.ts";
import type { HostSession } from "#net/host-session.ts";
import { addUser, keygen, makeFolder, removeFolder, removeUser, type Sshd, startSshd } from "./sshd.ts";

/** Keys, logins and servers for one test file; `prefix` keeps its logins apart from those of other files. All is removed afterwards. */
export function useLab(prefix: string) {
  const folder = makeFolder();
  const at = (name: string): string => join(folder, name);
  const users = {
    plain: `${prefix}sh`,
    fish: `${prefix}fish`,
    nologin: `${prefix}no`,
    forced: `${prefix}forced`,
    certified: `${prefix}cert`,
  };
  const opened: { close?(): unknown; stop?(): unknown }[] = [];

  beforeAll(() => {
    for (const name of ["host-a", "host-b", "user", "stranger", "authority", "certified"]) keygen(at(name));
    keygen(at("host-rsa"), "-t", "rsa", "-b", "2048");
    keygen(at("locked"), "-N", "secret");
    addUser(users.plain, "/bin/sh");
    addUser(users.fish, "/usr/bin/fish");
    addUser(users.nologin, "/usr/sbin/nologin");
    addUser(users.forced, "/bin/bash");
    addUser(users.certified, "/bin/bash");
    const keys = readFileSync(at("user.pub"), "utf8") + readFileSync(at("locked.pub"), "utf8");
    for (const user of [users.plain, users.fish, users.nologin, users.forced])
      writeFileSync(at(`authorized/${user}`), keys);
    const sign = ["-q", "-s", at("authority"), "-I", "lab", "-n", users.certified, "-V", "+1h", at("certified.pub")];
    execFileSync("/usr/bin/ssh-keygen", sign);
  });

  afterEach(async () => {
    for (const thing of opened.splice(0).reverse()) await (thing.close ?? thing.stop)?.call(thing);
  });

  afterAll(() => {
    for (const user of Object.values(users)) removeUser(user);
    removeFolder(folder);
  });

  async function sshd(settings: readonly string[] = [], hostKey = "host-a"): Promise<Sshd> {
    const name = `sshd-${opened.length}-${Date.now()}`;
    const running = await startSshd(folder, name, [`HostKey ${at(hostKey)}`, ...settings]);
    opened.push(running);
    return running;
  }

  function known(...lines: readonly string[]): string {
    const file = at(`known-${Math.random().toString(36).slice(2)}`);
    writeFileSync(file, lines.join(""));
    return file;
  }

  function target(port: number, ssh: Partial<NonNullable<Target["ssh"]>> = {}): Target {
    const login = { host: "127.0.0.1", port, user: users.plain, identity: at("user"), ...ssh };
    return { id: "lab", names: [], addresses: ["127.0.0.1"], local: false, ssh: login };
  }

  function options(file: string, changes: Partial<OpenSessionOptions> = {}): OpenSessionOptions {
    return {
      acceptNewHostKey: false,
      knownHostsFiles: [file],
      agentSocket: undefined,
      homeDirectory: folder,
      timeoutMs: 15_000,
      signal: new AbortController().signal,
      ...changes,
    };
  }

  async function open(of: Target, how: OpenSessionOptions): Promise<HostSession> {
    const attempt = await openSession(of, how);
    if (!attempt.ok) throw new Error(`${attempt.problem.code}: ${attempt.problem.message}`);
    opened.push(attempt.session);
    return attempt.session;
  }

  async function problem(of: Target, how: OpenSessionOptions) {
    const attempt = await openSession(of, how);
    if (!attempt.ok) return attempt.problem;
    await attempt.session.close();
    throw new Error("a session was opened");
  }

  return { folder, at, users, opened, sshd, known, target, options, open, problem };
}
