import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import type { ServerFlight } from "#net/tls-wire.ts";
import { extensions } from "./hello.ts";
import type { CipherSuite } from "./suites.ts";

type Flight = Extract<ServerFlight, { state: "hello" }>;

const namedCurve = 3;

/**
 * Bits of the prime in a ServerKeyExchange of DHE (RFC 5246, 7.4.3), leading zeros not counted; behind a hint in DHE_PSK (RFC 4279, 3). 0 for
 * suites without one.
 */
export function primeBits(suite: CipherSuite | undefined, flight: Flight): Maybe<number> {
  if (suite === undefined || !suite.keyExchange.startsWith("DHE")) return 0;
  const body = flight.following.keyExchange;
  const start = body === undefined || suite.authentication !== "PSK" ? 0 : afterVector(body, 0);
  if (body === undefined || start === undefined || body.length < start + 2) return unknown(unread);
  const prime = body.subarray(start + 2, start + 2 + body.readUInt16BE(start));
  const first = prime.findIndex((byte) => byte !== 0);
  if (prime.length !== body.readUInt16BE(start) || first < 0) return unknown(unread);
  return (prime.length - first) * 8 - Math.clz32(prime[first] ?? 0) + 24;
}

const unread = "the server's key exchange did not come to its end";

function afterVector(body: Buffer, at: number): number | undefined {
  return body.length < at + 2 ? undefined : at + 2 + body.readUInt16BE(at);
}

/**
 * The group that a server chose: in TLS 1.3 the one of its key share or the one it asks for (RFC 8446, 4.2.8), in ECDHE before the named
 * curve of the ServerKeyExchange (RFC 8422, 5.4). Undefined where there is none that is named.
 */
export function groupOf(flight: Flight): number | undefined {
  const share = flight.hello?.extensions.get(extensions.keyShare);
  if (share !== undefined) return share.length >= 2 ? share.readUInt16BE(0) : undefined;
  const body = flight.following.keyExchange;
  if (body === undefined || body.length < 3 || body.readUInt8(0) !== namedCurve) return undefined;
  return body.readUInt16BE(1);
}
