import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { signedBytes } from "#attestation/canonical.ts";
import { wireString } from "#attestation/wire.ts";
import { type Attestation, type Attestor, type Claim, type Statement, signatureNamespace } from "#model/attestation.ts";

/** Someone who signs as ssh-keygen would; made here so that tests need none. */
export interface Signer {
  readonly attestor: Attestor;
  readonly sign: (statement: Statement, namespace?: string) => Attestation;
}

/** A person with an ed25519 key of their own. */
export function signer(name: string, role = "operator"): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const point = Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url");
  const blob = Buffer.concat([wireString("ssh-ed25519"), wireString(point)]);
  const armour = (statement: Statement, namespace: string) => {
    const digest = createHash("sha512").update(signedBytes(statement)).digest();
    const head = [wireString(namespace), wireString(""), wireString("sha512")];
    const bytes = sign(null, Buffer.concat([Buffer.from("SSHSIG"), ...head, wireString(digest)]), privateKey);
    const inner = wireString(Buffer.concat([wireString("ssh-ed25519"), wireString(bytes)]));
    const whole = Buffer.concat([Buffer.from("SSHSIG\0\0\0\u0001", "latin1"), wireString(blob), ...head, inner]);
    return `-----BEGIN SSH SIGNATURE-----\n${whole.toString("base64")}\n-----END SSH SIGNATURE-----\n`;
  };
  return {
    attestor: { name, role, key: `ssh-ed25519 ${blob.toString("base64")} ${name}` },
    sign: (statement, namespace = signatureNamespace) => ({ statement, signature: armour(statement, namespace) }),
  };
}

/** The claim of these tests: six months. */
export const claim: Claim = {
  kind: "restoreTest",
  requirement: "BKP-6",
  claim: { en: "It was restored.", ja: "復旧しました。" },
  validMonths: 6,
  graceDays: 0,
};

/** A statement of it on the server `office`, in force from 2 October 2026 until 30 March 2027. */
export function statement(by: Signer, parts: Partial<Statement> = {}): Statement {
  return {
    target: "office",
    requirement: claim.requirement,
    claim: claim.claim,
    holds: true,
    on: "2026-09-30",
    from: "2026-10-02",
    until: "2027-03-30",
    by: { name: by.attestor.name, role: by.attestor.role },
    ...parts,
  };
}
