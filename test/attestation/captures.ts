import { readFileSync } from "node:fs";

const folder = new URL("../../fixtures/captures/sshsig/openssh-9.2p1/", import.meta.url);

/** What OpenSSH 9.2p1 wrote: keys (.pub), signatures over `message` (.sig), and the message itself. */
export function captured(name: string): string {
  return readFileSync(new URL(name, folder), "utf8");
}

/** What was signed. */
export const message = Buffer.from(captured("message"));

/** Keys that may sign, by name. */
export const kinds = ["ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-3072"] as const;
