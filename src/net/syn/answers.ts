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
  /** Sends a SYN to a port that answered before, each from another port of this machine as if it were a new connection. */
  askCanary(kind: "open" | "closed", port: number, now: number): void;
  askEcho(now: number): void;
  /** Takes in what has arrived; false where more is left. */
  listen(now: number): boolean;
  stateOf(port: number): PortState | undefined;
  /** Ports that answered in any way. */
  readonly answered: number;
  /** By SYN, and by echo request. */
  readonly canaries: Canaries;
  readonly echoes: Canaries;
  /** Round trips of canaries and echoes; those of first probes cannot be told from those of second ones (Karn). */
  readonly roundTrip: RoundTrip;
}

/** Told of a port that answers, and again when one that was closed or rejected turns out open. */
type OnAnswer = (port: number, how: PortState) => void;

/** Above those that Linux gives to connections of its own (ip_local_port_range), so that none is disturbed. */
const canaryPorts = { first: 61_000, count: 4096 } as const;
const states = ["open", "closed", "rejected"] as const satisfies readonly PortState[];

/** Begins a conversation. Nothing that does not bring back a number sent to that very port counts. */
export function converse(link: RawLink, onAnswer: OnAnswer): Conversation {
  const { family, source, target, ports } = link;
  const [probePort] = ports;
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
    if (sourcePort !== probePort) {
      if (how !== "rejected") learn(canaries.answer(sequence, port, now));
      return;
    }
    if (sequence !== sequences[port]) return;
    const before = known[port] ?? 0;
    const after = states.indexOf(how) + 1;
    if (before !== 0 && before <= after) return;
    if (before === 0) answered += 1;
    known[port] = after;
    onAnswer(port, how);
  };
  return {
    ask: (port) => link.sendSegment(write({ sourcePort: probePort, port, sequence: sequences[port] ?? 0 })),
    askCanary(kind, port, now) {
      const number = canaries.next();
      const sourcePort = canaryPorts.first + (number % canaryPorts.count);
      if (link.sendSegment(write({ sourcePort, port, sequence: number })) === "sent") {
        canaries.sent({ number, kind, port }, now);
      }
    },
    askEcho(now) {
      const number = echoes.next();
      const message = echoRequest(family, identity, number);
      if (link.sendIcmp(message) === "sent") echoes.sent({ number, kind: "echo", port: 0 }, now);
    },
    listen(now) {
      return link.drain(
        (packet) => {
          const answer = readSegment(family, packet);
          if (answer !== undefined) take(answer, now);
        },
        (packet) => {
          const message = readIcmp(family, packet, identity);
          if (message === undefined) return;
          if (message.how === "echo") learn(echoes.answer(message.sequence, 0, now));
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
