import { spawnSync } from "node:child_process";
import { signedBytes } from "#attestation/canonical.ts";
import { type Statement, signatureNamespace } from "#model/attestation.ts";
import { UnusableError } from "#model/input-error.ts";
import { visible } from "#model/sanitise.ts";

const longestSaid = 400;

/**
 * Signs a statement with ssh-keygen, which asks for a passphrase on the terminal where the key has one. `keyFile` is a private key, or a public
 * one whose private half the agent holds. Gives the armoured signature.
 * @throws UnusableError where ssh-keygen is missing or would not sign.
 */
export function signStatement(statement: Statement, keyFile: string): string {
  const ended = spawnSync("ssh-keygen", ["-Y", "sign", "-f", keyFile, "-n", signatureNamespace], {
    input: signedBytes(statement),
    encoding: "utf8",
    maxBuffer: 1024 * 1024,
  });
  if (ended.error !== undefined) {
    const missing = "code" in ended.error && ended.error.code === "ENOENT";
    throw new UnusableError(missing ? "ssh-keygen, which signs, is not installed here." : String(ended.error.message), {
      hint: "Install OpenSSH's client (Debian and Ubuntu: sudo apt install openssh-client; Windows: the optional feature OpenSSH Client) and run this again.",
    });
  }
  if (ended.status === 0 && ended.stdout.includes("BEGIN SSH SIGNATURE")) return ended.stdout;
  const said = visible(ended.stderr.trim().replace(/\s*\n\s*/g, "; "), longestSaid);
  throw new UnusableError(`ssh-keygen did not sign with ${visible(keyFile, longestSaid)}: ${said}`, {
    hint: "Give --key a private key, or a .pub file whose key the agent holds (ssh-add -L lists them); OpenSSH 8.2 or newer is needed.",
  });
}
