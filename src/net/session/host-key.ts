import { visible } from "#model/sanitise.ts";
import {
  fingerprint,
  type HostKeyVerdict,
  type KnownHost,
  keyType,
  knownKeyTypes,
  lookupName,
  matchKnownHosts,
  verifyHostKey,
} from "./known-hosts.ts";
import { describeHop, type Hop } from "./login.ts";
import type { SessionProblem } from "./problem.ts";

/** What is known of one server's host keys beforehand, and what the operator allows. */
export interface HostKeyPolicy {
  readonly hop: Hop;
  readonly known: readonly KnownHost[];
  readonly accept: string | boolean;
}

/** Whether to go on with the host key that a server showed. */
export type HostKeyDecision =
  | { readonly accept: true; readonly fingerprint: string; readonly note?: string }
  | { readonly accept: false; readonly problem: SessionProblem };

const defaultAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
  "ssh-rsa",
] as const;

/** What known_hosts and the operator say of one server. */
export function hostKeyPolicy(hop: Hop, knownHosts: string, accept: string | boolean): HostKeyPolicy {
  return { hop, known: matchKnownHosts(knownHosts, hop.host, hop.port), accept };
}

/** Host key algorithms to ask for, those of known keys first: a host known by one type would else show another and look changed. */
export function hostKeyAlgorithms(known: readonly KnownHost[]): (typeof defaultAlgorithms)[number][] {
  const types = new Set(knownKeyTypes(known));
  const isKnown = (algorithm: string) => types.has(algorithm.startsWith("rsa-sha2-") ? "ssh-rsa" : algorithm);
  return [...defaultAlgorithms.filter(isKnown), ...defaultAlgorithms.filter((algorithm) => !isKnown(algorithm))];
}

/** Judges the key a server showed. A key that is merely unknown may be accepted by the operator; a changed or revoked one never. */
export function judgeHostKey(policy: HostKeyPolicy, key: Uint8Array): HostKeyDecision {
  const shown = fingerprint(key);
  const verdict = verifyHostKey(policy.known, key);
  if (verdict === "known") return { accept: true, fingerprint: shown };
  if (verdict === "unknown" && isAccepted(policy.accept, shown)) {
    return { accept: true, fingerprint: shown, note: acceptedNote(policy.hop, shown) };
  }
  return { accept: false, problem: hostKeyProblem(policy, verdict, { fingerprint: shown, type: keyType(key) }) };
}

/** Whether the operator's word covers a key that is not known. */
function isAccepted(accept: string | boolean, shown: string): boolean {
  return accept === true || (typeof accept === "string" && accept.replace(/=+$/, "") === shown);
}

/** What a reader should know of a key that was taken on the operator's word. */
export function acceptedNote(hop: Hop, shown: string): string {
  return `The host key ${shown} of ${describeHop(hop)} was not in known_hosts; it was accepted by --accept-new-host-key.`;
}

/** The problem that a refused host key is. */
export function hostKeyProblem(
  policy: HostKeyPolicy,
  verdict: Exclude<HostKeyVerdict, "known">,
  shown: { readonly fingerprint: string; readonly type: string },
): SessionProblem {
  const where = describeHop(policy.hop);
  const name = lookupName(policy.hop.host, policy.hop.port);
  const key = `${visible(shown.type, 64)} ${shown.fingerprint}`.trim();
  switch (verdict) {
    case "unknown":
      return {
        code: "host-key-unknown",
        message: `known_hosts holds no host key of ${where}; it shows ${key}.${otherThanAsked(policy.accept, shown)}`,
        hint:
          `Compare it with what ssh-keygen -lf /etc/ssh/ssh_host_${keyFile(shown.type)}_key.pub prints on the server. ` +
          `If it is the same, add --accept-new-host-key ${shown.fingerprint}, ` +
          `or keep it: ssh-keyscan -p ${policy.hop.port} ${policy.hop.host} >> ~/.ssh/known_hosts`,
        fingerprint: shown.fingerprint,
      };
    case "changed":
      return {
        code: "host-key-changed",
        message: `The host key of ${where} is not the one in known_hosts (${knownList(policy.known)}); it shows ${key}.`,
        hint:
          "Either the server was set up anew or someone is in between: ask its owner before anything else. " +
          `After that, ssh-keygen -R '${name}' forgets the old key.`,
        fingerprint: shown.fingerprint,
      };
    case "revoked":
      return {
        code: "host-key-revoked",
        message: `The host key ${key} of ${where} is marked @revoked in known_hosts.`,
        hint: "The key is known to be in wrong hands: ask the server's owner. It is accepted in no way.",
        fingerprint: shown.fingerprint,
      };
    default:
      return verdict satisfies never;
  }
}

function otherThanAsked(accept: string | boolean, shown: { readonly fingerprint: string }): string {
  return typeof accept === "string" && !isAccepted(accept, shown.fingerprint)
    ? ` --accept-new-host-key names another: ${accept}.`
    : "";
}

function knownList(known: readonly KnownHost[]): string {
  const keys = known.filter((entry) => entry.marker === "none" && !entry.withoutPort);
  return keys.map((entry) => `${entry.type} ${fingerprint(entry.key)}`).join(", ");
}

function keyFile(type: string): string {
  if (type.includes("ecdsa")) return "ecdsa";
  return type.includes("rsa") ? "rsa" : "ed25519";
}
