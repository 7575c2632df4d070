import { normalizeAddress } from "#expression/cidr.ts";
import { printable } from "./printable.ts";
import { isOpen, records } from "./strip.ts";
import type { Why } from "./why.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Why a server may be missing where the scans did not see everything. */
export const incomplete: Why = {
  text: {
    en: "the port scan was not complete, so a server may not have been seen",
    ja: "ポート走査が完全ではないため、見えていないサーバーがありえます",
  },
};

/** The host's own list of listeners against what the scans saw open: what no scan reached may be a server. Empty where nothing is left. */
export function unseenListeners(host: Fields, scans: readonly unknown[] | undefined): readonly Why[] {
  if (isOpen(host["listeners"])) return [incomplete, listenersUnknown];
  if (isOpen(host["containers"]) || records(host["containers"]).some((container) => isOpen(container["ports"]))) {
    return [incomplete, containersUnknown];
  }
  const seen = openPorts(scans);
  const spared = sparedFamilies(scans);
  const hidden = [...records(host["listeners"]).filter(isReachable), ...publishedPorts(host["containers"])].filter(
    (listener) => !(seen.get(listener["port"]) ?? []).some((address) => answers(address, listener, spared)),
  );
  return hidden.map((listener) => {
    const name = `${listener["port"] ?? "?"}/tcp`;
    const address = printable(String(listener["address"] ?? "?"));
    return {
      text: {
        en: `${name} listens on ${address} of the host and was not reached by any scan`,
        ja: `ホストの ${address} で待ち受ける ${name} に、どの走査からも到達できていません`,
      },
    };
  });
}

const listenersUnknown: Why = {
  text: {
    en: "the host's own list of listening ports is not known either",
    ja: "ホスト側の待ち受けポートの一覧も得られていません",
  },
};

const containersUnknown: Why = {
  text: {
    en: "the ports that containers publish are not known either",
    ja: "コンテナが公開しているポートの一覧も得られていません",
  },
};

/** What is not known of a listener speaks for its being reachable. */
function isReachable(listener: Fields): boolean {
  return listener["protocol"] !== "udp" && listener["scope"] !== "loopback";
}

/** Ports that Docker forwards to containers; without its proxy no process listens on them. */
function publishedPorts(containers: unknown): readonly Fields[] {
  return records(containers)
    .flatMap((container) => records(container["ports"]))
    .filter((port) => port["protocol"] !== "udp" && !isLoopback(port["hostAddress"]))
    .map((port) => ({ address: port["hostAddress"], port: port["hostPort"] }));
}

function isLoopback(address: unknown): boolean {
  return typeof address === "string" && (address.startsWith("127.") || address === "::1");
}

/** Addresses at which each port was seen open. */
function openPorts(scans: readonly unknown[] | undefined): ReadonlyMap<unknown, readonly string[]> {
  const seen = new Map<unknown, string[]>();
  for (const { address, open } of records(scans)) {
    if (typeof address !== "string") continue;
    for (const { port } of records(open)) {
      if (typeof port === "number") seen.set(port, [...(seen.get(port) ?? []), normalizeAddress(address)]);
    }
  }
  return seen;
}

/**
 * Whether a port that is open at an address shows a listener on that port: at its own address, or at any of its family when it listens on
 * all. The other family's will do where none of its own is there to be scanned.
 */
function answers(open: string, listener: Fields, spared: ReadonlySet<Family>): boolean {
  if (typeof listener["address"] !== "string") return false;
  const address = normalizeAddress(listener["address"]);
  if (address === "*") return true;
  if (address !== "0.0.0.0" && address !== "::") return open === address;
  return familyOf(address) === familyOf(open) || spared.has(familyOf(address));
}

type Family = "ipv4" | "ipv6";

function familyOf(address: string): Family {
  return address.includes(":") ? "ipv6" : "ipv4";
}

/** Families in which the target has no address, by a list of scans that is of every address. */
function sparedFamilies(scans: readonly unknown[] | undefined): ReadonlySet<Family> {
  if (isOpen(scans)) return new Set();
  const scanned = new Set(records(scans).map((scan) => familyOf(String(scan["address"]))));
  return new Set((["ipv4", "ipv6"] as const).filter((family) => !scanned.has(family)));
}
