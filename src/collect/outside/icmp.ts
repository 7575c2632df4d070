import type { Icmp } from "#evidence/network.ts";
import type { Surroundings } from "#model/progress.ts";
import { parseAddress } from "#net/address.ts";
import { echo } from "#net/icmp.ts";
import type { NetworkPlan } from "./plan.ts";

/** Sends echo requests to every address of the plan. */
export async function lookAtIcmp(plan: NetworkPlan, around: Surroundings): Promise<Icmp> {
  const about = { step: "icmp", vantage: plan.vantage, total: plan.addresses.length } as const;
  around.progress({ ...about, state: "start", done: 0 });
  const value = await Promise.all(
    plan.addresses.map(async (address) => {
      const family = parseAddress(address)?.family ?? "ipv4";
      return {
        address,
        family,
        answered: await echo(address, family, { timeoutMs: plan.timeoutMs, signal: around.signal }),
      };
    }),
  );
  around.progress({ ...about, state: "end", done: value.length });
  return value;
}
