import { isIP } from "node:net";
import { type Frame, faultOf, lines } from "./frames.ts";

export type Family = "ipv4" | "ipv6";
type Way = "direct" | "proxy";

/** Why a connection did not come about; other: for no reason that a network gives, so it may not have been tried at all. */
export type Refusal = "refused" | "timeout" | "no-route" | "no-network" | "filtered" | "proxy" | "password" | "other";

/** One connection as the probe told of it. */
export interface Tried {
  readonly way: Way;
  readonly name: string;
  readonly port: number;
  /** Address, or the proxy's URL. */
  readonly to: string;
  /** none: the host has no program for it. */
  readonly tool: "openssl" | "bash" | "none";
  readonly connected: boolean;
  readonly refusal: Refusal | undefined;
  /** The handshake: verified for the name; with a certificate that does not verify; or cut before one came. */
  readonly handshake: "verified" | "untrusted" | "cut" | undefined;
}

/** One question to a server for names. */
interface Asked {
  readonly protocol: "tcp" | "udp";
  readonly server: string;
  /** The name asked for, a dot for the root. */
  readonly name: string;
  /** undefined: it could not be asked. */
  readonly answered: boolean | undefined;
  /** The answer holds an address. */
  readonly found: boolean;
  readonly refusal: Refusal | undefined;
}

/** What was tried from one place. */
export interface Probe {
  readonly tried: readonly Tried[];
  readonly asked: readonly Asked[];
  /** Families for which the place has no route at all. */
  readonly unrouted: ReadonlySet<Family>;
  /** Why it may not have come to its end. */
  readonly fault: string | undefined;
}

/** Output of the probe. */
export function readProbe(frame: Frame): Probe {
  const rows = lines(frame.text);
  const fault = faultOf(frame)?.detail ?? (frame.state === "ok" ? undefined : "its output was cut off");
  return {
    tried: rows.map(readTried).filter((one) => one !== undefined),
    asked: rows.map(readAsked).filter((one) => one !== undefined),
    unrouted: new Set((["ipv4", "ipv6"] as const).filter((family) => rows.some((row) => isUnrouted(row, family)))),
    fault,
  };
}

/** Family of an address; undefined for a name. */
export function familyOf(host: string): Family | undefined {
  switch (isIP(host)) {
    case 4:
      return "ipv4";
    case 6:
      return "ipv6";
    default:
      return undefined;
  }
}

function isUnrouted(row: string, family: Family): boolean {
  return new RegExp(`^route ${family} [1-9]\\d* unreachable$`, "i").test(row);
}

function readTried(row: string): Tried | undefined {
  const match =
    /^try (openssl|bash|none) (direct|proxy) ([A-Za-z0-9.:-]{1,255}) (\d{1,5}) (\S{1,300}) (\d{1,3}|-) ?(.*)$/.exec(
      row,
    );
  if (match === null) return undefined;
  const [, tool, word, name = "", port, to = "", code = "", said = ""] = match;
  const base = { way: word === "proxy" ? "proxy" : "direct", name, port: Number(port), to } as const;
  switch (tool) {
    case "openssl":
      return { ...base, tool, ...shakenHands(base.way, code, said) };
    case "bash": {
      const connected = code === "0";
      return { ...base, tool, connected, refusal: connected ? undefined : refusalOf(code, said), handshake: undefined };
    }
    default:
      return { ...base, tool: "none", connected: false, refusal: undefined, handshake: undefined };
  }
}

/** What s_client(1) said, one thing between two bars. */
function shakenHands(way: Way, code: string, said: string): Pick<Tried, "connected" | "refusal" | "handshake"> {
  const words = said.split("|").map((word) => word.trim());
  const denied = way === "proxy" ? words.find((word) => /^refused by the proxy(?: \d{3})?$/.test(word)) : undefined;
  if (denied !== undefined) return { connected: false, refusal: refusedBy(denied), handshake: undefined };
  if (!words.includes("connected")) return { connected: false, refusal: refusalOf(code, said), handshake: undefined };
  const shaken = { connected: true, refusal: undefined } as const;
  if (words.some((word) => /^verify [1-9]\d* /.test(word))) return { ...shaken, handshake: "untrusted" };
  return { ...shaken, handshake: words.includes("verified") && code === "0" ? "verified" : "cut" };
}

/** Who asks for a password has not said whether it would pass on what comes with one. */
function refusedBy(word: string): Refusal {
  return word.endsWith(" 407") ? "password" : "proxy";
}

function readAsked(row: string): Asked | undefined {
  const match = /^dns (udp|tcp) ([0-9A-Fa-f.:]{2,45}) ([A-Za-z0-9.-]{1,255}) (0|-) ?(.*)$/.exec(row);
  if (match === null || familyOf(match[2] ?? "") === undefined) return undefined;
  const [, word, server = "", name = "", code = "", said = ""] = match;
  const protocol = word === "udp" ? "udp" : "tcp";
  const base = { protocol, server, name } as const;
  if (code === "-") return { ...base, answered: undefined, found: false, refusal: undefined };
  // Over TCP the length stands before the answer. 5e15 is the question's own number; the first bit of what follows says that it is an answer.
  const text = protocol === "tcp" ? said.slice(4) : said;
  const answer = /^5e15([0-9a-f]{2})([0-9a-f]{2})[0-9a-f]{4}([0-9a-f]{4})/.exec(text);
  const answered = answer !== null && Number.parseInt(answer[1] ?? "", 16) >= 0x80;
  const found = answered && Number.parseInt(answer[2] ?? "", 16) % 16 === 0 && Number.parseInt(answer[3] ?? "", 16) > 0;
  const words = Buffer.from(said, "hex").toString("latin1");
  return { ...base, answered, found, refusal: answered ? undefined : refusalOf(said === "" ? "124" : code, words) };
}

/** Numbers of errno(3) are Linux's; words are those of the C library. */
const refusals: readonly (readonly [RegExp, Refusal])[] = [
  [/errno 111\b|connection refused/i, "refused"],
  [/errno (?:101|99)\b|network is unreachable|cannot assign requested address/i, "no-network"],
  [/errno 113\b|unreachable|no route/i, "no-route"],
  [/errno 110\b|timed out/i, "timeout"],
  [/errno (?:1|13)\b|not permitted|permission denied/i, "filtered"],
];

function refusalOf(code: string, said: string): Refusal {
  const found = refusals.find(([shape]) => shape.test(said))?.[1];
  return found ?? (code === "124" || code === "137" ? "timeout" : "other");
}
