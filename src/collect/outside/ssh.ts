import type { Duplex } from "node:stream";
import type { SshServer } from "#evidence/network.ts";
import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { type Dial, type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import { hostKeyAlgorithms, noSharedAlgorithm, type SshVisit, visitSsh } from "#net/ssh-client.ts";
import { type KexInit, keyTypeOf } from "#net/ssh-wire.ts";
import { pause } from "#net/within.ts";

/** Connections to one SSH server at most, the one that found it included. */
const connectionLimit = 5;
const retryLimit = 2;
const retryPauseMs = 2000;

/** How to look at an SSH server. */
export interface SshOptions {
  readonly dial: Dial;
  readonly limits: Limits;
  readonly users: readonly string[];
}

/** What an SSH server showed, and the raw heads of its streams. */
export interface SshFound {
  readonly server: SshServer;
  readonly raw: Buffer;
}

/**
 * Asks an SSH server, one connection after another: algorithms, host keys, and what it offers to each user. Every connection asks for
 * another user and another type of host key, so that few are needed.
 */
export async function lookAtSsh(endpoint: Endpoint, given: Duplex | undefined, options: SshOptions): Promise<SshFound> {
  const visits: Visited[] = [];
  const unreached = new Map<string, string>();
  let socket = given;
  let retries = retryLimit;
  for (let turn = 0, made = 0; made < connectionLimit; made += 1) {
    const next = nextVisit(visits, turn, options);
    if (next === undefined) break;
    const visit = await visitOnce(endpoint, socket, { ...options, ...next });
    socket = undefined;
    const mute = isMute(visit);
    if (retries > 0 && (mute || isBrokenOff(visit, visits.length === 0))) {
      retries -= 1;
      await pause(retryPauseMs, options.limits.signal);
      continue;
    }
    if (typeof visit !== "string") visits.push({ user: next.user, wanted: next.wanted, visit });
    else if (next.user !== undefined) unreached.set(next.user, visit);
    if (mute) break;
    if (!isMisled(visits)) turn += 1;
  }
  return describe(endpoint, visits, { users: options.users, unreached });
}

function isMute(visit: SshVisit | string): boolean {
  return typeof visit === "string" || visit.head.identification === undefined;
}

/**
 * Whether the server spoke SSH and the connection broke before it told its methods, as it does where packets are lost or a daemon is busy.
 * Without a host key, only the first: a later one may have asked for a type that the server has no key of.
 */
function isBrokenOff(visit: SshVisit | string, first: boolean): boolean {
  if (typeof visit === "string" || !isUnknown(visit.methods) || visit.head.broken !== undefined) return false;
  return brokenOff.test(visit.methods.$unknown) && (first || visit.hostKey !== undefined);
}

const brokenOff = /^(?:the handshake failed \(client-(?:socket|timeout)\)|the server closed the connection)/;

interface Visited {
  readonly user: string | undefined;
  /** Host key algorithms that were asked for. */
  readonly wanted: readonly string[];
  readonly visit: SshVisit;
}

/** Whom to ask next and by which host key; undefined when nothing is left to learn, or nothing can be. */
function nextVisit(
  visits: readonly Visited[],
  turn: number,
  options: SshOptions,
): { user: string | undefined; wanted: readonly string[] } | undefined {
  const { users, limits } = options;
  const user = users[turn];
  const unseen = unseenAlgorithms(visits);
  const hopeless = visits.some(
    ({ visit }) => isUnknown(visit.methods) && visit.methods.$unknown.startsWith(noSharedAlgorithm),
  );
  if (limits.signal.aborted || hopeless || (user === undefined && unseen.length === 0)) return undefined;
  return { user, wanted: unseen.length > 0 && !isMisled(visits) ? unseen : workingAlgorithms(visits) };
}

/** A server may offer a type for which it has no key: the same user is then asked again by a type that worked. */
function isMisled(visits: readonly Visited[]): boolean {
  return visits.length > 1 && visits.at(-1)?.visit.hostKey === undefined;
}

/** Algorithms of the type by which a connection got through before; all when none did. */
function workingAlgorithms(visits: readonly Visited[]): readonly string[] {
  const type = visits.find(({ visit }) => visit.hostKey !== undefined)?.visit.hostKey?.type;
  return type === undefined ? hostKeyAlgorithms : hostKeyAlgorithms.filter((one) => keyTypeOf(one) === type);
}

interface VisitOptions extends SshOptions {
  readonly user: string | undefined;
  readonly wanted: readonly string[];
}

/** One connection; a text when none could be made. */
async function visitOnce(
  endpoint: Endpoint,
  given: Duplex | undefined,
  options: VisitOptions,
): Promise<SshVisit | string> {
  const socket = given ?? (await options.dial(endpoint, "ssh", options.limits));
  if (isFailure(socket)) return socket.detail;
  return visitSsh(socket, { user: options.user, hostKeyAlgorithms: options.wanted }, options.limits);
}

/** What to accept as host key next: everything at first, then the algorithms of one offered type that was not asked for yet. */
function unseenAlgorithms(visits: readonly Visited[]): readonly string[] {
  const offered = visits.find(({ visit }) => visit.head.kexInit !== undefined)?.visit.head.kexInit?.hostKeyAlgorithms;
  if (offered === undefined) return visits.length === 0 ? hostKeyAlgorithms : [];
  const asked = visits.flatMap(
    ({ visit, wanted }) =>
      visit.hostKey?.type ?? (wanted.length < hostKeyAlgorithms.length ? wanted.map(keyTypeOf) : []),
  );
  const next = offered.find((one) => isSupported(one) && !asked.includes(keyTypeOf(one)));
  return next === undefined ? [] : offered.filter((one) => isSupported(one) && keyTypeOf(one) === keyTypeOf(next));
}

function isSupported(algorithm: string): boolean {
  return hostKeyAlgorithms.some((known) => known === algorithm);
}

interface Tried {
  readonly users: readonly string[];
  readonly unreached: ReadonlyMap<string, string>;
}

function describe(endpoint: Endpoint, visits: readonly Visited[], tried: Tried): SshFound {
  const identified = visits.find(({ visit }) => visit.head.identification !== undefined)?.visit.head.identification;
  const withKexInit = visits.find(({ visit }) => visit.head.kexInit !== undefined)?.visit;
  const kexInit = withKexInit?.head.kexInit;
  const broken = visits.find(({ visit }) => visit.head.broken !== undefined)?.visit.head.broken;
  const why = broken ?? "the server did not send its algorithms";
  const server: SshServer = {
    address: endpoint.address,
    family: parseAddress(endpoint.address)?.family ?? "ipv4",
    port: endpoint.port,
    banner:
      identified === undefined ? unknown("no identification string on these connections") : visible(identified, 255),
    keyExchange: names(kexInit, "keyExchange", why),
    hostKeyAlgorithms: names(kexInit, "hostKeyAlgorithms", why),
    ciphers: names(kexInit, "ciphers", why),
    macs: names(kexInit, "macs", why),
    hostKeys: hostKeysOf(
      visits.map(({ visit }) => visit),
      kexInit,
    ),
    users: tried.users.map((user) => ({ user, methods: methodsOf(user, visits, tried) })),
  };
  const raw = Buffer.concat([
    Buffer.from(`${endpoint.address} ${endpoint.port}\n`),
    ...(withKexInit === undefined ? [] : [withKexInit.bytes]),
  ]);
  return { server, raw };
}

function names(kexInit: KexInit | undefined, list: keyof KexInit, why: string): Maybe<string[]> {
  return kexInit === undefined ? unknown(why) : kexInit[list].slice(0, 200).map((name) => visible(name, 100));
}

function hostKeysOf(visits: readonly SshVisit[], kexInit: KexInit | undefined): SshServer["hostKeys"] {
  const seen = new Map(
    visits.flatMap(({ hostKey }) => (hostKey === undefined ? [] : [[hostKey.fingerprint, hostKey]])),
  );
  const keys = [...seen.values()].map((key) => ({ type: visible(key.type, 64), fingerprint: key.fingerprint }));
  if (kexInit === undefined) return [...keys, unknown("the offered types are not known")];
  const types = new Set(kexInit.hostKeyAlgorithms.flatMap((one) => keyTypeOf(one) ?? []));
  for (const key of seen.values()) types.delete(key.type);
  return types.size === 0 && keys.length > 0
    ? keys
    : [...keys, unknown(`not read: ${[...types].join(", ") || "types that ssh2 does not know"}`)];
}

function methodsOf(user: string, visits: readonly Visited[], tried: Tried): Maybe<string[]> {
  const asked = visits.filter((one) => one.user === user).map(({ visit }) => visit.methods);
  const own = asked.find((methods) => !isUnknown(methods)) ?? asked[0];
  if (own !== undefined) return isUnknown(own) ? own : own.slice(0, 50).map((method) => visible(method, 100));
  const why = tried.unreached.get(user) ?? visits.map(({ visit }) => visit.methods).find(isUnknown)?.$unknown;
  return unknown(why ?? "not asked, to keep connections few");
}
