import { readServerFlight, type ServerFlight } from "#net/tls-wire.ts";
import { pause } from "#net/within.ts";
import { buildHello, type HelloText, versionNumbers } from "./hello.ts";
import type { Line, Said } from "./line.ts";

/** A ServerHello for what was offered. */
export type Agreed = Extract<ServerFlight, { state: "hello" }> & { readonly hello: object };

/** What a server makes of one hello. */
export type Answer =
  | { readonly kind: "agreed"; readonly flight: Agreed }
  /** It will have nothing that was offered; `version`: nothing of this version at all. `alert` as sent, where one was. */
  | { readonly kind: "refused"; readonly version: boolean; readonly alert: number | undefined }
  | { readonly kind: "unknown"; readonly why: string };

/** How a hello is asked. */
export interface Asking {
  /** Wait for the ServerKeyExchange too. */
  readonly exchange?: boolean;
  /** Another one will most probably follow. */
  readonly likely?: boolean;
}

/** Something to say to a server, and what its answer means. */
interface Saying {
  readonly bytes: Buffer;
  readonly decided: (bytes: Buffer) => boolean;
  readonly judge: (said: Extract<Said, { kind: "said" }>) => Verdict;
}

/** Asks one server by hello after hello. */
export interface Oracle {
  ask(text: HelloText, asking?: Asking): Promise<Answer>;
  /** As `ask`, for what is no ClientHello of SSL 3 or later. */
  say(saying: Saying): Promise<Answer>;
  /** Connections that could be used at once and are not. */
  readonly free: number;
  /** Why refusals may have been none; empty where that does not matter. */
  readonly doubts: readonly string[];
}

/** Alerts by their numbers (RFC 8446, 6; RFC 5246, 7.2; RFC 7507). */
const protocolVersion = 70;
const noApplicationProtocol = 120;
/** By handshake_failure, protocol_version, insufficient_security and inappropriate_fallback a server says that it has nothing of what was offered. */
const refusals: readonly number[] = [40, protocolVersion, 71, 86];
/** By close_notify, illegal_parameter and internal_error it may say so, or that something else went wrong: they are asked again, beside a hello that is known to be answered. */
const doubtful: readonly number[] = [0, 47, 80];

/** Times that a hello is said again before being hung up on counts as a refusal. */
const confirmations = 2;
/** Answers in a row that say nothing after which the server is left alone. */
const mostNonsense = 3;
/** Hellos that are tried in search of one that is answered. */
const mostControls = 4;
const unsteady = "the server hung up on hellos that it had answered before, so a hang-up says nothing";
const noControl = "the server hung up, and there is no hello of which it is known that it answers";

/** An answer, or one that has to be confirmed. */
export type Verdict =
  | Answer
  /** It hung up, or sent an alert that may mean several things. */
  | { readonly kind: "doubtful"; readonly alert: number | undefined };

/**
 * Makes an oracle on a line. A refusal is an alert that means one. Where a server hangs up or says something vague in place of it, the
 * same hello is said again after one that is known to be answered: only when that still is, and the other is turned away again, was it refused.
 *
 * @param known Hellos that the server is thought to answer, the likeliest first.
 */
export function createOracle(line: Line, known: readonly HelloText[]): Oracle {
  let controls = known;
  let proven = false;
  let steady = true;
  let turnedAway = false;
  let nonsense = 0;
  const doubts: string[] = [];
  const settle = () => {
    if (turnedAway && !steady && doubts.length === 0) doubts.push(unsteady);
  };
  let asked: Promise<boolean> | undefined;

  const put = async (saying: Saying, likely: boolean): Promise<Verdict> => {
    const said = await line.ask({ bytes: saying.bytes, decided: saying.decided, likely });
    const verdict: Verdict = said.kind === "said" ? saying.judge(said) : { kind: "unknown", why: said.detail };
    proven ||= verdict.kind === "agreed";
    if (nonsense >= mostNonsense) line.leave();
    nonsense = verdict.kind === "unknown" && said.kind === "said" ? nonsense + 1 : 0;
    return verdict;
  };
  const isAnswered = async (): Promise<boolean> => {
    for (const text of controls.slice(0, mostControls)) {
      const verdict = await put(sayingOf(text, {}), false);
      if (verdict.kind !== "agreed") continue;
      controls = [text];
      return true;
    }
    return false;
  };
  /** Whether a hello that is known to be answered is answered now. Who asks while another does shares the answer. */
  const control = (): Promise<boolean> => {
    asked ??= isAnswered().finally(() => {
      asked = undefined;
    });
    return asked;
  };
  /** Whether the server answers what it is known to answer; else why its turning away says nothing. */
  const objection = async (round: number): Promise<string | undefined> => {
    if (await control()) return undefined;
    steady &&= !proven;
    settle();
    await pause(300 * round, line.signal);
    if (await control()) return undefined;
    return proven ? unsteady : noControl;
  };
  const confirm = async (saying: Saying): Promise<Answer> => {
    let last: Verdict = { kind: "unknown", why: noControl };
    for (let round = 1; round <= confirmations; round += 1) {
      const why = await objection(round);
      if (why !== undefined) return { kind: "unknown", why };
      last = await put(saying, false);
      if (last.kind !== "doubtful") return last;
    }
    if (last.kind !== "doubtful") return last;
    turnedAway = true;
    settle();
    return steady ? { kind: "refused", version: false, alert: last.alert } : { kind: "unknown", why: unsteady };
  };
  const say = async (saying: Saying, likely = false): Promise<Answer> => {
    const first = await put(saying, likely);
    return first.kind === "doubtful" ? confirm(saying) : first;
  };
  return {
    say,
    get free() {
      return line.free;
    },
    doubts,
    async ask(text, asking = {}) {
      const answer = await say(sayingOf(text, asking), asking.likely === true);
      return answer;
    },
  };
}

function sayingOf(text: HelloText, asking: Asking): Saying {
  return {
    bytes: buildHello(text),
    decided: (bytes) => isDecided(bytes, asking.exchange === true),
    judge: (said) => judge(said, text),
  };
}

function isDecided(bytes: Buffer, exchange: boolean): boolean {
  const flight = readServerFlight(bytes);
  if (flight.state !== "hello") return flight.state !== "waiting";
  if (flight.hello === undefined) return false;
  return !exchange || flight.hello.retry || flight.following.done || flight.following.keyExchange !== undefined;
}

function judge(said: Extract<Said, { kind: "said" }>, text: HelloText): Verdict {
  const flight = readServerFlight(said.bytes);
  switch (flight.state) {
    case "hello":
      return judgeHello(flight, text, said.end);
    case "alert":
      return judgeAlert(flight.alert, text);
    case "waiting":
      if (said.end === "timeout") return { kind: "unknown", why: `no answer to a ${text.version} hello (timeout)` };
      if (said.end === "limit") return { kind: "unknown", why: "a record longer than the protocol allows" };
      return { kind: "doubtful", alert: undefined };
    case "malformed":
      return { kind: "unknown", why: flight.detail };
    case "not_tls":
      return { kind: "unknown", why: "the answer to a hello was not TLS" };
    default:
      return flight satisfies never;
  }
}

function judgeHello(flight: Extract<ServerFlight, { state: "hello" }>, text: HelloText, end: string): Answer {
  const { hello } = flight;
  const asked = versionNumbers[text.version];
  if (hello === undefined) return { kind: "unknown", why: `the ServerHello did not come to its end (${end})` };
  if (!text.suites.includes(hello.suite)) {
    return { kind: "unknown", why: "a ServerHello with a cipher suite that was not offered" };
  }
  if (flight.version < asked) return { kind: "refused", version: true, alert: undefined };
  if (flight.version > asked) return { kind: "unknown", why: "a ServerHello of a version that was not offered" };
  return { kind: "agreed", flight: { ...flight, hello } };
}

function judgeAlert(alert: number, text: HelloText): Verdict {
  if (text.alpn !== undefined && alert === noApplicationProtocol) return { kind: "refused", version: false, alert };
  if (refusals.includes(alert)) return { kind: "refused", version: alert === protocolVersion, alert };
  if (doubtful.includes(alert)) return { kind: "doubtful", alert };
  return { kind: "unknown", why: `alert ${alert} to a ${text.version} hello says nothing of what was offered` };
}
