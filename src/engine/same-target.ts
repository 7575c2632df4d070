import type { Report } from "#model/report.ts";
import type { Text } from "#model/text.ts";

/** Whether two reports speak of one machine, and why not or why that cannot be told. */
export type SameTarget =
  | { readonly is: "same" }
  | { readonly is: "different"; readonly why: Text }
  | { readonly is: "unknown"; readonly why: Text };

/**
 * Compares what tells machines apart: the id, the hash of machine-id, the SSH host keys, the TLS keys. Different machine-ids, and host keys
 * with none in common, are different machines; one thing in common and nothing against it is the same. A TLS key says nothing by
 * differing: it changes with the certificate.
 */
export function sameTarget(a: Report, b: Report): SameTarget {
  if (a.target.id !== b.target.id) {
    return different(
      `The targets are ${a.target.id} and ${b.target.id}`,
      `対象が${a.target.id}と${b.target.id}で異なります`,
    );
  }
  const machineIds = [a, b].flatMap(({ identity }) => identity.machineIdHash ?? []);
  const [first, second] = machineIds;
  if (machineIds.length === 2 && first !== second) {
    return different("The machine-ids differ: these are two machines", "machine-idが異なるため、別のサーバーです");
  }
  const hostKeys = common(a.identity.sshHostKeys, b.identity.sshHostKeys);
  if (hostKeys === "none") {
    return different("The SSH host keys have none in common", "SSHホスト鍵に共通するものがありません");
  }
  const tlsKeys = common(a.identity.tlsKeys, b.identity.tlsKeys);
  if (machineIds.length === 2 || hostKeys === "some" || tlsKeys === "some") return { is: "same" };
  return {
    is: "unknown",
    why: {
      en: "Nothing that both saw tells whether it is the same machine: no machine-id, SSH host key or TLS key in common",
      ja: "同じサーバーであることを示す情報(machine-id、SSHホスト鍵、TLS公開鍵)が、両方に共通して得られていません",
    },
  };
}

function different(en: string, ja: string): SameTarget {
  return { is: "different", why: { en, ja } };
}

/** Whether two lists have something in common; not known where one of them is empty. */
function common(a: readonly string[], b: readonly string[]): "some" | "none" | "unknown" {
  if (a.length === 0 || b.length === 0) return "unknown";
  return a.some((each) => b.includes(each)) ? "some" : "none";
}
