import { X509Certificate } from "node:crypto";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";

/** A path to a root, or why there is none, in OpenSSL's words. */
export interface Trust {
  readonly trusted: boolean;
  /** Empty when trusted. */
  readonly error: string;
}

/** Roots that are trusted, and a context that verifies against them but accepts any peer it can talk to at all. */
export interface TrustStore {
  readonly context: SecureContext;
  readonly roots: readonly string[];
}

let shared: TrustStore | undefined;

/** The roots that Node brings, those of NODE_EXTRA_CA_CERTS and those of the system. Made once, since reading them takes a while. */
export function trustStore(): TrustStore {
  shared ??= createTrustStore([...getCACertificates("default"), ...getCACertificates("system")]);
  return shared;
}

/** A store with just these roots, PEM. Security level 0, so that old peers can be seen and weak keys do not pass for untrusted ones. */
export function createTrustStore(pems: readonly string[]): TrustStore {
  const roots = [...new Set(pems.map((pem) => `${pem.trim()}\n`))];
  return {
    roots,
    context: createSecureContext({ ca: [...roots], ciphers: "DEFAULT@SECLEVEL=0", minVersion: "TLSv1" }),
  };
}

/** Errors of verification that speak of dates. They hide whether a path was found. */
const dateErrors = ["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID"];

/**
 * Trust without regard to the leaf's own dates, which are told apart: `error` is what OpenSSL made of the whole. Where it complains of
 * dates, a path is looked for again, in which only the certificates above the leaf have to be in theirs.
 */
export function trustOf(chain: readonly X509Certificate[], error: string, options: PathOptions): Trust {
  if (error === "") return { trusted: true, error: "" };
  if (!dateErrors.includes(error)) return { trusted: false, error };
  const [leaf, ...sent] = chain;
  if (leaf === undefined) return { trusted: false, error };
  return findPath(leaf, sent, options);
}

interface PathOptions {
  readonly store: TrustStore;
  readonly now: Date;
}

function findPath(leaf: X509Certificate, sent: readonly X509Certificate[], options: PathOptions): Trust {
  const roots = options.store.roots.flatMap((pem) => readPem(pem) ?? []);
  let current = leaf;
  for (let depth = 0; depth <= sent.length + 1; depth += 1) {
    const anchor = roots.find((root) => root.fingerprint256 === current.fingerprint256 || isIssuer(root, current));
    if (anchor !== undefined) return inDates(anchor, options.now) ? { trusted: true, error: "" } : expired;
    if (isIssuer(current, current)) {
      return { trusted: false, error: depth === 0 ? "DEPTH_ZERO_SELF_SIGNED_CERT" : "SELF_SIGNED_CERT_IN_CHAIN" };
    }
    const next = issuerAmong(sent, current, options.now);
    if (next === undefined) break;
    if (!inDates(next, options.now)) return expired;
    current = next;
  }
  return { trusted: false, error: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" };
}

const expired: Trust = { trusted: false, error: "CERT_HAS_EXPIRED" };

/** An issuer among the certificates sent; one in its dates before others. */
function issuerAmong(
  sent: readonly X509Certificate[],
  certificate: X509Certificate,
  now: Date,
): X509Certificate | undefined {
  const issuers = sent.filter(
    (one) => one.ca && one.fingerprint256 !== certificate.fingerprint256 && isIssuer(one, certificate),
  );
  return issuers.find((one) => inDates(one, now)) ?? issuers[0];
}

function inDates(certificate: X509Certificate, now: Date): boolean {
  return certificate.validFromDate <= now && now <= certificate.validToDate;
}

function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    // A key that OpenSSL cannot use signs nothing.
    return false;
  }
}

function readPem(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    // A root of the system's store that this OpenSSL does not read can't be anyone's anchor.
    return undefined;
  }
}
