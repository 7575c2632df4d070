import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { closeSync, openSync, statSync, writeSync } from "node:fs";
import { keyIdOf } from "#attestation/dsse.ts";
import { InputError } from "#model/input-error.ts";
import { readNamedFile } from "./json-file.ts";

/** A pair of key files that was made. */
export interface MadeKeys {
  readonly privateFile: string;
  readonly publicFile: string;
  readonly keyId: string;
  readonly encrypted: boolean;
}

/**
 * Makes an Ed25519 pair: the private key at `file` (PKCS #8, PEM, for its owner only, encrypted where there is a passphrase), the public one at
 * `file`.pub (SubjectPublicKeyInfo, PEM). Throws InputError where a file is there already or cannot be written.
 */
export function makeKeys(file: string, passphrase: string | undefined): MadeKeys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const lock = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  writeNew(file, privateKey.export({ type: "pkcs8", format: "pem", ...lock }).toString(), 0o600);
  writeNew(`${file}.pub`, publicKey.export({ type: "spki", format: "pem" }).toString(), 0o644);
  return {
    privateFile: file,
    publicFile: `${file}.pub`,
    keyId: keyIdOf(publicKey),
    encrypted: passphrase !== undefined,
  };
}

/** Never over another key, which nothing could bring back. */
function writeNew(file: string, content: string, mode: number): void {
  try {
    const handle = openSync(file, "wx", mode);
    try {
      writeSync(handle, content);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new InputError(`${file} cannot be made (${code}).`, {
      hint:
        code === "EEXIST"
          ? "A key is there already: name another file with --out."
          : "Choose another place with --out.",
    });
  }
}

/** Reads a private Ed25519 key to sign with. Throws InputError for any other, for one that others may read, and for a wrong passphrase. */
export function readPrivateKey(file: string, passphrase: string | undefined): KeyObject {
  const bytes = readNamedFile(file);
  refuseShared(file);
  const key = attempt(() => createPrivateKey({ key: bytes, ...(passphrase === undefined ? {} : { passphrase }) }));
  if (key instanceof Error) {
    throw new InputError(`${file} holds no private key that can be read here.`, {
      hint: "Give the file that sekisho keygen made. For an encrypted one put its passphrase into SEKISHO_KEY_PASSPHRASE.",
    });
  }
  return onlyEd25519(file, key);
}

/** Reads a public Ed25519 key, or the public half of a private one. Throws InputError for any other. */
export function readPublicKey(file: string): KeyObject {
  const key = attempt(() => createPublicKey(readNamedFile(file)));
  if (!(key instanceof Error)) return onlyEd25519(file, key);
  if (key instanceof InputError) throw key;
  throw new InputError(`${file} holds no public key that can be read here.`, {
    hint: "Give the .pub file that sekisho keygen made, as its owner handed it over.",
  });
}

function onlyEd25519(file: string, key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new InputError(`${file} holds a key of type ${key.asymmetricKeyType}, not ed25519.`, {
    hint: "Make a pair with sekisho keygen.",
  });
}

function refuseShared(file: string): void {
  if (process.platform === "win32" || (statSync(file).mode & 0o077) === 0) return;
  throw new InputError(`${file} can be read by others than its owner, so its signature would prove nothing.`, {
    hint: `Run: chmod 600 ${file}`,
  });
}

function attempt(read: () => KeyObject): KeyObject | Error {
  try {
    return read();
  } catch (error) {
    // What is wrong with the file is said by the caller, in words that name it.
    return error instanceof Error ? error : new Error(String(error));
  }
}
