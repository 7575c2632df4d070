import type { Duplex } from "node:stream";
import type { SshServer } from "#evidence/ssh.ts";
import { isUnknown } from "#model/unknown.ts";
import { type Dial, type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import { hostKeyAlgorithms } from "#net/ssh/negotiate.ts";
import { type SshVisit, visitSsh } from "#net/ssh-client.ts";
import { type KexInit, keyTypeOf } from "#net/ssh-wire.ts";
import { pause } from "#net/within.ts";
import { describeSsh } from "./ssh-facts.ts";

/** Connections to one SSH server at most, the one that found it included. */
const connectionLimit = 6;
/** Later ones at the same time: daemons have few places for clients that have not logged in. */
const atOnce = 2;
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

/** What one connection asks for. */
interface SshErrand {
  readonly user: string | undefined;
  /** Host key algorithms that are taken. */
  readonly wanted: readonly string[];
  readonly groupExchange: string | undefined;
}

/** What came of it: a text where no connection could be made. */
export interface SshVisited extends SshErrand {
  readonly visit: SshVisit | string;
}

/**
 * Asks an SSH server: algorithms, host keys and certificates, groups, and what it offers to each user. Every connection asks for another user,
 * another type of host key and another group exchange, so that few are needed.
 */
export async function lookAtSsh(endpoint: Endpoint, given: Duplex | undefined, options: SshOptions): Promise<SshFound> {
  const visitor = createVisitor(endpoint, given, options);
  const first = await greet(visitor, options);
  const offered = offeredBy([first]);
  const visited = [first];
  if (offered !== undefined && !isHopeless(first)) {
    visited.push(...(await runAll(errandsAfter(first, offered, options.users), visitor, offered)));
    for (const errand of left(visited, offered)) {
      if (!visitor.mayGoOn()) break;
      visited.push(await visitor.visit(errand, undefined));
    }
  }
  return describeSsh(endpoint, visited, options.users);
}

interface Visitor {
  visit(errand: SshErrand, known: KexInit | undefined): Promise<SshVisited>;
  /** Whether another connection may be made. */
  mayGoOn(): boolean;
}

function createVisitor(endpoint: Endpoint, given: Duplex | undefined, { dial, limits }: SshOptions): Visitor {
  let made = 0;
  let ready = given;
  return {
    mayGoOn: () => made < connectionLimit && !limits.signal.aborted,
    async visit(errand, known) {
      made += 1;
      const socket = ready ?? (await dial(endpoint, "ssh", limits));
      ready = undefined;
      if (isFailure(socket)) return { ...errand, visit: socket.detail };
      const wishes = { ...errand, hostKeyAlgorithms: errand.wanted, known };
      return { ...errand, visit: await visitSsh(socket, wishes, limits) };
    },
  };
}

/** The first connection, tried again where it showed nothing or broke, as it does where packets are lost or a daemon is busy. */
async function greet(visitor: Visitor, { users, limits }: SshOptions): Promise<SshVisited> {
  const errand = { user: users[0], wanted: hostKeyAlgorithms, groupExchange: undefined };
  let first = await visitor.visit(errand, undefined);
  for (let retries = 0; retries < retryLimit && isBrokenOff(first) && visitor.mayGoOn(); retries += 1) {
    await pause(retryPauseMs, limits.signal);
    const again = await visitor.visit(errand, undefined);
    if (offeredBy([first]) === undefined || offeredBy([again]) !== undefined) first = again;
  }
  return first;
}

/** Nothing came of it, or it broke before the methods were told. */
function isBrokenOff({ visit }: SshVisited): boolean {
  if (typeof visit === "string" || visit.head.identification === undefined) return true;
  return visit.end === "broken" || visit.end === "closed" || visit.end === "timeout";
}

function isHopeless({ visit }: SshVisited): boolean {
  return typeof visit === "string" || visit.end === "no key exchange" || visit.end === "no host key";
}

function offeredBy(visited: readonly SshVisited[]): KexInit | undefined {
  for (const { visit } of visited) {
    if (typeof visit !== "string" && visit.head.kexInit !== undefined) return visit.head.kexInit;
  }
  return undefined;
}

/** What is left after the first connection, spread over as few as it takes. */
function errandsAfter(first: SshVisited, offered: KexInit, users: readonly string[]): SshErrand[] {
  const others = users.slice(1);
  const types = typesOf(offered).filter((type) => !isOfType(first, type));
  const groups = groupExchanges(offered);
  const length = Math.max(others.length, types.length, groups.length);
  return Array.from({ length }, (_, index) => {
    const type = types[index];
    return {
      user: others[index],
      wanted: type === undefined ? workingAlgorithms(first) : algorithmsOf(type, offered),
      groupExchange: groups[index],
    };
  });
}

/** Group exchanges whose group no connection has shown (RFC 4419). */
function groupExchanges(offered: KexInit): string[] {
  return offered.keyExchange.filter((name) => /^diffie-hellman-group-exchange-sha(?:1|256)$/.test(name));
}

async function runAll(errands: readonly SshErrand[], visitor: Visitor, known: KexInit): Promise<SshVisited[]> {
  const visited: SshVisited[] = [];
  for (let at = 0; at < errands.length; at += atOnce) {
    const next: Promise<SshVisited>[] = [];
    for (const errand of errands.slice(at, at + atOnce)) if (visitor.mayGoOn()) next.push(visitor.visit(errand, known));
    visited.push(...(await Promise.all(next)));
  }
  return visited;
}

/** Users whose methods no connection told, asked once more without anything else that could be in the way. */
function left(visited: readonly SshVisited[], offered: KexInit): SshErrand[] {
  const told = new Set(visited.filter((one) => methodsAreKnown(one)).map(({ user }) => user));
  const unable = visited.some(({ visit }) => typeof visit !== "string" && visit.end === "no protection");
  if (unable) return [];
  const working = visited.find((one) => typeof one.visit !== "string" && one.visit.hostKey !== undefined);
  const wanted = working === undefined ? hostKeyAlgorithms : workingAlgorithms(working);
  return [...new Set(visited.flatMap(({ user }) => (user === undefined || told.has(user) ? [] : [user])))].map(
    (user) => ({
      user,
      wanted: wanted.filter((name) => offered.hostKeyAlgorithms.includes(name)),
      groupExchange: undefined,
    }),
  );
}

function methodsAreKnown({ visit }: SshVisited): boolean {
  return typeof visit !== "string" && !isUnknown(visit.methods);
}

/** Types of keys and certificates that a server offers and we can read, in its order, keys before certificates. */
function typesOf(offered: KexInit): string[] {
  const known = offered.hostKeyAlgorithms.filter((name) => hostKeyAlgorithms.some((one) => one === name));
  const types = [...new Set(known.flatMap((name) => keyTypeOf(name) ?? []))];
  return types.toSorted((a, b) => Number(a.includes("-cert-")) - Number(b.includes("-cert-")));
}

function algorithmsOf(type: string, offered: KexInit): string[] {
  return offered.hostKeyAlgorithms.filter((name) => keyTypeOf(name) === type);
}

function isOfType({ visit }: SshVisited, type: string): boolean {
  return typeof visit !== "string" && visit.hostKey !== undefined && sentType(visit.hostKey) === type;
}

/** The type of what the server sent: of its certificate where it sent one. */
function sentType(key: NonNullable<SshVisit["hostKey"]>): string {
  return key.certificate?.type ?? key.type;
}

/** Algorithms of the type by which a connection got through; all when it did not. */
function workingAlgorithms({ visit }: SshVisited): readonly string[] {
  const key = typeof visit === "string" ? undefined : visit.hostKey;
  return key === undefined ? hostKeyAlgorithms : hostKeyAlgorithms.filter((one) => keyTypeOf(one) === sentType(key));
}
