import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { type Choice, type Enumeration, enumerate, type Found, foundIn } from "./enumerate.ts";
import type { HelloText, Version } from "./hello.ts";
import { primeBits } from "./key-exchange.ts";
import type { Agreed, Answer, Asking, Oracle } from "./oracle.ts";
import { inOrder } from "./order.ts";
import { cipherSuites, suiteOf } from "./suites.ts";

/** A suite that a version accepts. */
export interface AcceptedSuite {
  readonly code: number;
  /** Bits of the Diffie-Hellman prime that the server chose with it; 0 where the key exchange needs none. */
  readonly primeBits: Maybe<number>;
}

/** What one version accepts. */
export interface VersionSurvey {
  readonly version: Version;
  readonly accepted: Maybe<boolean>;
  /** In the server's order of preference where it has one that is known, else the usual ones first. */
  readonly suites: readonly AcceptedSuite[];
  /** Why there may be more suites. */
  readonly gaps: readonly string[];
  /** Whose order decides; undefined where fewer than two suites are accepted. */
  readonly order: Maybe<"server" | "client"> | undefined;
}

/** Longer lists upset some servers. */
const mostOffered = 110;
const longList = 4;

const olderCodes = cipherSuites.filter((suite) => !suite.since13).map(({ code }) => code);
const modernCodes = cipherSuites.filter((suite) => suite.since13).map(({ code }) => code);

/** Suites that a version is asked for. */
export function suitesFor(version: Version): readonly number[] {
  return version === "TLSv1.3" ? modernCodes : olderCodes;
}

/** Finds every suite that a server accepts in a version, and the order in which it takes them. */
export async function surveyVersion(
  version: Version,
  oracle: Oracle,
  hello: Omit<HelloText, "version" | "suites">,
): Promise<VersionSurvey> {
  const ask = (suites: readonly number[], asking: Asking) => oracle.ask({ ...hello, version, suites }, asking);
  const seen = await enumerate(suitesFor(version), {
    most: mostOffered,
    longList,
    free: () => oracle.free,
    clientOrder: weakestFirst,
    offer: async (codes, likely) =>
      choiceOf(await ask(codes, { likely, exchange: version !== "TLSv1.3" && hasDh(codes) })),
  });
  const all = foundIn(seen.run);
  const { order, sorted } = await orderOf(seen, async (codes) => choiceOf(await ask(codes, {})));
  return {
    version,
    accepted: all.length > 0 ? true : (seen.gaps.map(unknown)[0] ?? false),
    suites: (sorted ?? usual(all)).map(({ code, detail }) => ({ code, primeBits: primeBits(suiteOf(code), detail) })),
    gaps: seen.gaps,
    order,
  };
}

function choiceOf(answer: Answer): Choice<Agreed> {
  switch (answer.kind) {
    case "agreed":
      return { kind: "chose", code: answer.flight.hello.suite, detail: answer.flight };
    case "refused":
      return { kind: "none", version: answer.version };
    case "unknown":
      return answer;
    default:
      return answer satisfies never;
  }
}

function hasDh(codes: readonly number[]): boolean {
  return codes.some((code) => suiteOf(code)?.keyExchange.startsWith("DHE"));
}

/**
 * The usual order turned round, so that a server which chooses well shows that it has an order of its own. ChaCha20 stands last: OpenSSL
 * may be told to prefer it for clients that name it first (SSL_OP_PRIORITIZE_CHACHA in SSL_CTX_set_options(3)).
 */
function weakestFirst(codes: readonly number[]): number[] {
  return chaChaLast(codes.toSorted((a, b) => rankOf(b) - rankOf(a)));
}

function strongestFirst(codes: readonly number[]): number[] {
  return chaChaLast(codes.toSorted((a, b) => rankOf(a) - rankOf(b)));
}

function chaChaLast(codes: readonly number[]): number[] {
  const isChaCha = (code: number) => suiteOf(code)?.encryption.startsWith("CHACHA20") === true;
  return [...codes.filter((code) => !isChaCha(code)), ...codes.filter(isChaCha)];
}

const ranks = new Map(cipherSuites.map(({ code }, rank) => [code, rank]));

function rankOf(code: number): number {
  return ranks.get(code) ?? cipherSuites.length;
}

function usual<T>(found: readonly Found<T>[]): Found<T>[] {
  return found.toSorted((a, b) => rankOf(a.code) - rankOf(b.code));
}

interface Ordered<T> {
  readonly order: VersionSurvey["order"];
  readonly sorted: Found<T>[] | undefined;
}

const changeful = "the server chose among the same cipher suites in different ways";

async function orderOf<T>(
  seen: Enumeration<T>,
  choose: (codes: readonly number[]) => Promise<Choice<T>>,
): Promise<Ordered<T>> {
  const codes = foundIn(seen.run).map(({ code }) => code);
  if (codes.length < 2) return { order: undefined, sorted: undefined };
  let why = changeful;
  const chooses = async (offered: readonly number[]) => {
    const choice = await choose(offered);
    if (choice.kind === "unknown") why = choice.why;
    return choice.kind === "chose" ? choice.code : undefined;
  };
  if (!seen.ownOrder) {
    // Every choice so far was the first of what was offered: that may be the client's order, or happen to be the server's.
    const offers = [strongestFirst(codes), weakestFirst(codes)];
    const [one, other] = await Promise.all(offers.map(chooses));
    if (one === undefined || other === undefined) return { order: unknown(why), sorted: undefined };
    if (one !== other) {
      const isClients = one === offers[0]?.[0] && other === offers[1]?.[0];
      return { order: isClients ? "client" : unknown(changeful), sorted: undefined };
    }
  }
  const compare = (one: number, other: number) => chooses(weakestFirst([one, other]));
  const sorted = await inOrder(seen.run, compare);
  return sorted === undefined ? { order: unknown(why), sorted } : { order: "server", sorted };
}

/** Whether a version was seen to be accepted. */
export function isAccepted(survey: VersionSurvey): boolean {
  return !isUnknown(survey.accepted) && survey.accepted;
}
