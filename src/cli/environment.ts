import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Folders and files that belong to the product. */
export const product = {
  root,
  rules: join(root, "rules"),
  templates: join(root, "reports"),
} as const;

/** This program's name and version, and the Node it runs on. */
export function toolOf(): { readonly name: string; readonly version: string; readonly node: string } {
  const text: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = typeof text === "object" && text !== null && "version" in text ? String(text.version) : "unknown";
  return { name: "sekisho", version, node: process.versions.node };
}

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
