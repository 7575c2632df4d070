import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { TlsServer } from "#evidence/tls.ts";
import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { readCertificate } from "#net/certificate.ts";
import { type Dial, type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import { versionNumbers } from "#net/tls/hello.ts";
import { askVersion, type Handshake, type HelloAnswer, shakeHands } from "#net/tls-client.ts";
import type { HelloVersion } from "#net/tls-wire.ts";
import { type TrustStore, trustOf } from "#net/trust.ts";
import { certificateEvidence, leafFacts } from "./tls-certificates.ts";
import type { Shaken, TlsDepth } from "./tls-depth.ts";

/** How to look at a TLS server. */
export interface TlsOptions {
  readonly dial: Dial;
  readonly limits: Limits;
  readonly now: () => Date;
  readonly store: TrustStore;
  /** Answer to a TLS 1.2 hello with this name that was already given. */
  readonly hello?: HelloAnswer | undefined;
}

/** What a TLS server showed for one name, the certificates as sent, and the connection that stands. */
export interface TlsFound {
  readonly server: Omit<TlsServer, keyof TlsDepth>;
  /** Of TLS 1.2 and 1.3. */
  readonly versions: readonly VersionFact[];
  readonly raw: Buffer;
  readonly shaken: Shaken | undefined;
  /** It answered a hello, or shook hands. */
  readonly sensible: boolean;
  readonly socket: TLSSocket | Failure;
}

/** Alerts by which a server says that it will not have this version or nothing in it (RFC 8446, 6.2; RFC 7507). */
const versionAlerts: readonly number[] = [40, 70, 71, 86];
const internalError = 80;

/**
 * Looks at a TLS server under one name: a hand-made TLS 1.2 hello gets the certificates as sent, OpenSSL's handshake verifies them
 * and is left open. Where a server speaks TLS 1.3 only, the certificates come encrypted: there the chain is what OpenSSL put in order of issue.
 */
export async function lookAtTls(endpoint: Endpoint, serverName: string, options: TlsOptions): Promise<TlsFound> {
  const hello = options.hello ?? (await askVersion(endpoint, { version: "TLSv1.2", serverName, whole: true }, options));
  const handshake = await shakeHands(endpoint, serverName, options);
  const works = !isFailure(handshake);
  const newer: VersionFact[] = [
    { version: "TLSv1.2", accepted: accepted(hello, "TLSv1.2", works) },
    { version: "TLSv1.3", accepted: acceptsNewest(handshake) },
  ];
  const sent = chainOf(hello, handshake);
  const leaf = isUnknown(sent) ? undefined : sent[0];
  const server = {
    address: endpoint.address,
    family: parseAddress(endpoint.address)?.family ?? "ipv4",
    port: endpoint.port,
    serverName,
    chain: isUnknown(sent) ? sent : sent.slice(0, 20).map(certificateEvidence),
    ...trustFacts(sent, handshake, options),
    ...leafFacts(leaf, isUnknown(sent) ? sent.$unknown : "the server sent no certificate", {
      identity: serverName === "" ? endpoint.address : serverName,
      now: options.now(),
    }),
  };
  const raw = isUnknown(sent) ? [] : sent.map((one) => Buffer.from(one.toString()));
  return {
    server,
    raw: Buffer.concat([Buffer.from(`${endpoint.address} ${endpoint.port} ${serverName}\n`), ...raw]),
    versions: newer,
    shaken: isFailure(handshake) ? undefined : { version: handshake.version, suite: handshake.suite },
    sensible: works || isWhole(hello),
    socket: isFailure(handshake) ? handshake : handshake.socket,
  };
}

/** It answered as a TLS server does, to the end. */
function isWhole(answer: HelloAnswer | Failure): boolean {
  if (isFailure(answer)) return false;
  return answer.flight.state === "alert" || (answer.flight.state === "hello" && answer.flight.hello !== undefined);
}

/** Whether a version is accepted. */
export interface VersionFact {
  version: string;
  accepted: Maybe<boolean>;
}

/**
 * Accepted when ServerHello agrees to just this version; not when it agrees to a lower one or an alert refuses it. OpenSSL below its
 * security level says internal_error for a version that its settings name: where another version `works`, that is a refusal too.
 */
export function accepted(answer: HelloAnswer | Failure, version: HelloVersion, works: boolean): Maybe<boolean> {
  if (isFailure(answer)) return unknown(answer.detail);
  const { flight } = answer;
  if (flight.state === "hello") return flight.version === versionNumbers[version];
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
