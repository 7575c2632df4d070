import { setTimeout as pause } from "node:timers/promises";
import { getSystemErrorName } from "node:util";
import { likelyPorts } from "#net/likely-ports.ts";
import { type ScanOptions, type ScanResult, shuffle } from "#net/tcp-scan.ts";
import { type Conversation, converse } from "./answers.ts";
import { createRate, type Rate } from "./rate.ts";
import type { RawLink } from "./raw-link.ts";
import {
  addWitness,
  ask,
  askAtEnd,
  createWitness,
  doubtsOf,
  hear,
  heardBy,
  lossSince,
  streakOf,
  type Witness,
} from "./witness.ts";

/** SYNs per second: what a small server and an office router stand. Without anything to learn from it stays at the first. */
const rates = { start: 8000, least: 1000, most: 20_000 } as const;
/** For all scans together that are made at once. */
const shared = { start: 12_000, most: 30_000 } as const;
const tickMs = 2;
/** Pause of sending while the queue towards the wire is full. */
const fullPauseMs = 20;
/** A port is asked until the chance that all its probes were lost is less than this, as the canaries tell it. */
const missChance = 1e-4;
const passes = { least: 2, most: 8 } as const;
/** More late answers than this share of the earlier ones ask for another pass. */
const lateAnswers = 0.001;
/** Where so much gets lost at any rate, answers are limited in number, and more passes would not tell more. */
const hopelessLoss = 0.3;
const leastPatienceMs = 150;
const shortPass = 1000;
/** So many canaries lost in a row, for so long, mean that the path is cut. */
const cut = { streak: 50, ms: 3000 } as const;
/** A queue that stays full for so long takes nothing any more (ENOBUFS). */
const fullForMs = 5000;
const noBuffers = 105;
/** This machine's own packet filter keeps this packet in (EPERM); others may go out. */
const keptIn = 1;

interface State {
  readonly options: ScanOptions;
  readonly conversation: Conversation;
  readonly rate: Rate;
  readonly witness: Witness;
  /** By port: 1 where a SYN was sent. */
  readonly asked: Uint8Array;
  askedCount: number;
  /** The system's number of the error for which this machine cannot send; 0 for none. */
  errno: number;
  isCut: boolean;
  /** The chance that a port is silent because all its probes were lost, as the canaries tell it. */
  missed: number;
  /** No silence is likely to come from loss. */
  isSettled: boolean;
  /** Ports that are open or closed; rejections come as slowly as their sender likes. */
  answers: number;
  /** When a packet last went out. */
  sentAt: number;
  /** The first ports have been asked, and what answers is known. */
  isUnderWay: boolean;
}

/**
 * Asks every port of an address by a SYN (RFC 9293, 3.5); the kernel takes back what that opens. Likely ports go first, the rest in random
 * order, at a rate that canaries hold to what the path carries. Ports that stay silent are asked again until too few probes can have been
 * lost to matter. As in a scan by connecting, lost canaries and an end at which nobody answers any more are told in `doubts`. What this
 * machine's own queue drops without a word shows as loss. Sockets of open ports are never handed over: there are none. Closes the link.
 *
 * @param atOnce Scans that share this machine's way out.
 */
export async function scanSyn(link: RawLink, options: ScanOptions, atOnce = 1): Promise<ScanResult> {
  const open: number[] = [];
  const conversation = converse(link, (port, how) => {
    if (how === "rejected") return;
    state.answers += 1;
    addWitness(witness, port, how);
    if (how === "closed") return;
    open.push(port);
    options.onOpen(port, undefined);
  });
  const rate = createRate({
    start: Math.min(rates.start, shared.start / atOnce),
    least: rates.least,
    most: Math.min(rates.most, shared.most / atOnce),
  });
  const witness = createWitness(conversation, rate);
  const asked = new Uint8Array(65_536);
  const state: State = {
    options,
    conversation,
    rate,
    witness,
    asked,
    askedCount: 0,
    errno: 0,
    isCut: false,
    isUnderWay: false,
    missed: 1,
    isSettled: false,
    answers: 0,
    sentAt: performance.now(),
  };
  try {
    const wanted = new Set(options.ports);
    const likely = likelyPorts.filter((port) => wanted.has(port));
    if (!options.signal.aborted) conversation.askEcho(performance.now());
    await pass(state, likely.length > 0 ? likely : options.ports.slice(0, 16), options.timeoutMs);
    state.isUnderWay = true;
    witness.answeredAt = performance.now();
    await repeat(state);
    if (conversation.answered < wanted.size) {
      state.isUnderWay = false;
      await askAtEnd(witness, options, (ms, until) => listenFor(state, ms, until));
    }
    return summary(state, open);
  } finally {
    link.close();
  }
}

/**
 * Passes over what is still silent, until loss cannot explain the silence any more, or more passes would not tell more. Answers that come
 * late, beside those that came at once, show loss too, whatever the canaries say.
 */
async function repeat(state: State): Promise<void> {
  const { options, conversation, witness } = state;
  for (let turn = 1; turn <= passes.most && !isOver(state); turn += 1) {
    // What this machine kept in once it keeps in again. A rejection may have been a router's passing trouble.
    const isOpenQuestion = (port: number) => {
      const how = conversation.stateOf(port);
      return how === undefined ? turn === 1 || state.asked[port] === 1 : how === "rejected" && turn === 2;
    };
    const silent = Uint16Array.from(options.ports).filter(isOpenQuestion);
    if (silent.length === 0) {
      state.isSettled = true;
      return;
    }
    shuffle(silent);
    if (conversation.echoes.answered === 0) conversation.askEcho(performance.now());
    const before = { ...heardBy(witness), answers: state.answers };
    await pass(state, silent, patience(state));
    const loss = lossSince(witness, before);
    state.missed *= loss;
    const late = turn === 1 ? 0 : state.answers - before.answers;
    state.isSettled = turn >= passes.least && state.missed < missChance && late <= before.answers * lateAnswers;
    if (state.isSettled || (turn >= passes.least && loss > hopelessLoss)) return;
  }
}

/** Sends a SYN to each of the ports, then listens as long as an answer may take. */
async function pass(state: State, ports: ArrayLike<number>, waitMs: number): Promise<void> {
  const { rate, options } = state;
  for (let index = 0; index < ports.length && !isOver(state); ) {
    listen(state);
    const room = rate.take(performance.now(), ports.length - index);
    const sent = sendSome(state, ports, { from: index, room });
    index += sent;
    options.onProgress(state.askedCount);
    await pause(sent < room ? fullPauseMs : tickMs);
  }
  // So few ports leave no time for canaries among them.
  const isShort = ports.length < shortPass;
  await listenFor(state, waitMs, () => {
    if (isShort && state.isUnderWay) ask(state.witness, performance.now());
    return state.conversation.answered >= state.askedCount;
  });
}

/** Sends to the next ports that have not answered in the meantime; gives how many are done with. */
function sendSome(state: State, ports: ArrayLike<number>, { from, room }: { from: number; room: number }): number {
  // Anywhere among the others: where answers are limited in number, the first after a pause always gets one.
  const canaryAt = state.isUnderWay ? Math.floor(Math.random() * room) : -1;
  for (let count = 0; count < room; count += 1) {
    if (count === canaryAt) ask(state.witness, performance.now());
    if (!send(state, ports[from + count] ?? 0)) return count;
  }
  return room;
}

/** Sends to one port; false where nothing can be sent just now, or any more. */
function send(state: State, port: number): boolean {
  const how = state.conversation.stateOf(port);
  if (how === "open" || how === "closed") return true;
  const sent = state.conversation.ask(port);
  if (sent === "sent") book(state, port);
  else if (sent === "full") {
    if (performance.now() - state.sentAt > fullForMs) state.errno = noBuffers;
    return false;
  } else if (sent.errno !== keptIn) {
    state.errno = sent.errno;
    return false;
  }
  return true;
}

function book(state: State, port: number): void {
  state.sentAt = performance.now();
  if (state.asked[port] === 1) return;
  state.asked[port] = 1;
  state.askedCount += 1;
}

/** Takes in answers for so long, or until there is no more to wait for. */
async function listenFor(state: State, ms: number, until: () => boolean): Promise<void> {
  const end = performance.now() + ms;
  for (;;) {
    listen(state);
    if (performance.now() >= end || state.options.signal.aborted || until()) return;
    await pause(tickMs);
  }
}

/** What has arrived is always read before anything is given up as lost: a busy process must not mistake an answer for silence. */
function listen(state: State): void {
  const { conversation, witness, options } = state;
  const now = performance.now();
  // Nothing is given up while answers may still lie unread.
  if (conversation.listen(now)) hear(witness, now, options.timeoutMs);
  if (streakOf(witness) >= cut.streak && now - witness.answeredAt > cut.ms) state.isCut = true;
}

function patience({ conversation, options }: State): number {
  return Math.min(
    options.timeoutMs,
    Math.max(leastPatienceMs, conversation.roundTrip.patience(8) ?? options.timeoutMs),
  );
}

function isOver({ options, errno, isCut }: State): boolean {
  return options.signal.aborted || errno !== 0 || isCut;
}

function summary(state: State, open: readonly number[]): ScanResult {
  const { options, conversation, asked } = state;
  const counts = { open: 0, closed: 0, rejected: 0, filtered: 0, unasked: 0 };
  for (const port of new Set(options.ports)) {
    counts[conversation.stateOf(port) ?? (asked[port] === 1 ? "filtered" : "unasked")] += 1;
  }
  const { echoes } = conversation;
  const told = { doubts: doubts(state, counts.unasked), method: "syn", echoed: echoes.answered > 0 };
  return { ...counts, ...told, open: open.toSorted((a, b) => a - b) };
}

function doubts({ options, witness, errno, isCut, isSettled }: State, unasked: number): readonly string[] {
  const found: string[] = [];
  const wasStopped = options.signal.aborted && !(isSettled && witness.isAskedAtEnd);
  if (wasStopped)
    return [unasked > 0 ? `stopped with ${unasked} ports not asked` : "stopped before silence proved anything"];
  if (errno !== 0) found.push(`this machine could not ask ${unasked} ports: ${nameOf(errno)}`);
  else if (unasked > 0 && !isCut) found.push(`this machine's own packet filter kept in what asks ${unasked} ports`);
  return [...found, ...doubtsOf(witness, isSettled)];
}

function nameOf(errno: number): string {
  return getSystemErrorName(-errno);
}
