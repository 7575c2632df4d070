import type { Static } from "typebox";
import type { Firewall } from "#evidence/host.ts";
import { type Attempt, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import type { Family } from "./address-range.ts";
import { readFilterTables } from "./filter-tables.ts";
import { acceptedBy, type FilterView, fateOf } from "./firewall-accepts.ts";
import type { Frame, HostOutput } from "./frames.ts";
import { readInterfaces } from "./interfaces.ts";
import type { Chain, Table } from "./ruleset.ts";
import { enabledUnits } from "./services.ts";

type FirewallValue = Static<typeof Firewall>;
type Manager = FirewallValue["manager"];

/** The packet filter, from what the kernel holds: the rules of iptables-save(8) and nft(8), not the files they were loaded from. */
export function parseFirewall(output: HostOutput): Attempt<FirewallValue> {
  const read = readFilterTables(output);
  if ("status" in read) return read;
  const { kernel } = read;
  const manager = managerOf(read.tables);
  const view: FilterView = { tables: read.tables, interfaces: readInterfaces(output) };
  const hasIpv6 = !kernel.text.includes("no ipv6");
  const families: readonly Family[] = hasIpv6 ? ["ipv4", "ipv6"] : ["ipv4"];
  const results = families.map((family) => acceptedBy(view, family));
  const doubts = [...read.doubts, ...results.flatMap((result) => result.doubts)];
  return observed({
    manager,
    active: results.some((result) => result.drops),
    enabledAtBoot: enabledAtBoot(manager, kernel, output),
    inputPolicyIpv4: policyOf(view, "ipv4", read.doubts),
    inputPolicyIpv6: hasIpv6 ? policyOf(view, "ipv6", read.doubts) : unknown("the kernel has no IPv6"),
    outgoingPolicies: families.map((family) => ({ family, policy: outgoingPolicy(view, family, read.doubts) })),
    outgoingDeclared: declared(kernel),
    accepts: [
      ...results.flatMap((result) => result.accepts),
      ...[...new Set(doubts)].slice(0, 20).map((doubt) => unknown(visible(doubt, 300))),
    ],
  });
}

function policyOf(view: FilterView, family: Family, doubts: readonly string[]): FirewallValue["inputPolicyIpv4"] {
  const fate = fateOf(view, family);
  return fate === "accept" && doubts.length > 0 ? unknown(visible(doubts[0] ?? "", 300)) : fate;
}

function outgoingPolicy(view: FilterView, family: Family, doubts: readonly string[]): Maybe<Fate> {
  const [doubt] = doubts;
  return doubt === undefined ? fateOf(view, family, "output") : unknown(visible(doubt, 300));
}

type Fate = ReturnType<typeof fateOf>;

/** The default that UFW is set up with for what goes out. */
function declared({ text }: Frame): FirewallValue["outgoingDeclared"] {
  if (!/^ufw yes$/m.test(text)) return "";
  const [word, more] = [...text.matchAll(/^ufw output (ACCEPT|DROP|REJECT)$/gm)].map((match) => match[1]);
  if (word === undefined || more !== undefined) return unknown("/etc/default/ufw does not say");
  if (word === "ACCEPT") return "accept";
  return word === "DROP" ? "drop" : "reject";
}

function managerOf(tables: readonly Table[]): Manager {
  const inputs = tables.flatMap((table) =>
    [...table.chains.values()].filter(isInput).map((chain) => ({ table, chain })),
  );
  const busy = inputs.filter(({ chain }) => chain.rules.length > 0 || chain.policy === "drop");
  if (
    busy.some(({ chain }) => chain.rules.some((rule) => "chain" in rule.verdict && /^ufw6?-/.test(rule.verdict.chain)))
  )
    return "ufw";
  if (busy.some(({ table }) => table.name === "firewalld")) return "firewalld";
  if (busy.some(({ table }) => table.source === "iptables")) return "iptables";
  return busy.length > 0 ? "nftables" : "none";
}

function isInput(chain: Chain): boolean {
  return chain.hook?.at === "input" && chain.hook.type === "filter";
}

const loaders: Readonly<Record<Manager, readonly string[]>> = {
  ufw: ["ufw"],
  firewalld: ["firewalld"],
  nftables: ["nftables"],
  iptables: ["netfilter-persistent", "iptables"],
  none: [],
};

function enabledAtBoot(manager: Manager, kernel: Frame, output: HostOutput): Maybe<boolean> {
  if (manager === "none") return false;
  if (manager === "ufw" && /^ufw no$/m.test(kernel.text)) return false;
  if (manager === "ufw" && !/^ufw yes$/m.test(kernel.text)) return unknown("/etc/ufw/ufw.conf does not say");
  const units = enabledUnits(output);
  if (units === undefined) return unknown("the list of unit files could not be read");
  const known = loaders[manager].map((unit) => units.get(unit)).filter((enabled) => enabled !== undefined);
  if (known.length === 0) return unknown("no unit is known to load the rules");
  return known.some((enabled) => enabled);
}
