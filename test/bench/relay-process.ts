// A relay in a process of its own: node test/bench/relay-process.ts PORT ROUND_TRIP_MS. Prints its own port.
import { startRelay } from "./relay.ts";

const [port, roundTripMs] = process.argv.slice(2).map(Number);
if (port === undefined || roundTripMs === undefined) throw new Error("usage: relay-process.ts PORT ROUND_TRIP_MS");
const relay = await startRelay(port, roundTripMs);
process.stdout.write(`${relay.port}\n`);
