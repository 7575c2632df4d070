import { normalizeAddress } from "#expression/cidr.ts";
import { isDecided } from "./looks.ts";
import { printable } from "./printable.ts";
import { type NetworkRoot, scansOf } from "./scans.ts";
import { isOpen, records } from "./strip.ts";
import { noGaps, type Why } from "./why.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * Why a server of a kind (ssh, tls, http) may be there that no look found; empty where nothing can hide. From `outside` and `allowed` a
 * complete scan is enough: what does not answer there is not offered there. Under `network` a port that is filtered for one
 * may be open for another.
 */
export function hiddenServers(root: NetworkRoot, kind: string, scans: readonly unknown[] | undefined): readonly Why[] {
  if (root.root !== "network") return areComplete(scans) ? [] : [incomplete];
  if (root.bundle.vantages.some(({ id }) => sawEverything(root, id, kind))) return [];
  return unseenListeners(root, scans);
}

const incomplete: Why = {
  text: {
    en: "the port scan was not complete, so a server may not have been seen",
    ja: "ポート走査が完全ではないため、見えていないサーバーがありえます",
  },
};

function areComplete(scans: readonly unknown[] | undefined): boolean {
  if (scans === undefined || isOpen(scans)) return false;
  return scans.length > 0 && records(scans).every((scan) => !isOpen(scan["open"]));
}

/** Whether one vantage scanned everything, had nothing in its way, and looked for the kind. */
function sawEverything(root: NetworkRoot, id: string, kind: string): boolean {
  const vantage = root.bundle.vantages.find((each) => each.id === id);
  const looked = root.own.some((look) => look.vantage.id === id && look.evidence.kind === kind && isDecided(look));
  if (vantage === undefined || !looked) return false;
  const scans = scansOf({
    ...root,
    bundle: { ...root.bundle, vantages: [vantage] },
    own: root.own.filter((look) => look.vantage.id === id || look.evidence.kind === "resolution"),
    gaps: noGaps(),
  });
  if (!areComplete(scans)) return false;
  const near = vantage.role === "inside" || vantage.role === "allowed";
  return near || records(scans).every((scan) => scan["filteredPorts"] === 0 && scan["rejectedPorts"] === 0);
}

/** The host's own list of listeners against what the scans saw open: what no scan reached may be a server. */
function unseenListeners({ host }: NetworkRoot, scans: readonly unknown[] | undefined): readonly Why[] {
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
