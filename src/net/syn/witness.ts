import type { ScanOptions } from "#net/tcp-scan.ts";
import type { Conversation } from "./answers.ts";
import type { CanaryKind, Tally } from "./canaries.ts";
import type { Rate } from "./rate.ts";

/**
 * What is known to answer, asked again and again while the rest is asked: silence proves as much as the witness hears. Every kind there is
 * gets asked, since none stands for all: echoes pass limits on connections, and a reset may come from something near.
 */
export interface Witness {
  readonly conversation: Conversation;
  readonly rate: Rate;
  readonly ports: Readonly<Record<"open" | "closed", number[]>>;
  /** When the next canary of a kind may be sent. */
  readonly dueAt: Record<CanaryKind, number>;
  /** When the last was answered. */
  answeredAt: number;
  sshAsked: number;
  /** Answers that the rate was told of. */
  told: number;
  /** Echo replies turned out to be limited in number: they are asked for seldom. */
  isEchoLimited: boolean;
  /** Echoes asked and lost when that, or that the rate is low, was found; what was lost before says nothing of a limit. */
  echoesBefore: Tally;
  /** What answered at first and did not at the end. */
  silentAtEnd: string;
  isAskedAtEnd: boolean;
}

/** Canaries of each kind at one moment. */
export interface Heard {
  readonly tallies: Readonly<Record<CanaryKind, Tally>>;
  readonly isEchoLimited: boolean;
}

const kinds = ["closed", "echo", "open"] as const satisfies readonly CanaryKind[];
/** Between two canaries: a reset and an echo cost nobody anything, an open port is a service that may count. */
const everyMs: Readonly<Record<CanaryKind, number>> = { closed: 8, echo: 10, open: 100 };
const limitedEchoMs = 500;
/** SSH may be guarded by a limit on new connections, which canaries would use up: few, and only where no other port is open. */
const ssh = { port: 22, most: 8, everyMs: 2000 } as const;
const mostPorts = 64;
/** Where many echo replies stay out although little is sent, the target may limit them; so many in a row show that it does. */
const limited = { asked: 40, lossAbove: 0.2, rateBelow: 4000, proof: 6 } as const;
/** Losses of a kind that are held for more than chance. */
const fewestLosses = 3;
/** Canaries of a pass that tell its loss, and the loss that is reckoned with where there are fewer. */
const telling = 10;
const unmeasuredLoss = 0.02;
const leastPatienceMs = 250;
const lastTries = 3;

/** A witness that knows of nothing yet that answers. */
export function createWitness(conversation: Conversation, rate: Rate): Witness {
  const now = performance.now();
  return {
    conversation,
    rate,
    ports: { open: [], closed: [] },
    dueAt: { closed: now, echo: now, open: now },
    answeredAt: now,
    sshAsked: 0,
    told: 0,
    isEchoLimited: false,
    echoesBefore: { asked: 0, lost: 0 },
    silentAtEnd: "",
    isAskedAtEnd: false,
  };
}

/** Takes in a port that answered. */
export function addWitness({ ports }: Witness, port: number, how: "open" | "closed"): void {
  if (ports[how].length < mostPorts) ports[how].push(port);
}

/** Gives up what is overdue and tells the rate what became of all canaries. What has arrived must have been read before. */
export function hear(witness: Witness, now: number, timeoutMs: number): void {
  const { conversation, rate } = witness;
  const { canaries, echoes, roundTrip } = conversation;
  const answered = canaries.answered + echoes.answered;
  if (answered > witness.told) witness.answeredAt = now;
  for (; witness.told < answered; witness.told += 1) rate.add(true);
  const patienceMs = Math.min(timeoutMs, Math.max(leastPatienceMs, roundTrip.patience(10) ?? timeoutMs));
  const overdue = canaries.expire(now, patienceMs) + echoes.expire(now, patienceMs);
  for (let count = 0; count < overdue; count += 1) rate.add(false);
  tellLimit(witness);
}

/** A limit on echo replies looks like a lossy path until they are asked for seldom, and then all come back. */
function tellLimit(witness: Witness): void {
  const { conversation, rate } = witness;
  const tally = conversation.echoes.tally("echo");
  const isSlow = rate.perSecond < limited.rateBelow;
  const fresh = since(tally, witness.echoesBefore);
  if (witness.isEchoLimited) {
    if (fresh.asked !== limited.proof) return;
    if (fresh.lost === 0) rate.restart();
    witness.echoesBefore = tally;
  } else if (!isSlow) witness.echoesBefore = tally;
  else if (fresh.asked >= limited.asked && fresh.lost > fresh.asked * limited.lossAbove) {
    witness.isEchoLimited = true;
    witness.echoesBefore = tally;
  }
}

/** Sends the canaries that are due. */
export function ask(witness: Witness, now: number): void {
  const { conversation, ports, dueAt, isEchoLimited } = witness;
  if (ports.closed.length > 0 && now >= dueAt.closed) {
    dueAt.closed = now + everyMs.closed;
    conversation.askCanary("closed", pick(ports.closed), now);
  }
  if (conversation.echoes.answered > 0 && now >= dueAt.echo) {
    dueAt.echo = now + (isEchoLimited ? limitedEchoMs : everyMs.echo);
    conversation.askEcho(now);
  }
  if (ports.open.length === 0 || now < dueAt.open) return;
  const others = ports.open.filter((port) => port !== ssh.port);
  if (others.length === 0 && witness.sshAsked >= ssh.most) return;
  dueAt.open = now + (others.length === 0 ? ssh.everyMs : everyMs.open);
  if (others.length === 0) witness.sshAsked += 1;
  conversation.askCanary("open", others.length === 0 ? ssh.port : pick(others), now);
}

/** What became of the canaries so far. */
export function heardBy({ conversation: { canaries, echoes }, isEchoLimited }: Witness): Heard {
  const tallies = { closed: canaries.tally("closed"), open: canaries.tally("open"), echo: echoes.tally("echo") };
  return { tallies, isEchoLimited };
}

/**
 * The share of probes that must be reckoned as lost since then: the worst of all kinds that lost more than chance takes, half a loss more
 * than that of the kind most asked, and some where hardly anything was asked. 1 for a time in which the echoes' limit was found.
 */
export function lossSince(witness: Witness, before: Heard): number {
  const { canaries, echoes } = witness.conversation;
  // Where nothing ever answered, what was asked was no canary.
  if (canaries.answered + echoes.answered === 0) return unmeasuredLoss;
  const now = heardBy(witness);
  if (now.isEchoLimited !== before.isEchoLimited) return 1;
  const tallies = kinds.map((kind) => since(now.tallies[kind], before.tallies[kind]));
  const most = tallies.reduce((one, other) => (other.asked > one.asked ? other : one));
  const usual = (most.lost + 0.5) / (most.asked + 1);
  const significant = tallies.filter(({ lost }) => lost >= fewestLosses).map(({ asked, lost }) => lost / asked);
  return Math.max(
    most.asked < telling ? Math.max(unmeasuredLoss, usual * Math.sign(most.lost)) : usual,
    ...significant,
  );
}

/** Canaries lost one after the other, since the last answer. */
export function streakOf({ conversation: { canaries, echoes } }: Witness): number {
  return canaries.streak + echoes.streak;
}

/** After the last port: does what answered at first still answer? Three tries, each listened for by `listenFor` as long as the timeout. */
export async function askAtEnd(
  witness: Witness,
  { timeoutMs, signal }: ScanOptions,
  listenFor: (ms: number, until: () => boolean) => Promise<void>,
): Promise<void> {
  const { conversation, ports } = witness;
  // An open port where there is one: a reset may come from something on the way, which goes on sending it when the target is silent.
  const port = ports.open.find((each) => each !== ssh.port) ?? ports.open[0] ?? ports.closed[0];
  const asked = port === undefined ? conversation.echoes : conversation.canaries;
  const before = asked.answered;
  const isAnswered = () => asked.answered > before;
  const tries = port === undefined && before === 0 ? 0 : lastTries;
  for (let turn = 0; turn < tries && !isAnswered() && !signal.aborted; turn += 1) {
    if (port === undefined) conversation.askEcho(performance.now());
    else conversation.askCanary(ports.open.includes(port) ? "open" : "closed", port, performance.now());
    await listenFor(timeoutMs, isAnswered);
  }
  witness.isAskedAtEnd = !signal.aborted;
  if (tries === 0 || isAnswered()) return;
  witness.silentAtEnd = port === undefined ? "echo requests were answered" : `port ${port} answered`;
}

/** Why silence proves little; empty where it does not. `isSettled` says that no silence is likely to come from loss. */
export function doubtsOf(witness: Witness, isSettled: boolean): readonly string[] {
  if (witness.silentAtEnd !== "") {
    return [`${witness.silentAtEnd} at first and no longer at the end: the scan was cut off on its way`];
  }
  const { tallies } = heardBy(witness);
  const { asked, lost } = tallies.open;
  const isOpenLost = asked >= 5 && lost * 5 > asked;
  if (isSettled && !isOpenLost) return [];
  const all = kinds.map((kind) => tallies[kind]);
  const total = { asked: sum(all.map((tally) => tally.asked)), lost: sum(all.map((tally) => tally.lost)) };
  return [`${total.lost} of ${total.asked} control probes were lost: silence on this path proves little`];
}

function since(now: Tally, before: Tally): Tally {
  return { asked: now.asked - before.asked, lost: now.lost - before.lost };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function pick(ports: readonly number[]): number {
  return ports[Math.floor(Math.random() * ports.length)] ?? 0;
}
