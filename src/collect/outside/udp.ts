import type { Udp } from "#evidence/network.ts";
import type { Surroundings } from "#model/progress.ts";
import { unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { scanUdp, type UdpPort } from "#net/udp/scan.ts";
import { udpServices } from "#net/udp/services.ts";
import type { NetworkPlan } from "./plan.ts";

/** Asks every address of the plan for the UDP services that are known. */
export async function lookAtUdp({ addresses, vantage, timeoutMs }: NetworkPlan, around: Surroundings): Promise<Udp> {
  const about = { step: "udp", vantage, total: addresses.length } as const;
  const { signal } = around;
  around.progress({ ...about, state: "start", done: 0 });
  const scans = await Promise.all(
    addresses.map(async (address): Promise<Udp[number]> => {
      const family = parseAddress(address)?.family ?? "ipv4";
      const ports = await scanUdp({ address, family, services: udpServices, timeoutMs, signal });
      const whole = ports.map(described);
      return {
        address,
        family,
        ports: signal.aborted ? [...whole, unknown("stopped before everything was asked")] : whole,
      };
    }),
  );
  around.progress({ ...about, state: "end", done: scans.length });
  return scans;
}

/** An ICMP error may come from the way, and from this machine's own packet filter: only an answer says what the target does. */
function described({ port, service, state, speaks }: UdpPort) {
  const base = { port, protocol: "udp" as const, service, speaks };
  const silence = unknown("no answer over UDP, which an open port may give as well as a filtered one");
  switch (state) {
    case "open":
      return { ...base, state, answered: true };
    case "closed":
    case "rejected":
      return { ...base, state, answered: unknown("an ICMP error, which may come from the way there") };
    case "silent":
      return { ...base, state: "open|filtered" as const, answered: silence };
    case "unsent": {
      const none = unknown("this machine has no way there");
      return { ...base, state: none, answered: none };
    }
  }
}
