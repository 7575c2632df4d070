import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeyFile } from "#net/session/login.ts";
import { noSession, type SessionAttempt } from "#net/session/problem.ts";

const defaultNames = ["id_ed25519", "id_ecdsa", "id_rsa"] as const;
/** No private key is longer; a longer file was not meant. */
const keyBytes = 64 * 1024;

/**
 * The private key files to log in with: the named one, else those of ssh(1)'s default names that are there. `~/` stands for the home
 * directory. A named file that can not be read is a problem.
 */
export async function readKeyFiles(
  identity: string | undefined,
  homeDirectory: string,
): Promise<readonly KeyFile[] | Extract<SessionAttempt, { ok: false }>> {
  if (identity === undefined) {
    const paths = defaultNames.map((name) => join(homeDirectory, ".ssh", name));
    const found = await Promise.all(paths.map((path) => readKeyFile(path)));
    return found.flatMap((entry) => (typeof entry === "string" ? [] : [entry]));
  }
  const path = identity.replace(/^~(?=\/)/, homeDirectory);
  const read = await readKeyFile(path);
  if (typeof read !== "string") return [read];
  return noSession({
    code: "key-unreadable",
    message: `The key ${path} can not be read (${read}).`,
    hint: `Check the path and the permission: ls -l ${path}`,
  });
}

/** The file, or why it can not be read. */
async function readKeyFile(path: string): Promise<KeyFile | string> {
  try {
    const content = await readFile(path, "utf8");
    if (content.length > keyBytes) return "too long for a key";
    const publicKey = await readFile(`${path}.pub`, "utf8").catch(() => undefined);
    return { path, content, publicKey, certificate: await isThere(`${path}-cert.pub`) };
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not there or not for us: ssh would not use it either.
    return false;
  }
}
