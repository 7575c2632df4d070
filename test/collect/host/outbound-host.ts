import type { Outbound } from "#evidence/outbound.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { output, read, value } from "./capture.ts";

/** What is read of connections that were tried. */
export function outboundOf(bytes: Uint8Array): Outbound {
  return value(read(bytes), "outbound") as Outbound;
}

/** `host IPv4 slack.com` of the elements of which something holds. */
export function named(list: Outbound["needed"], reached: boolean | "unknown"): readonly string[] {
  return seen(list)
    .filter((one) => (reached === "unknown" ? isUnknown(one.reached) : one.reached === reached))
    .map(({ connection, name }) => `${connection} ${name}`);
}

export const asked: readonly [string, string] = [
  "outbound.asked",
  "needed slack.com 443\ncanary example.com 443\ncanary 192.0.2.9 443\nai api.openai.com 443\nresolver 192.0.2.53",
];
export const names: readonly [string, string] = [
  "outbound.names",
  ["slack.com", "example.com", "api.openai.com"]
    .map((name, at) => `name ${name} ipv4 0 203.0.113.${at + 1}\nname ${name} ipv6 2 `)
    .join("\n"),
];
export const told: readonly [string, string] = ["outbound.proxy", "process seen"];
export const own: readonly [string, string] = ["outbound.spaces", "process 1 own"];
/** What is read of lines of the probe's, from a host that OpenClaw runs on. */
export const probed = (...rows: readonly string[]): Outbound =>
  outboundOf(output([asked, told, names, ["outbound.host", rows.join("\n")], own]));
