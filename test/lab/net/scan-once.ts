// Scans one address in the ways that are named and prints what each saw; run inside a network namespace.
import { scanPorts } from "#collect/outside/ports.ts";
import { openRawLink } from "#net/syn/raw-link.ts";
import { scanSyn } from "#net/syn/syn-scan.ts";
import { scanTcp } from "#net/tcp-scan.ts";

const [address = "", last = "65535", ...ways] = process.argv.slice(2);
const options = {
  address,
  ports: Array.from({ length: Number(last) }, (_, index) => index + 1),
  timeoutMs: 1000,
  maxInFlight: 2000,
  signal: new AbortController().signal,
  onOpen: () => false,
  onProgress: () => undefined,
};
const found: Record<string, unknown> = {};
if (ways.includes("syn")) {
  const link = await openRawLink(address);
  found["syn"] = typeof link === "string" ? link : await scanSyn(link, options);
}
if (ways.includes("connect")) found["connect"] = await scanTcp(options);
if (ways.includes("chosen")) {
  const { ports, timeoutMs, signal, onOpen } = options;
  const plan = {
    vantage: "here",
    names: [],
    addresses: [address],
    ports,
    controls: [],
    sshUsers: [],
    timeoutMs,
    userAgent: "sekisho/0",
    local: false,
  };
  const around = { signal, now: () => new Date(), progress: () => undefined };
  found["chosen"] = await scanPorts(plan, around, onOpen);
}
process.stdout.write(JSON.stringify(found));
