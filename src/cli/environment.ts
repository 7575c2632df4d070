import { randomBytes } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/** What the user's account and machine give to a login. */
export function accountOf(environment: NodeJS.ProcessEnv) {
  const home = environment["HOME"] || homedir();
  return {
    homeDirectory: home,
    agentSocket: environment["SSH_AUTH_SOCK"] || undefined,
    knownHostsFiles: [
      join(home, ".ssh", "known_hosts"),
      join(home, ".ssh", "known_hosts2"),
      "/etc/ssh/ssh_known_hosts",
      "/etc/ssh/ssh_known_hosts2",
    ],
  };
}

/** IANA name of this machine's timezone. */
export function timezoneOf(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Random bytes as hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}
