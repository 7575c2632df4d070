import { randomBytes, randomFillSync, randomInt } from "node:crypto";
import { createRoundTrip, type RoundTrip } from "#net/round-trip.ts";
import { type Canaries, createCanaries } from "./canaries.ts";
import { echoRequest, readIcmp } from "./icmp-message.ts";
import type { RawLink, Sent } from "./raw-link.ts";
import { type Answer, readSegment, synWriter } from "./segment.ts";

/** What a port answered; none yet is undefined. */
type PortState = Answer["how"];

/** A SYN scan's conversation with one address: what is sent so that its answer can be told from anything else, and what came back. */
export interface Conversation {
  /** Sends a SYN to a port. */
  ask(port: number): Sent;
  /** Sends a SYN to a port that answered before, to see what gets lost. */
  askCanary(port: number, now: number): Sent;
  askEcho(now: number): Sent;
  /** Takes in what has arrived. */
  listen(now: number): void;
  stateOf(port: number): PortState | undefined;
  /** Ports that answered in any way. */
  readonly answered: number;
  readonly canaries: Canaries;
  readonly echoes: Canaries;
  /** Round trips of canaries and echoes; those of first probes cannot be told from those of second ones (Karn). */
  readonly roundTrip: RoundTrip;
}

/** Told of a port that answers, and again when one that was closed or rejected turns out open. */
type OnAnswer = (port: number, how: PortState) => void;

const states = ["open", "closed", "rejected"] as const satisfies readonly PortState[];

/** Begins a conversation. Nothing that does not bring back a number sent to that very port counts. */
export function converse(link: RawLink, onAnswer: OnAnswer): Conversation {
  const { family, source, target, ports } = link;
  const [probePort, canaryPort] = ports;
  // A number for each port that nobody can guess who does not see the SYN.
  const sequences = randomFillSync(new Uint32Array(65_536));
  const identity = { identifier: probePort, cookie: randomBytes(16), target };
  const write = synWriter(family, source, target);
  const known = new Uint8Array(65_536);
  let answered = 0;
  const canaries = createCanaries(randomInt(2 ** 32), 32);
  const echoes = createCanaries(0, 16);
  const roundTrip = createRoundTrip();
  const learn = (elapsed: number | undefined) => {
    if (elapsed !== undefined) roundTrip.add(elapsed);
  };
  const take = ({ how, port, sourcePort, sequence }: Answer, now: number) => {
    if (sourcePort === canaryPort) {
      if (how !== "rejected") learn(canaries.answer(sequence, now));
      return;
    }
    if (sourcePort !== probePort || sequence !== sequences[port]) return;
    const before = known[port] ?? 0;
    const after = states.indexOf(how) + 1;
    if (before !== 0 && before <= after) return;
    if (before === 0) answered += 1;
    known[port] = after;
    onAnswer(port, how);
  };
  return {
    ask: (port) => link.sendSegment(write({ sourcePort: probePort, port, sequence: sequences[port] ?? 0 })),
    askCanary: (port, now) => link.sendSegment(write({ sourcePort: canaryPort, port, sequence: canaries.send(now) })),
    askEcho: (now) => link.sendIcmp(echoRequest(family, identity, echoes.send(now))),
    listen(now) {
      link.drain(
        (packet) => {
          const answer = readSegment(family, packet);
          if (answer !== undefined) take(answer, now);
        },
        (packet) => {
          const message = readIcmp(family, packet, identity);
          if (message === undefined) return;
          if (message.how === "echo") learn(echoes.answer(message.sequence, now));
          else take(message, now);
        },
      );
    },
    stateOf: (port) => states[(known[port] ?? 0) - 1],
    get answered() {
      return answered;
    },
    canaries,
    echoes,
    roundTrip,
  };
}
