import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { Certificate, TlsServer } from "#evidence/network.ts";
import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { type CertificateFacts, certificateFacts, certificateMatches, readCertificate } from "#net/certificate.ts";
import { type Dial, type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import { askVersion, type Handshake, type HelloAnswer, shakeHands } from "#net/tls-client.ts";
import { type HelloVersion, helloVersions } from "#net/tls-wire.ts";
import { type TrustStore, trustOf } from "#net/trust.ts";

/** How to look at a TLS server. */
export interface TlsOptions {
  readonly dial: Dial;
  readonly limits: Limits;
  readonly now: () => Date;
  readonly store: TrustStore;
  /** Answer to a TLS 1.2 hello with this name that was already given. */
  readonly hello?: HelloAnswer | undefined;
  /** What this server said of versions under other names, in full; undefined to ask again. */
  readonly earlier: readonly TlsServer["versions"][] | undefined;
}

/** What a TLS server showed for one name, the certificates as sent, and the connection that stands. */
export interface TlsFound {
  readonly server: TlsServer;
  readonly raw: Buffer;
  readonly socket: TLSSocket | Failure;
}

/** Alerts by which a server says that it will not have this version or nothing in it (RFC 8446, 6.2; RFC 7507). */
const versionAlerts: readonly number[] = [40, 70, 71, 86];
const internalError = 80;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * Looks at a TLS server under one name: a hand-made TLS 1.2 hello gets the certificates as sent, OpenSSL's handshake verifies them and is
 * left open, and hand-made hellos ask for the old versions. Where a server speaks TLS 1.3 only the certificates come encrypted: there the
 * chain is what OpenSSL put in order of issue.
 */
export async function lookAtTls(endpoint: Endpoint, serverName: string, options: TlsOptions): Promise<TlsFound> {
  const { dial, limits } = options;
  const hello = options.hello ?? (await askVersion(endpoint, { version: "TLSv1.2", serverName, whole: true }, options));
  const handshake = await shakeHands(endpoint, serverName, options);
  const works = !isFailure(handshake);
  const newer: VersionFact[] = [
    { version: "TLSv1.2", accepted: accepted(hello, "TLSv1.2", works) },
    { version: "TLSv1.3", accepted: acceptsNewest(handshake) },
  ];
  const older: VersionFact[] =
    options.earlier !== undefined
      ? olderOf(options.earlier, newer)
      : [
          { version: "TLSv1", accepted: await accepts(endpoint, "TLSv1", serverName, { dial, limits, works }) },
          { version: "TLSv1.1", accepted: await accepts(endpoint, "TLSv1.1", serverName, { dial, limits, works }) },
        ];
  const sent = chainOf(hello, handshake);
  const leaf = isUnknown(sent) ? undefined : sent[0];
  const server: TlsServer = {
    address: endpoint.address,
    family: parseAddress(endpoint.address)?.family ?? "ipv4",
    port: endpoint.port,
    serverName,
    chain: isUnknown(sent) ? sent : sent.slice(0, 20).map((one) => certificateEvidence(certificateFacts(one))),
    ...trustFacts(sent, handshake, options),
    ...leafFacts(leaf, isUnknown(sent) ? sent.$unknown : "the server sent no certificate", {
      identity: serverName === "" ? endpoint.address : serverName,
      now: options.now(),
    }),
    versions: [...older, ...newer],
  };
  const raw = isUnknown(sent) ? [] : sent.map((one) => Buffer.from(one.toString()));
  return {
    server,
    raw: Buffer.concat([Buffer.from(`${endpoint.address} ${endpoint.port} ${serverName}\n`), ...raw]),
    socket: isFailure(handshake) ? handshake : handshake.socket,
  };
}

interface VersionFact {
  version: string;
  accepted: Maybe<boolean>;
}

/**
 * Old versions as they were told under other names: servers mostly settle the version before they look at the name. Unknown where one of
 * those names was told otherwise than another, or than this one of the newer versions.
 */
function olderOf(earlier: readonly TlsServer["versions"][], newer: readonly VersionFact[]): VersionFact[] {
  const told = (versions: TlsServer["versions"], version: string) =>
    versions.find((one): one is VersionFact => "version" in one && one.version === version)?.accepted;
  const alike =
    newer.every(({ version, accepted }) => earlier.every((one) => told(one, version) === accepted)) &&
    ["TLSv1", "TLSv1.1"].every((version) => new Set(earlier.map((one) => told(one, version))).size === 1);
  const not = unknown("names of this server differ in versions; this name was not asked, to keep connections few");
  return ["TLSv1", "TLSv1.1"].map((version) => {
    const [first] = earlier;
    return { version, accepted: (alike && first !== undefined ? told(first, version) : undefined) ?? not };
  });
}

async function accepts(
  endpoint: Endpoint,
  version: HelloVersion,
  serverName: string,
  options: { dial: Dial; limits: Limits; works: boolean },
): Promise<Maybe<boolean>> {
  if (options.limits.signal.aborted) return unknown("stopped before this version was asked");
  return accepted(await askVersion(endpoint, { version, serverName, whole: false }, options), version, options.works);
}

/**
 * Accepted when ServerHello agrees to just this version; not when it agrees to a lower one or an alert refuses it. OpenSSL below its
 * security level says internal_error for a version that its settings name: where another version `works`, that is a refusal too.
 */
function accepted(answer: HelloAnswer | Failure, version: HelloVersion, works: boolean): Maybe<boolean> {
  if (isFailure(answer)) return unknown(answer.detail);
  const { flight } = answer;
  if (flight.state === "hello") return flight.version === helloVersions[version];
  if (flight.state === "malformed") return unknown(flight.detail);
  if (flight.state !== "alert") return unknown(`no answer to a ${version} hello (${answer.end})`);
  const refused = versionAlerts.includes(flight.alert) || (works && flight.alert === internalError);
  return refused ? false : unknown(`alert ${flight.alert} says nothing of the version`);
}

/** OpenSSL offers everything up to 1.3 and servers take the newest they know. */
function acceptsNewest(handshake: Handshake | Failure): Maybe<boolean> {
  return isFailure(handshake) ? unknown(handshake.detail) : handshake.version === "TLSv1.3";
}

/** As sent, where that could be read and is of the same leaf as the handshake's; else as OpenSSL has it. */
function chainOf(hello: HelloAnswer | Failure, handshake: Handshake | Failure): Maybe<readonly X509Certificate[]> {
  const sent = isFailure(hello) || hello.flight.state !== "hello" ? undefined : hello.flight.certificates;
  const read = sent?.map(readCertificate);
  const whole = read?.filter((one) => one !== undefined);
  if (isFailure(handshake)) {
    if (whole === undefined || read === undefined) return unknown(handshake.detail);
    return whole.length === read.length ? whole : unknown("a certificate that OpenSSL does not read");
  }
  const same = whole?.[0]?.fingerprint256 === handshake.leaf?.fingerprint256;
  if (whole !== undefined && whole.length === read?.length && same) return whole;
  return handshake.leaf === undefined ? [] : handshake.sent;
}

function trustFacts(
  sent: Maybe<readonly X509Certificate[]>,
  handshake: Handshake | Failure,
  options: TlsOptions,
): Pick<TlsServer, "trusted" | "trustError"> {
  if (isFailure(handshake)) return { trusted: unknown(handshake.detail), trustError: unknown(handshake.detail) };
  if (handshake.leaf === undefined) return { trusted: false, trustError: "the server sent no certificate" };
  const chain = isUnknown(sent) ? handshake.sent : sent;
  const { trusted, error } = trustOf(chain, handshake.verifyError, { store: options.store, now: options.now() });
  return { trusted, trustError: visible(error, 200) };
}

type LeafFacts = Pick<
  TlsServer,
  | "nameMatches"
  | "remainingDays"
  | "started"
  | "leafKeyType"
  | "leafKeyBits"
  | "leafSignatureAlgorithm"
  | "leafIssuer"
  | "leafKeyDigest"
>;

function leafFacts(leaf: X509Certificate | undefined, why: string, about: { identity: string; now: Date }): LeafFacts {
  if (leaf === undefined) {
    const not = unknown(why);
    return {
      nameMatches: not,
      remainingDays: not,
      started: not,
      leafKeyType: not,
      leafKeyBits: not,
      leafSignatureAlgorithm: not,
      leafIssuer: not,
      leafKeyDigest: not,
    };
  }
  const facts = certificateFacts(leaf);
  const remainingMs = facts.notAfter.getTime() - about.now.getTime();
  return {
    nameMatches: certificateMatches(leaf, about.identity),
    remainingDays: Math.floor(remainingMs / dayMs),
    started: facts.notBefore.getTime() <= about.now.getTime(),
    leafKeyType: facts.keyType === "" ? unknown("OpenSSL does not read the key") : facts.keyType,
    leafKeyBits: facts.keyBits,
    leafSignatureAlgorithm: shown(facts.signatureAlgorithm, 100),
    leafIssuer: visible(facts.issuer, 500),
    leafKeyDigest: facts.keyDigest,
  };
}

function certificateEvidence(facts: CertificateFacts): Certificate {
  return {
    subject: visible(facts.subject, 500),
    issuer: visible(facts.issuer, 500),
    notBefore: facts.notBefore.toISOString(),
    notAfter: facts.notAfter.toISOString(),
    keyType: facts.keyType === "" ? "unreadable" : facts.keyType,
    keyBits: facts.keyBits,
    signatureAlgorithm: shown(facts.signatureAlgorithm, 100),
    fingerprint: facts.fingerprint,
  };
}

function shown(text: Maybe<string>, length: number): Maybe<string> {
  return isUnknown(text) ? text : visible(text, length);
}
