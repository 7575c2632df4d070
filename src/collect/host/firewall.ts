import type { Static } from "typebox";
import type { Firewall } from "#evidence/host.ts";
import { type Attempt, failed, observed } from "#model/attempt.ts";
import { visible } from "#model/sanitise.ts";
import { type Maybe, unknown } from "#model/unknown.ts";
import type { Family } from "./address-range.ts";
import { acceptedBy, type FilterView, fateOf } from "./firewall-accepts.ts";
import { type Frame, failureOf, faultOf, frameOf, type HostOutput, missing } from "./frames.ts";
import { readInterfaces } from "./interfaces.ts";
import { parseIptablesSave } from "./iptables-save.ts";
import { parseNftJson } from "./nft-json.ts";
import type { Chain, Table } from "./ruleset.ts";
import { enabledUnits } from "./services.ts";

type FirewallValue = Static<typeof Firewall>;
type Manager = FirewallValue["manager"];

/** The packet filter, from what the kernel holds: the rules of iptables-save(8) and nft(8), not the files they were loaded from. */
export function parseFirewall(output: HostOutput): Attempt<FirewallValue> {
  const kernel = frameOf(output, "firewall.kernel");
  const failure = failureOf(output, kernel, "the kernel's packet filter");
  if (failure !== undefined || kernel === undefined) return failure ?? missing(output, "the kernel's packet filter");
  const read = readTables(output, kernel);
  if ("status" in read) return read;
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

interface Read {
  readonly tables: readonly Table[];
  /** Why there may be rules, or accepted packets, that do not stand in the tables. */
  readonly doubts: readonly string[];
}

/** Tables of all sources. A table that both tools show is taken from iptables, which knows its own matches. */
function readTables(output: HostOutput, kernel: Frame): Read | Attempt<never> {
  const doubts: string[] = [];
  const tables: Table[] = [];
  const addDump = (frame: Frame, family: Family) => {
    const dump = parseIptablesSave(frame.text, family);
    tables.push(...dump.tables);
    doubts.push(...dump.unread.map((line) => `not understood: ${line}`), ...cut(frame));
  };
  const nft = usable(output, "firewall.nft");
  const saved = (["ipv4", "ipv6"] as const).map((family) => ({ family, frame: usable(output, `firewall.${family}`) }));
  const gone = programs.find(({ program, name }) => isThere(kernel, program) && isGone(frameOf(output, name)));
  if (gone !== undefined) return missing(output, gone.program);
  doubts.push(...silent(output, kernel));
  if (nft === undefined && saved.every(({ frame }) => frame === undefined)) return nothingToRead(output, kernel);
  for (const { family, frame } of saved) {
    if (frame !== undefined) addDump(frame, family);
  }
  for (const [name, family] of legacy) {
    const frame = usable(output, name);
    if (frame !== undefined) addDump(frame, family);
    else if (frameOf(output, name) !== undefined) doubts.push("the legacy tables of iptables could not be read");
  }
  if (nft === undefined) return { tables, doubts: [...doubts, ...withoutNft(saved.map(({ frame }) => frame))] };
  const ruleset = nft.state === "truncated" ? undefined : parseNftJson(nft.text);
  if (ruleset === undefined) return { tables, doubts: [...doubts, "the output of nft list ruleset could not be read"] };
  const known = new Set(tables.map((table) => `${table.family} ${table.name}`));
  tables.push(...ruleset.tables.filter((table) => !known.has(`${table.family} ${table.name}`)));
  return { tables, doubts };
}

const legacy = [
  ["firewall.legacy4", "ipv4"],
  ["firewall.legacy6", "ipv6"],
] as const;

const programs = [
  { program: "nft", name: "firewall.nft" },
  { program: "iptables-save", name: "firewall.ipv4" },
  { program: "ip6tables-save", name: "firewall.ipv6" },
] as const;

function isThere(kernel: Frame, program: string): boolean {
  return kernel.text.split("\n").includes(`program ${program}`);
}

function isGone(frame: Frame | undefined): boolean {
  return frame === undefined || frame.state === "malformed";
}

function silent(output: HostOutput, kernel: Frame): string[] {
  return programs
    .filter(({ program, name }) => isThere(kernel, program) && usable(output, name) === undefined)
    .map(({ program }) => `${program} did not answer`);
}

/** Rules of nft that cannot be seen could only drop more, but also translate addresses. */
function withoutNft(frames: readonly (Frame | undefined)[]): string[] {
  const seen = frames.filter((frame) => frame !== undefined);
  return seen.length === 2 ? [] : ["the rules of one address family could not be read"];
}

function cut(frame: Frame): string[] {
  return frame.state === "truncated" ? ["the list of rules was cut at the size limit"] : [];
}

function usable(output: HostOutput, name: string): Frame | undefined {
  const frame = frameOf(output, name);
  return frame !== undefined && faultOf(frame) === undefined ? frame : undefined;
}

/** No tool gave rules: either none can be there, or we could not look. */
function nothingToRead(output: HostOutput, kernel: Frame): Read | Attempt<never> {
  for (const name of ["firewall.nft", "firewall.ipv4", "firewall.ipv6"]) {
    const frame = frameOf(output, name);
    const fault = frame === undefined ? undefined : faultOf(frame);
    if (fault !== undefined) return failed(fault.reason, `the kernel's packet filter: ${fault.detail}`);
  }
  const modules = [...kernel.text.matchAll(/^module (\S+)/gm)].map((match) => match[1]);
  if (/^program (nft|iptables-save)$/m.test(kernel.text)) return missing(output, "the kernel's packet filter");
  const tools = "neither nft nor iptables-save is on the host";
  if (modules.length > 0) return failed("unsupported", `${tools}, though the kernel has a packet filter`);
  if (!/^program ufw$|^ufw yes$|^program firewall-cmd$|^builtin unknown$/m.test(kernel.text))
    return { tables: [], doubts: [] };
  return failed("unsupported", `${tools}, and whether the kernel has a packet filter cannot be seen`);
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
