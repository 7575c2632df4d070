import type { Static } from "typebox";
import type { Firewall } from "#evidence/host.ts";
import { everyAddress, type Family, parseRange } from "./address-range.ts";
import { contains, count, type IntervalSet, union } from "./intervals.ts";
import { everyPort } from "./ruleset.ts";

/** New connections that are let in. */
export type Accept = Exclude<Static<typeof Firewall>["accepts"][number], { $unknown: string }>;

/** Whether the set holds most addresses there are. */
export function isWide(set: IntervalSet, family: Family): boolean {
  return count(set) * 2n > count(everyAddress(family));
}

/** Leaves out what another entry says already, and puts tcp and udp together where both say the same. */
export function tidy(accepts: readonly Accept[]): Accept[] {
  const open = [...openSpans(accepts), ...accepts];
  const wide = [...wholeSpans(open), ...open].filter(
    (entry, index, all) =>
      !all.some((other, at) => other !== entry && covers(other, entry) && (!covers(entry, other) || at < index)),
  );
  const same = (a: Accept, b: Accept) =>
    a.firstPort === b.firstPort && a.lastPort === b.lastPort && a.source === b.source && a.rule === b.rule;
  return wide.flatMap((entry): Accept[] => {
    const twin = wide.find((other) => other.protocol !== entry.protocol && same(other, entry));
    if (twin === undefined) return [entry];
    return entry.protocol === "tcp" ? [{ ...entry, protocol: "any" }] : [];
  });
}

function covers(outer: Accept, inner: Accept): boolean {
  if (outer.protocol !== inner.protocol || outer.firstPort > inner.firstPort || outer.lastPort < inner.lastPort)
    return false;
  if (outer.source === "any" || outer.source === inner.source) return true;
  const wide = parseRange(outer.source)?.interval;
  const narrow = parseRange(inner.source)?.interval;
  return wide !== undefined && narrow !== undefined && contains([wide], [narrow]);
}

/** Where the ranges of several rules leave no port out, one entry says so; its rule is that of the widest. */
function wholeSpans(accepts: readonly Accept[]): Accept[] {
  const spans: Accept[] = [];
  for (const protocol of ["tcp", "udp"] as const) {
    const open = accepts.filter((entry) => entry.protocol === protocol && entry.source === "any");
    const ports = union(open.map((entry) => ({ first: BigInt(entry.firstPort), last: BigInt(entry.lastPort) })));
    const widest = open.toSorted((a, b) => b.lastPort - b.firstPort - (a.lastPort - a.firstPort))[0];
    if (widest !== undefined && contains(ports, everyPort))
      spans.push({ ...widest, rule: widest.rule.replace(/ -p (tcp|udp)\b/, ""), firstPort: 0, lastPort: 65535 });
  }
  return spans;
}

/** Where the sources of several rules together hold most addresses, one entry for these ports says so, with the first of the rules. */
function openSpans(accepts: readonly Accept[]): Accept[] {
  return (["tcp", "udp"] as const).flatMap((protocol) => {
    const narrow = accepts.filter((entry) => entry.protocol === protocol && entry.source !== "any");
    const bounds = [...new Set(narrow.flatMap((entry) => [entry.firstPort, entry.lastPort + 1]))].sort((a, b) => a - b);
    return bounds.flatMap((firstPort, index): Accept[] => {
      const inside = narrow.filter((entry) => entry.firstPort <= firstPort && entry.lastPort >= firstPort);
      const first = inside[0];
      const lastPort = (bounds[index + 1] ?? 0) - 1;
      const sources = inside.map((entry) => parseRange(entry.source)?.interval).filter((range) => range !== undefined);
      if (first === undefined || !isWide(union(sources), first.family)) return [];
      return [{ ...first, firstPort, lastPort, source: "any" }];
    });
  });
}
