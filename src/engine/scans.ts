import type { EvidenceBundle } from "#model/bundle.ts";
import type { Text } from "#model/text.ts";
import type { VantageRole } from "#model/vantage.ts";
import { unseenListeners } from "./listeners.ts";
import { type EvidenceRoot, isDecided, type Look, observedValue } from "./looks.ts";
import { missedAddresses } from "./missed.ts";
import { printableReason } from "./printable.ts";
import { isFields, isOpen, opened, records, strip } from "./strip.ts";
import { type GapsFound, malformed, note, type Why, whyUndecided } from "./why.ts";

/** What the network roots are projected from. */
export interface NetworkSources {
  readonly bundle: EvidenceBundle;
  readonly looks: readonly Look[];
  /** The projected host, as far as it is known. */
  readonly host: Readonly<Record<string, unknown>>;
  readonly gaps: GapsFound;
}

/** A network root while its lists are put together. */
export interface NetworkRoot extends NetworkSources {
  readonly root: Exclude<EvidenceRoot, "host">;
  /** Looks of network kinds from the root's vantages. */
  readonly own: readonly Look[];
}

type Fields = Readonly<Record<string, unknown>>;

const allPorts = 65535;
const remote: readonly VantageRole[] = ["outside", "allowed", "unplaced"];

/** The TCP scans of a root, open wherever silence proves nothing; undefined when there are none. */
export function scansOf(root: NetworkRoot): readonly unknown[] | undefined {
  const scans = listOf(root, "tcp")?.map((scan) => withControl(scan, root));
  if (scans === undefined) return undefined;
  const whole = open(scans, missedAddresses(root, scans), { path: `${root.root}.tcp[]`, gaps: root.gaps });
  return closedByListeners(whole, root);
}

/**
 * Closes a scan through a tunnel from the allowed side, which can not ask all ports of a host that drops: where a control shows that silence is the
 * target's, every listener of the host was seen open at that address, and its packet filter lets nothing else in. From outside, a listener
 * that is not seen is the rule.
 */
function closedByListeners(scans: readonly unknown[], { host, bundle }: NetworkRoot): readonly unknown[] {
  if (!isAllowedByTunnel(bundle)) return scans;
  return scans.map((scan) => {
    if (!isFields(scan) || scan["vantage"] !== "allowed" || !isOpen(scan["open"])) return scan;
    const { control } = scan;
    const controlled = isFields(control) && control["established"] === true;
    const whole = controlled && filtersTheRest(scan, host["firewall"]) && unseenListeners(host, [scan]).length === 0;
    return whole ? { ...scan, open: records(scan["open"]) } : scan;
  });
}

/** So many ports of one rule of a packet filter are looked for one by one. */
const widestRange = 64;

/** Whether the host's packet filter lets nothing in but at ports that were seen open. */
function filtersTheRest({ family, open }: Fields, firewall: unknown): boolean {
  if (!isFields(firewall) || firewall["active"] !== true || isOpen(firewall["accepts"])) return false;
  const policy = family === "ipv6" ? firewall["inputPolicyIpv6"] : firewall["inputPolicyIpv4"];
  if (policy !== "drop" && policy !== "reject") return false;
  const seen = new Set(records(open).map(({ port }) => port));
  return records(firewall["accepts"])
    .filter((accept) => accept["family"] === family && accept["protocol"] !== "udp")
    .every(({ firstPort, lastPort }) => {
      if (typeof firstPort !== "number" || typeof lastPort !== "number" || lastPort - firstPort >= widestRange)
        return false;
      return Array.from({ length: lastPort - firstPort + 1 }, (_, index) => firstPort + index).every((port) =>
        seen.has(port),
      );
    });
}

/** Whether all that is seen from the allowed side was seen through tunnels. */
export function isAllowedByTunnel({ vantages }: EvidenceBundle): boolean {
  const allowed = vantages.filter(({ role }) => role === "allowed");
  return allowed.length > 0 && allowed.every(({ via }) => via === "tunnel");
}

/** What all vantages of a root saw of a kind, put together; undefined when none could tell. */
export function listOf({ bundle, root, own, gaps }: NetworkRoot, kind: string): readonly unknown[] | undefined {
  const path = `${root}.${kind}`;
  const looks = own.filter(({ evidence }) => evidence.kind === kind);
  const decided = looks.filter((look) => isDecided(look) && isList(look));
  const undecided = looks.filter(
    (look) => !decided.includes(look) && !(decided.length > 0 && isBlind(look.vantage, kind)),
  );
  if (decided.length === 0) {
    for (const look of undecided) note(gaps, path, whyUndecided(look));
    return undefined;
  }
  const idle = bundle.vantages.filter(
    ({ id, role }) =>
      remote.includes(role) && (root === "network" || root === role) && !looks.some(({ vantage }) => vantage.id === id),
  );
  const elements = decided.flatMap((look) => elementsOf(look, path, gaps));
  const whys = [...undecided.map(whyUndecided), ...idle.map(({ id }) => notLooked(id, kind))];
  return open(elements, whys, { path: `${path}[]`, gaps });
}

/** A tunnel carries TCP alone: what was seen from elsewhere is no less for its not having looked. */
function isBlind({ via }: Look["vantage"], kind: string): boolean {
  return via === "tunnel" && (kind === "icmp" || kind === "udp");
}

function isList(look: Look): boolean {
  return look.evidence.attempt.status === "absent" || Array.isArray(observedValue(look));
}

function elementsOf(look: Look, path: string, gaps: GapsFound): unknown[] {
  const list = strip(observedValue(look), path, gaps);
  if (!Array.isArray(list)) return [];
  return list.map((element) => {
    if (!isFields(element)) {
      note(gaps, `${path}[]`, malformed(look.id));
      return {};
    }
    return Object.keys(element).length === 0 ? {} : { ...element, vantage: look.vantage.role };
  });
}

function notLooked(vantage: string, kind: string): Why {
  return { text: { en: `${vantage} did not look for ${kind}`, ja: `${vantage} からは ${kind} を調べていません` } };
}

/** Opens a list where there are reasons to. */
export function open(
  list: readonly unknown[],
  whys: readonly Why[],
  { path, gaps }: { path: string; gaps: GapsFound },
): readonly unknown[] {
  for (const why of whys) note(gaps, path, why);
  return whys.length === 0 ? list : opened(list);
}

/** Where a scan was made from, as one says it of collecting. */
const fromRole: Readonly<Record<string, Text>> = {
  outside: { en: "from outside the network", ja: "ネットワークの外から" },
  allowed: { en: "from the office or over the VPN", ja: "社内または VPN 接続中の端末から" },
};
const fromSame: Text = { en: "from the same machine", ja: "同じ端末から" };

function nameControl(from: Text): Text {
  return {
    en: `Collect again ${from.en} with \`--control ADDRESS:22\`, naming a server in scope that answers on 22/tcp to that machine; where no port of the target is open, let the target answer echo requests.`,
    ja: `承認範囲内で、収集する端末に22/tcpで応答するサーバーを \`--control ADDRESS:22\` で指定し、${from.ja}収集をやり直してください。対象に開いているポートがない場合は、ICMPエコーに応答するようにしてください。`,
  };
}

function scanAll(from: Text, interrupted: boolean): Text {
  return interrupted
    ? {
        en: `Collect again ${from.en} and let it run to its end.`,
        ja: `${from.ja}収集をやり直し、最後まで実行してください。`,
      }
    : {
        en: `Collect again ${from.en} without \`--ports\`.`,
        ja: `\`--ports\` を付けずに、${from.ja}収集をやり直してください。`,
      };
}

/** What the control showed or lacked, in brackets. */
function howOf(control: unknown): Text {
  const how = isFields(control) && typeof control["how"] === "string" ? control["how"] : "";
  if (how === "") return { en: "", ja: "" };
  const { en, ja } = printableReason(how);
  return { en: ` (${en})`, ja: `(${ja})` };
}

/** A scan whose silence proves something only where its control shows that it came from the target, and every port was asked. */
function withControl(scan: unknown, { root, gaps, bundle }: NetworkRoot): unknown {
  if (!isFields(scan) || !Array.isArray(scan["open"])) return scan;
  const { control, probedPorts, address } = scan;
  const from = fromRole[String(scan["vantage"])] ?? fromSame;
  const whys: Why[] = [];
  if (!isFields(control) || control["established"] !== true) {
    const how = howOf(control);
    whys.push({
      text: {
        en: `nothing showed that silence at ${address} came from the target, so it does not show that a port is closed${how.en}`,
        ja: `${address} の無応答が対象側によるものと確かめられないため、無応答をもって閉じているとは判断できません${how.ja}`,
      },
      remedy: nameControl(from),
    });
  }
  if (typeof probedPorts !== "number" || probedPorts < allPorts) {
    whys.push({
      text: {
        en: `${probedPorts} of ${allPorts} TCP ports of ${address} were scanned`,
        ja: `${address} で走査した TCP ポートは ${allPorts} 個のうち ${probedPorts} 個です`,
      },
      remedy: scanAll(from, bundle.interrupted),
    });
  }
  return { ...scan, open: open(scan["open"], whys, { path: `${root}.tcp[].open[]`, gaps }) };
}
