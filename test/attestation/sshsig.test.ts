import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePublicKey, parsePublicKeyLine } from "#attestation/public-key.ts";
import { isSignatureOver, parseSignature, type SshSignature } from "#attestation/sshsig.ts";
import { magnitude, wireString } from "#attestation/wire.ts";
import { signatureNamespace } from "#model/attestation.ts";
import { captured, kinds, message } from "./captures.ts";

function signature(name: string): SshSignature {
  const parsed = parseSignature(captured(`${name}.sig`));
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.signature;
}

function blobOf(name: string): Buffer {
  const body = captured(`${name}.sig`)
    .split("\n")
    .filter((line) => !line.startsWith("-"));
  return Buffer.from(body.join(""), "base64");
}

const armoured = (blob: Buffer) =>
  `-----BEGIN SSH SIGNATURE-----\n${blob.toString("base64")}\n-----END SSH SIGNATURE-----\n`;
const why = (text: string) => {
  const parsed = parseSignature(text);
  return parsed.ok ? "" : parsed.why;
};

describe("what OpenSSH signed", () => {
  it.each(kinds)("by %s is verified, by the key of the .pub file", (kind) => {
    const key = parsePublicKeyLine(captured(`${kind}.pub`));
    if (!key.ok) throw new Error(key.why);
    const signed = signature(kind);
    expect(signed.key.blob.equals(key.key.blob)).toBe(true);
    expect(signed.key.fingerprint).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    expect(isSignatureOver(signed, message, signatureNamespace)).toBe(true);
  });

  it.each(kinds)("by %s is not over another message, nor in another namespace", (kind) => {
    const signed = signature(kind);
    expect(isSignatureOver(signed, Buffer.concat([message, message]), signatureNamespace)).toBe(false);
    expect(isSignatureOver(signed, Buffer.alloc(0), signatureNamespace)).toBe(false);
    expect(isSignatureOver(signed, message, "file")).toBe(false);
  });

  it("over sha256 is verified, for another purpose it is not", () => {
    expect(signature("sha256").hash).toBe("sha256");
    expect(isSignatureOver(signature("sha256"), message, signatureNamespace)).toBe(true);
    expect(signature("other-namespace").namespace).toBe("file");
    expect(isSignatureOver(signature("other-namespace"), message, signatureNamespace)).toBe(false);
  });

  it("has a reserved field that is signed too", () => {
    const signed = signature("ed25519");
    expect(isSignatureOver({ ...signed, reserved: Buffer.from("x") }, message, signatureNamespace)).toBe(false);
  });

  it("by RSA of 1024 bits is refused", () => {
    expect(why(captured("rsa-1024.sig"))).toMatch(/1024 bits is too short/);
    expect(parsePublicKeyLine(captured("rsa-1024.pub"))).toMatchObject({ ok: false });
  });

  it.each(kinds)("by %s does not hold once any of its bits was turned", (kind) => {
    const blob = blobOf(kind);
    for (let index = 0; index < blob.length; index += 1) {
      const turned = Buffer.from(blob);
      turned.writeUInt8(turned.readUInt8(index) ^ (1 << (index % 8)), index);
      const parsed = parseSignature(armoured(turned));
      const holds = parsed.ok && isSignatureOver(parsed.signature, message, signatureNamespace);
      expect([index, holds]).toEqual([index, false]);
    }
  });
});

describe("what is no signature", () => {
  const blob = blobOf("ed25519");
  it.each<[string, string, RegExp]>([
    ["nothing", "", /begin and end/],
    ["only the first line", "-----BEGIN SSH SIGNATURE-----", /begin and end/],
    ["another armour", captured("ed25519.sig").replaceAll("SSH", "PGP"), /begin and end/],
    ["nothing between the lines", armoured(Buffer.alloc(0)), /not an SSH signature/],
    ["no base64", captured("ed25519.sig").replace("U1NI", "U1N!"), /not base64/],
    ["base64 with blanks", captured("ed25519.sig").replace("U1NI", "U1 NI"), /not base64/],
    ["more than a signature", "x".repeat(20_000), /too long/],
    ["another magic", armoured(Buffer.concat([Buffer.from("SSHSIX"), blob.subarray(6)])), /not an SSH signature/],
    ["another version", armoured(Buffer.concat([blob.subarray(0, 9), Buffer.from([2]), blob.subarray(10)])), /version/],
    ["something behind it", armoured(Buffer.concat([blob, Buffer.from([0])])), /follows/],
  ])("%s", (_what, text, reason) => expect(why(text)).toMatch(reason));

  it("a signature cut off anywhere", () => {
    for (let length = 0; length < blob.length; length += 1) {
      expect([length, parseSignature(armoured(blob.subarray(0, length))).ok]).toEqual([length, false]);
    }
  });

  it("any text is answered, and nothing made up holds", () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
      fc.uint8Array({ maxLength: 400 }).map((bytes) => armoured(Buffer.from(bytes))),
      fc
        .tuple(fc.uint8Array({ maxLength: 120 }), fc.nat({ max: blob.length }))
        .map(([bytes, at]) => armoured(Buffer.concat([blob.subarray(0, at), Buffer.from(bytes)]))),
      fc
        .array(fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.constantFrom("ssh-ed25519", "ssh-rsa", "sha512")), {
          maxLength: 6,
        })
        .map((fields) =>
          armoured(Buffer.concat([blob.subarray(0, 10), ...fields.map((field) => wireString(Buffer.from(field)))])),
        ),
    );
    fc.assert(
      fc.property(text, (made) => {
        const parsed = parseSignature(made);
        if (parsed.ok) {
          const same = made.replace(/\s/g, "") === captured("ed25519.sig").replace(/\s/g, "");
          expect(isSignatureOver(parsed.signature, message, signatureNamespace)).toBe(same);
        } else expect(parsed.why).not.toBe("");
      }),
      { numRuns: 400 },
    );
  });
});

describe("public keys", () => {
  const ed25519 = captured("ed25519.pub").trim();
  const base64 = ed25519.split(" ")[1] ?? "";
  it.each<[string, string, RegExp]>([
    ["nothing", "", /not a type/],
    ["a private key", "-----BEGIN OPENSSH PRIVATE KEY-----", /private key/],
    ["a type alone", "ssh-ed25519", /not a type/],
    ["another type in front", ed25519.replace("ssh-ed25519", "ssh-rsa"), /called ssh-rsa and holds ssh-ed25519/],
    ["DSA", `ssh-dss ${wireString("ssh-dss").toString("base64")}`, /ssh-dss is not supported/],
    [
      "a hardware key",
      `sk ${wireString("sk-ssh-ed25519@openssh.com").toString("base64")}`,
      /sk-ssh-ed25519@openssh\.com/,
    ],
    ["a key that is cut off", `ssh-ed25519 ${base64.slice(0, 40)}`, /cut off/],
    [
      "a point that is not on its curve",
      `ecdsa-sha2-nistp256 ${Buffer.concat([
        wireString("ecdsa-sha2-nistp256"),
        wireString("nistp256"),
        wireString(Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 7)])),
      ]).toString("base64")}`,
      /numbers are no key/,
    ],
  ])("refuses %s", (_what, line, reason) => {
    const parsed = parsePublicKeyLine(line);
    expect(parsed.ok ? "" : parsed.why).toMatch(reason);
  });

  it("reads a key with and without a comment", () => {
    expect(parsePublicKeyLine(`ssh-ed25519 ${base64}`).ok).toBe(true);
    expect(parsePublicKeyLine(`  ssh-ed25519\t${base64} hanako@office laptop \n`).ok).toBe(true);
  });

  it("answers any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom("", "ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp521"),
        (bytes, type) => {
          const blob = Buffer.concat([wireString(type), Buffer.from(bytes)]);
          expect(typeof parsePublicKey(blob).ok).toBe("boolean");
          expect(typeof parsePublicKeyLine(Buffer.from(bytes).toString("utf8")).ok).toBe("boolean");
        },
      ),
      { numRuns: 500 },
    );
  });
});

it.each([
  ["", ""],
  ["7f", "7f"],
  ["0080", "80"],
  ["80", undefined],
  ["0001", undefined],
  ["00", undefined],
])("the mpint %s is %s", (given, expected) => {
  expect(magnitude(Buffer.from(given, "hex"))?.toString("hex")).toBe(expected);
});
