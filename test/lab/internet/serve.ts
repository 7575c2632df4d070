import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { webKindOf } from "./answers.ts";
import { type Credentials, credentialsFor } from "./certificate.ts";
import { serveDns } from "./dns.ts";
import { serveEcho } from "./echo.ts";
import { type Log, openLog } from "./log.ts";
import { find, type Known, knownPlaces } from "./names.ts";
import { serveSmtp } from "./smtp.ts";
import { serveSntp } from "./sntp.ts";
import { serveWeb } from "./web.ts";

/** What every service gets. */
interface Setting {
  readonly places: readonly Known[];
  readonly state: string;
  readonly credentials: Credentials;
  readonly log: Log;
}

/** Opens everything a place serves, on both of its addresses. */
async function open(place: Known, setting: Setting): Promise<void> {
  const { places, state, credentials, log } = setting;
  const addresses = [place.ipv4, place.ipv6];
  const kind = webKindOf(place.serves);
  if (kind !== undefined) await serveWeb({ addresses, kind }, credentials, log);
  for (const address of addresses) {
    if (place.serves.includes("dns")) await serveDns({ address, port: 53 }, (name) => find(name, places, state), log);
    if (place.serves.includes("ntp")) await serveSntp({ address, port: 123 }, log);
    if (place.serves.includes("echo")) await serveEcho({ address, port: 7 }, log);
    if (place.serves.includes("smtp")) {
      for (const port of [25, 587]) await serveSmtp({ address, port }, credentials, log);
    }
  }
}

const { values } = parseArgs({ options: { state: { type: "string" }, log: { type: "string" } } });
const { state, log } = values;
if (state === undefined || log === undefined) {
  console.error("usage: node serve.ts --state FOLDER --log FILE");
  process.exit(64);
}
process.once("SIGTERM", () => process.exit(0));
mkdirSync(dirname(log), { recursive: true });
const places = knownPlaces();
const credentials = await credentialsFor(places, join(state, "internet"));
const setting = { places, state, credentials, log: openLog(log) };
try {
  for (const place of places) await open(place, setting);
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "EADDRNOTAVAIL")) throw error;
  console.error(`${error.message}: the networks must be local here, and IPv6 needs net.ipv6.ip_nonlocal_bind=1`);
  process.exit(1);
}
console.log("ready");
