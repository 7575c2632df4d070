import { access, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withLock } from "./locks.ts";
import { cacheFolder } from "./places.ts";
import { run } from "./run.ts";

/**
 * The SSH key pair with which audits log in to every host. Made once and kept in the cache, so that layers may hold
 * its public half.
 * @returns paths of both halves.
 */
export async function ensureLoginKey(): Promise<{ readonly privateKey: string; readonly publicKey: string }> {
  const folder = join(cacheFolder(), "key");
  const paths = { privateKey: join(folder, "lab"), publicKey: join(folder, "lab.pub") };
  const there = () =>
    access(paths.publicKey).then(
      () => true,
      () => false,
    );
  if (await there()) return paths;
  return await withLock(join(cacheFolder(), "key.lock"), { what: "the lab's login key" }, async () => {
    if (await there()) return paths;
    const draft = `${folder}.new`;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    await run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", join(draft, "lab")]);
    await rename(draft, folder);
    return paths;
  });
}
