// Asks the UDP services of one address and prints what each showed; run inside a network namespace.
import { scanUdp } from "#net/udp/scan.ts";
import { udpServices } from "#net/udp/services.ts";

const [address = ""] = process.argv.slice(2);
const found = await scanUdp({
  address,
  family: address.includes(":") ? "ipv6" : "ipv4",
  services: udpServices,
  timeoutMs: 1000,
  signal: new AbortController().signal,
});
process.stdout.write(JSON.stringify(found));
