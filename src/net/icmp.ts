import { randomInt } from "node:crypto";
import { isMainThread } from "node:worker_threads";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import type { Family } from "./address.ts";
import type { Limits } from "./dial.ts";
import { errorCode } from "./failure.ts";
import { echoBySystem } from "./ping.ts";
import { within } from "./within.ts";

type Ping = typeof import("net-ping");

/** What to do where echo requests cannot be sent from here. */
const remedy = "build the add-on with npm run build:icmp and run with CAP_NET_RAW";

/**
 * Sends ICMP echo requests (two at most) to an address, by the optional add-on or else by the system's ping. False when none was
 * answered; unknown when neither could send any.
 */
export async function echo(address: string, family: Family, limits: Limits): Promise<Maybe<boolean>> {
  const ping = await loadPing();
  const answered = isUnknown(ping) ? ping : await ask(ping, { address, family }, limits);
  if (!isUnknown(answered) || limits.signal.aborted) return answered;
  const bySystem = await echoBySystem(address, family, limits);
  return isUnknown(bySystem) ? unknown(`${answered.$unknown}; ${bySystem.$unknown}`) : bySystem;
}

async function loadPing(): Promise<Maybe<Ping>> {
  // The add-on hangs on the default event loop: in a worker it brings the whole process down.
  if (!isMainThread) return unknown("no ICMP from here: the net-ping add-on works on the main thread only");
  try {
    const loaded = await import("net-ping");
    // A CommonJS module: its exports stand under default, or also beside it, as Node's reading of its source has it.
    return "default" in loaded ? (loaded.default as Ping) : loaded;
  } catch (error) {
    return unknown(`no ICMP from here: the net-ping add-on does not load (${errorCode(error)}); ${remedy}`);
  }
}

async function ask(ping: Ping, to: { address: string; family: Family }, limits: Limits): Promise<Maybe<boolean>> {
  const { promise, resolve } = Promise.withResolvers<Maybe<boolean>>();
  let close: () => void = () => undefined;
  try {
    const session = ping.createSession({
      networkProtocol: to.family === "ipv4" ? ping.NetworkProtocol.IPv4 : ping.NetworkProtocol.IPv6,
      retries: 1,
      timeout: limits.timeoutMs,
      sessionId: randomInt(1, 65_535),
      packetSize: 32,
    });
    close = () => session.close();
    session.on("error", (error) => resolve(unknown(`ICMP failed on this machine: ${errorCode(error)}`)));
    session.pingHost(to.address, (error) => resolve(error === null ? true : meaning(error)));
    const waited = await within(promise, { timeoutMs: limits.timeoutMs * 3, signal: limits.signal });
    return waited ?? unknown("stopped before an answer came");
  } catch (error) {
    const said =
      error instanceof Error && /permitted/i.test(error.message) ? "no right to open raw sockets" : errorCode(error);
    return unknown(`no ICMP from here: ${said}; ${remedy}`);
  } finally {
    close();
  }
}

/** net-ping tells by the error's name whether the peer said so, nobody said anything, or sending failed. */
function meaning(error: Error): Maybe<boolean> {
  const said = ["RequestTimedOutError", "DestinationUnreachableError", "TimeExceededError"];
  return said.includes(error.name) ? false : unknown(`ICMP failed on this machine: ${errorCode(error)}`);
}
