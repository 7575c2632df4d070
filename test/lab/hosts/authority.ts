import { generateKeyPair, randomBytes } from "node:crypto";
import { access, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import forge from "node-forge";
import { withLock } from "./locks.ts";
import { cacheFolder } from "./places.ts";

const dayMs = 86_400_000;

export interface IssueOptions {
  /** Default: yesterday. */
  readonly notBefore?: Date;
  /** Default: 90 days after `notBefore`. */
  readonly notAfter?: Date;
  /** Signed by its own key instead of the lab's authority. */
  readonly selfSigned?: boolean;
  /** Size of the RSA key; default 2048. */
  readonly keyBits?: number;
}

/**
 * The certificate authority that every host and every server of the lab's internet trusts. Made once and kept in the
 * cache, so that layers may hold it.
 * @returns paths of its certificate and its key, PEM.
 */
export async function ensureAuthority(): Promise<{ readonly certificate: string; readonly key: string }> {
  const folder = join(cacheFolder(), "ca");
  const paths = { certificate: join(folder, "ca.crt"), key: join(folder, "ca.key") };
  if (await exists(paths.certificate)) return paths;
  return await withLock(join(folder, "lock"), { what: "the lab's certificate authority" }, async () => {
    if (await exists(paths.certificate)) return paths;
    const keys = await newKeys(3072);
    const certificate = blank(keys.publicKey, authorityName, new Date(Date.now() - 3 * 365 * dayMs));
    certificate.validity.notAfter = new Date(Date.now() + 10 * 365 * dayMs);
    certificate.setIssuer(authorityName);
    certificate.setExtensions([
      { name: "basicConstraints", critical: true, cA: true },
      { name: "keyUsage", critical: true, keyCertSign: true, cRLSign: true },
      { name: "subjectKeyIdentifier" },
    ]);
    certificate.sign(keys.privateKey, forge.md.sha256.create());
    await place(paths.key, forge.pki.privateKeyToPem(keys.privateKey), 0o600);
    // The certificate comes last: whoever sees it finds the key too.
    await place(paths.certificate, forge.pki.certificateToPem(certificate), 0o644);
    return paths;
  });
}

/**
 * Issues a server's certificate and writes `fullchain.pem` (0644) and `key.pem` (0600) into a folder, which is made where missing.
 * @param names DNS names; the first is also its common name.
 */
export async function issue(
  names: readonly string[],
  into: string,
  options: IssueOptions = {},
): Promise<{ readonly fullchain: string; readonly key: string }> {
  const paths = await ensureAuthority();
  const keys = await newKeys(options.keyBits ?? 2048);
  const subject = [{ name: "commonName", value: names[0] ?? "lab.test" }];
  const certificate = blank(keys.publicKey, subject, options.notBefore ?? new Date(Date.now() - dayMs));
  certificate.validity.notAfter = options.notAfter ?? new Date(certificate.validity.notBefore.getTime() + 90 * dayMs);
  const extensions: object[] = [
    { name: "basicConstraints", critical: true, cA: false },
    { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    { name: "subjectKeyIdentifier" },
  ];
  if (options.selfSigned === true) {
    certificate.setIssuer(subject);
    certificate.setExtensions(extensions);
    certificate.sign(keys.privateKey, forge.md.sha256.create());
  } else {
    const authority = forge.pki.certificateFromPem(await readFile(paths.certificate, "utf8"));
    const keyIdentifier = authority.generateSubjectKeyIdentifier().getBytes();
    certificate.setIssuer(authority.subject.attributes);
    certificate.setExtensions([...extensions, { name: "authorityKeyIdentifier", keyIdentifier }]);
    const key = forge.pki.privateKeyFromPem(await readFile(paths.key, "utf8"));
    certificate.sign(key, forge.md.sha256.create());
  }
  await mkdir(into, { recursive: true });
  const made = { fullchain: join(into, "fullchain.pem"), key: join(into, "key.pem") };
  await place(made.key, forge.pki.privateKeyToPem(keys.privateKey), 0o600);
  await place(made.fullchain, forge.pki.certificateToPem(certificate), 0o644);
  return made;
}

const authorityName = [
  { name: "organizationName", value: "Lab" },
  { name: "commonName", value: "Lab Root CA" },
];

interface Keys {
  readonly publicKey: forge.pki.rsa.PublicKey;
  readonly privateKey: forge.pki.rsa.PrivateKey;
}

async function newKeys(bits: number): Promise<Keys> {
  // Made by OpenSSL through Node: node-forge's own generator is slow.
  const made = await promisify(generateKeyPair)("rsa", {
    modulusLength: bits,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return {
    publicKey: forge.pki.publicKeyFromPem(made.publicKey),
    privateKey: forge.pki.privateKeyFromPem(made.privateKey),
  };
}

function blank(
  publicKey: forge.pki.rsa.PublicKey,
  subject: forge.pki.CertificateField[],
  notBefore: Date,
): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = publicKey;
  // RFC 5280, 4.1.2.2: positive, at most 20 octets.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  certificate.validity.notBefore = notBefore;
  certificate.setSubject(subject);
  return certificate;
}

/** Nobody ever sees half a file. */
async function place(path: string, text: string, mode: number): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
