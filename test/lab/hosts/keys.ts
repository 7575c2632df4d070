import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./locks.ts";
import { cacheFolder } from "./places.ts";
import { run } from "./run.ts";

/** Paths of both halves of an SSH key pair. */
export interface KeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/**
 * The key pair with which audits log in to every host. Made once and kept in the cache, so that layers may hold its public half.
 * @returns paths of both halves.
 */
export async function ensureLoginKey(): Promise<KeyPair> {
  return await ensureKey("key", "the lab's login key");
}

/**
 * The key pair with which the lab's operator signs statements. No host ever holds it.
 * @returns paths of both halves.
 */
export async function ensureAttestorKey(): Promise<KeyPair> {
  return await ensureKey("attestor", "the lab's key for statements");
}

async function ensureKey(name: string, what: string): Promise<KeyPair> {
  const folder = join(cacheFolder(), name);
  const paths = { privateKey: join(folder, "lab"), publicKey: join(folder, "lab.pub") };
  const there = () =>
    access(paths.publicKey).then(
      () => true,
      () => false,
    );
  if (await there()) return paths;
  return await withLock(join(cacheFolder(), `${name}.lock`), { what }, async () => {
    if (await there()) return paths;
    const draft = `${folder}.new`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", join(draft, "lab")]);
    await rename(draft, folder);
    return paths;
  });
}
