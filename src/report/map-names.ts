import type { Door, Exit, Exposure, Standing } from "#model/exposure.ts";
import type { Outcome } from "#model/outcome.ts";
import type { Text } from "#model/text.ts";
import type { MapKey } from "./map-texts.ts";
import { say } from "./say.ts";

/** Mark of how a thing stands to the rules. */
export const standingMarks = {
  required: "pass",
  against: "fail",
  unproven: "unknown",
} as const satisfies Record<Standing, Outcome>;

/** What a side is called, and what it means. */
export function sideNames({ role, vantages }: Exposure["sides"][number]): { readonly name: Text; readonly note: Text } {
  const unlooked = vantages.length === 0;
  const note = (key: MapKey) => say(unlooked ? "sideUnlooked" : key);
  if (role === "outside") return { name: say("sideOutside"), note: note("sideOutsideNote") };
  if (role === "allowed") return { name: say("sideAllowed"), note: note("sideAllowedNote") };
  return { name: say("sideUnplaced"), note: note("sideUnplacedNote") };
}

const protocols = { ssh: "SSH", tls: "TLS", http: "HTTP", openclaw: "OpenClaw" } as const;

/** What answers at a door, in the protocols' names. */
export function speech({ speaks }: Door): string {
  const https = speaks.includes("tls") && speaks.includes("http");
  const names = speaks.filter((each) => !(https && each === "tls"));
  return names.map((each) => (https && each === "http" ? "HTTPS" : protocols[each])).join(", ");
}

/** Names of the groups of destinations. */
export const exitGroups = {
  needed: "exitNeeded",
  canary: "exitCanary",
  ai: "exitAi",
  resolver: "exitResolver",
} as const satisfies Record<Exit["group"], MapKey>;

/** A destination with its port. */
export function exitName({ name, port }: Exit): string {
  if (port === undefined) return name;
  return name.includes(":") ? `[${name}]:${port}` : `${name}:${port}`;
}
