import type { ScanOptions } from "#net/tcp-scan.ts";
import type { Conversation } from "./answers.ts";
import type { Rate } from "./rate.ts";

/**
 * What is known to answer, asked again and again while the rest is asked: silence proves as much as the witness hears. Begins once the
 * first ports have been asked.
 */
export interface Witness {
  readonly conversation: Conversation;
  readonly rate: Rate;
  readonly ports: Readonly<Record<"open" | "closed", number[]>>;
  /** Echo replies turned out to be limited in number: they are asked for seldom. */
  isEchoLimited: boolean;
  /** What became of echoes before that was known, or before the rate was low; it says nothing of the path. */
  ignored: Counts;
  /** When the next canary may be sent, and when the last was answered. */
  dueAt: number;
  answeredAt: number;
  openAsked: number;
  /** Answers that the rate was told of. */
  told: number;
  /** What answered at first and did not at the end. */
  silentAtEnd: string;
}

/** Canaries asked, and lost. */
interface Counts {
  readonly asked: number;
  readonly lost: number;
}

type Kind = "closed" | "echo" | "open";

/** Between two canaries, by what is asked: a reset and an echo cost nobody anything, an open port is a service that may count. */
const everyMs: Readonly<Record<Kind, number>> = { closed: 4, echo: 10, open: 100 };
const limitedEchoMs = 500;
const mostOpen = 100;
const mostPorts = 64;
/** Where many echo replies stay out although little is sent, the target limits them. */
const limited = { asked: 40, lossAbove: 0.2, rateBelow: 4000 } as const;
const none: Counts = { asked: 0, lost: 0 };
const leastPatienceMs = 250;
const sshPort = 22;
const lastTries = 3;

/** A witness that knows of nothing yet that answers. */
export function createWitness(conversation: Conversation, rate: Rate): Witness {
  const now = performance.now();
  const ports = { open: [], closed: [] };
  return {
    conversation,
    rate,
    ports,
    isEchoLimited: false,
    ignored: none,
    dueAt: now,
    answeredAt: now,
    openAsked: 0,
    told: 0,
    silentAtEnd: "",
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
  const answered = canaries.asked - canaries.lost + echoes.asked - echoes.lost;
  if (answered > witness.told) witness.answeredAt = now;
  for (; witness.told < answered; witness.told += 1) rate.add(true);
  const patienceMs = Math.min(timeoutMs, Math.max(leastPatienceMs, roundTrip.patience(10) ?? timeoutMs));
  const overdue = canaries.expire(now, patienceMs) + echoes.expire(now, patienceMs);
  for (let count = 0; count < overdue; count += 1) rate.add(false);
  if (!witness.isEchoLimited) tellLimit(witness);
}

/** A limit on echo replies looks like a lossy path until they are asked for seldom. */
function tellLimit(witness: Witness): void {
  const { conversation, rate } = witness;
  const { asked, lost } = conversation.echoes;
  const isSlow = rate.perSecond < limited.rateBelow;
  const fresh = { asked: asked - witness.ignored.asked, lost: lost - witness.ignored.lost };
  witness.isEchoLimited = isSlow && fresh.asked >= limited.asked && fresh.lost > fresh.asked * limited.lossAbove;
  if (witness.isEchoLimited) rate.restart();
  if (witness.isEchoLimited || !isSlow) witness.ignored = { asked, lost };
}

/** Sends a canary when one is due. */
export function ask(witness: Witness, now: number): void {
  const which = now >= witness.dueAt ? kindOf(witness) : undefined;
  if (which === undefined) return;
  const { conversation, ports } = witness;
  witness.dueAt = now + (which === "echo" && witness.isEchoLimited ? limitedEchoMs : everyMs[which]);
  if (which === "echo") conversation.askEcho(now);
  else if (which === "closed") conversation.askCanary(pick(ports.closed), now);
  else {
    witness.openAsked += 1;
    conversation.askCanary(openWitness(witness) ?? sshPort, now);
  }
}

/** What became of the canaries so far. */
export function countsOf({ conversation: { canaries, echoes }, isEchoLimited, ignored }: Witness): Counts {
  const { asked, lost } = isEchoLimited ? ignored : none;
  return { asked: canaries.asked + echoes.asked - asked, lost: canaries.lost + echoes.lost - lost };
}

/** Share of canaries lost since then, with half a loss for what so few cannot tell; undefined without any witness. */
export function lossSince(witness: Witness, before: Counts): number | undefined {
  const now = countsOf(witness);
  if (kindOf(witness) === undefined && now.asked === before.asked) return undefined;
  return (now.lost - before.lost + 0.5) / (Math.max(0, now.asked - before.asked) + 1);
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
  const { canaries, echoes } = conversation;
  // An open port where there is one: a reset may come from something on the way, which goes on sending it when the target is silent.
  const port = openWitness(witness) ?? ports.open[0] ?? ports.closed[0];
  const asked = port === undefined ? echoes : canaries;
  const answers = () => asked.asked - asked.lost;
  if (port === undefined && answers() === 0) return;
  const before = answers();
  const isAnswered = () => answers() > before;
  for (let tries = 0; tries < lastTries && !isAnswered() && !signal.aborted; tries += 1) {
    if (port === undefined) conversation.askEcho(performance.now());
    else conversation.askCanary(port, performance.now());
    await listenFor(timeoutMs, isAnswered);
  }
  if (!isAnswered()) witness.silentAtEnd = port === undefined ? "echo requests were answered" : `port ${port} answered`;
}

/** Why silence proves little; empty where it does not. `isCertain` says that no silence is likely to come from loss. */
export function doubtsOf(witness: Witness, isCertain: boolean): readonly string[] {
  if (witness.silentAtEnd !== "") {
    return [`${witness.silentAtEnd} at first and no longer at the end: the scan was cut off on its way`];
  }
  const { asked, lost } = countsOf(witness);
  if (isCertain) return [];
  return [`${lost} of ${asked} control probes were lost: silence on this path proves little`];
}

function kindOf(witness: Witness): Kind | undefined {
  const { conversation, ports, openAsked } = witness;
  if (ports.closed.length > 0) return "closed";
  if (conversation.echoes.asked > conversation.echoes.lost) return "echo";
  return openWitness(witness) !== undefined && openAsked < mostOpen ? "open" : undefined;
}

/** A port of SSH may be guarded by a limit on new connections, which canaries would use up. */
function openWitness({ ports }: Witness): number | undefined {
  return ports.open.find((port) => port !== sshPort);
}

function pick(ports: readonly number[]): number {
  return ports[Math.floor(Math.random() * ports.length)] ?? 0;
}
