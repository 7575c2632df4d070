import { randomBytes } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { issue } from "./authority.ts";
import { addresses } from "./network.ts";
import { hostPlaces } from "./places.ts";
import type { Entry } from "./registry.ts";
import { run } from "./run.ts";

/** Writes the files that make a host itself: names, machine-id, SSH host keys, and a certificate for its names. */
export async function prepareSeed(entry: Entry): Promise<void> {
  const { seed } = hostPlaces(entry.name);
  await rm(seed, { recursive: true, force: true });
  const etc = join(seed, "etc");
  await mkdir(join(etc, "ssh"), { recursive: true });
  const texts: Readonly<Record<string, string>> = {
    hostname: `${entry.name}\n`,
    hosts: hostsFile(entry),
    // Empty or "uninitialized" makes systemd take the boot for the first one ever and preset all units.
    "machine-id": `${randomBytes(16).toString("hex")}\n`,
    "resolv.conf": `nameserver ${addresses.nameserver}\n`,
  };
  await Promise.all([
    ...Object.entries(texts).map(([name, text]) => writeFile(join(etc, name), text, { mode: 0o644 })),
    ...["ed25519", "ecdsa", "rsa"].map((type) => hostKey(join(etc, "ssh"), type, entry.name)),
    issue(namesOf(entry.name), join(etc, "ssl/lab")),
  ]);
}

/** A host's DNS names, that of its admin UI's certificate first. */
function namesOf(host: string): readonly string[] {
  return [`claw.${host}.lab.test`, `${host}.lab.test`];
}

function hostsFile({ name }: Entry): string {
  return [
    "127.0.0.1 localhost",
    `127.0.1.1 ${name}.lab.test ${name}`,
    "::1 localhost ip6-localhost ip6-loopback",
    "ff02::1 ip6-allnodes",
    "ff02::2 ip6-allrouters",
    "",
  ].join("\n");
}

async function hostKey(folder: string, type: string, name: string): Promise<void> {
  const file = join(folder, `ssh_host_${type}_key`);
  await run(["ssh-keygen", "-q", "-t", type, "-N", "", "-C", `root@${name}`, "-f", file]);
}
