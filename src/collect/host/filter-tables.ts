import { type Attempt, failed } from "#model/attempt.ts";
import type { Family } from "./address-range.ts";
import { type Frame, failureOf, faultOf, frameOf, type HostOutput, missing } from "./frames.ts";
import { parseIptablesSave } from "./iptables-save.ts";
import { parseNftJson } from "./nft-json.ts";
import type { Table } from "./ruleset.ts";

/** The packet filter as the tools print it. */
export interface FilterTables {
  /** What the script told of the kernel. */
  readonly kernel: Frame;
  readonly tables: readonly Table[];
  /** Why there may be rules, or accepted packets, that do not stand in the tables. */
  readonly doubts: readonly string[];
  /** Why there may be rules that drop more than these do. */
  readonly unseen: readonly string[];
}

type Read = Omit<FilterTables, "kernel">;

/** The tables that the kernel holds, by iptables-save(8) and nft(8). */
export function readFilterTables(output: HostOutput): FilterTables | Attempt<never> {
  const kernel = frameOf(output, "firewall.kernel");
  const failure = failureOf(output, kernel, "the kernel's packet filter");
  if (failure !== undefined || kernel === undefined) return failure ?? missing(output, "the kernel's packet filter");
  const read = readTables(output, kernel);
  return "status" in read ? read : { kernel, ...read };
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
  if (nft === undefined) {
    const unseen = ["the tables of nft could not be read"];
    return { tables, doubts: [...doubts, ...withoutNft(saved.map(({ frame }) => frame))], unseen };
  }
  const ruleset = nft.state === "truncated" ? undefined : parseNftJson(nft.text);
  if (ruleset === undefined)
    return { tables, doubts: [...doubts, "the output of nft list ruleset could not be read"], unseen: [] };
  const known = new Set(tables.map((table) => `${table.family} ${table.name}`));
  tables.push(...ruleset.tables.filter((table) => !known.has(`${table.family} ${table.name}`)));
  return { tables, doubts, unseen: ruleset.apart.map((name) => `its rules are not followed here: ${name}`) };
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
    return { tables: [], doubts: [], unseen: [] };
  return failed("unsupported", `${tools}, and whether the kernel has a packet filter cannot be seen`);
}
