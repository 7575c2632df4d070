import type { SshServer } from "#evidence/ssh.ts";
import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import type { Endpoint } from "#net/dial.ts";
import type { SshPublicKey } from "#net/ssh/host-key.ts";
import type { SshVisit } from "#net/ssh-client.ts";
import { type KexInit, keyTypeOf } from "#net/ssh-wire.ts";
import type { SshFound, SshVisited } from "./ssh.ts";

/** Names of one list that are kept; a server that sends more says nothing by it. */
const namesLimit = 200;
const linesLimit = 20;
const nameLength = 100;

/** Evidence out of what the connections to one server showed. */
export function describeSsh(endpoint: Endpoint, visited: readonly SshVisited[], users: readonly string[]): SshFound {
  const visits = visited.flatMap(({ visit }) => (typeof visit === "string" ? [] : [visit]));
  const identified = visits.find(({ head }) => head.identification !== undefined)?.head;
  const offers = visits.flatMap(({ head }) => head.kexInit ?? []);
  const why =
    visits.find(({ head }) => head.broken !== undefined)?.head.broken ?? "the server did not send its algorithms";
  const names = (pick: (offered: KexInit) => readonly string[]) => namesOf(offers.flatMap(pick), offers.length, why);
  const keyExchange = names((offered) => offered.keyExchange);
  const server: SshServer = {
    address: endpoint.address,
    family: parseAddress(endpoint.address)?.family ?? "ipv4",
    port: endpoint.port,
    ...identificationFacts(identified),
    keyExchange,
    hostKeyAlgorithms: names((offered) => offered.hostKeyAlgorithms),
    ciphers: names(({ toServer, toClient }) => [...toClient.ciphers, ...toServer.ciphers]),
    macs: names(({ toServer, toClient }) => [...toClient.macs, ...toServer.macs]),
    compression: names(({ toServer, toClient }) => [...toClient.compression, ...toServer.compression]),
    strictKeyExchange: isUnknown(keyExchange) ? keyExchange : keyExchange.includes("kex-strict-s-v00@openssh.com"),
    ...extensionFacts(visits),
    groupExchange: groupsOf(visits, offers),
    hostKeys: hostKeysOf(visits, offers),
    hostCertificates: certificatesOf(visits, offers),
    users: users.map((user) => ({ user, methods: methodsOf(user, visited) })),
  };
  const whole = visits.find(({ head }) => head.kexInit !== undefined);
  const raw = Buffer.concat([Buffer.from(`${endpoint.address} ${endpoint.port}\n`), whole?.bytes ?? Buffer.alloc(0)]);
  return { server, raw };
}

function identificationFacts(
  head: SshVisit["head"] | undefined,
): Pick<SshServer, "banner" | "protocol" | "software" | "linesBefore"> {
  if (head?.identification === undefined) {
    const none = unknown("no identification string on these connections");
    return { banner: none, protocol: none, software: none, linesBefore: none };
  }
  const [, protocol = "", software = ""] = /^SSH-([^-]*)-?([^ ]*)/.exec(head.identification) ?? [];
  const { linesBefore } = head;
  return {
    banner: visible(head.identification, 255),
    protocol: visible(protocol, 50),
    software: visible(software, 255),
    linesBefore:
      linesBefore.length > linesLimit
        ? unknown("more of them than are kept")
        : linesBefore.map((line) => visible(line, 255)),
  };
}

/** What was offered on any of the connections: behind one address there may be several daemons. */
function namesOf(names: readonly string[], offers: number, why: string): Maybe<string[]> {
  if (offers === 0) return unknown(why);
  const distinct = [...new Set(names)];
  if (distinct.length > namesLimit) return unknown("more of them than are kept");
  return distinct.map((name) => visible(name, nameLength));
}

function extensionFacts(visits: readonly SshVisit[]): Pick<SshServer, "extensions" | "signatureAlgorithms"> {
  const heard = visits.flatMap(({ extensions }) => extensions ?? []);
  if (heard.length === 0) {
    const none = unknown("no connection came to where extensions are told");
    return { extensions: none, signatureAlgorithms: none };
  }
  const signatures = heard.flatMap((extensions) => (extensions.get("server-sig-algs") ?? "").split(","));
  return {
    extensions: namesOf(
      heard.flatMap((extensions) => [...extensions.keys()]),
      heard.length,
      "",
    ),
    signatureAlgorithms: namesOf(
      signatures.filter((name) => name !== ""),
      heard.length,
      "",
    ),
  };
}

function groupsOf(visits: readonly SshVisit[], offers: readonly KexInit[]): SshServer["groupExchange"] {
  if (offers.length === 0) return [unknown("the offered algorithms are not known")];
  const offered = new Set(
    offers.flatMap(({ keyExchange }) => keyExchange).filter((name) => /group-exchange/.test(name)),
  );
  const seen = new Map(visits.flatMap(({ group }) => (group === undefined ? [] : [[group.method, group.bits]])));
  for (const method of seen.keys()) offered.delete(method);
  return [
    ...[...seen].map(([algorithm, bits]) => ({ algorithm, bits })),
    ...[...offered].map((name) => unknown(`no group was seen of ${visible(name, nameLength)}`)),
  ];
}

function hostKeysOf(visits: readonly SshVisit[], offers: readonly KexInit[]): SshServer["hostKeys"] {
  const proven = visits.flatMap(({ hostKey, proven }) => (hostKey === undefined || proven === false ? [] : [hostKey]));
  const keys = [...new Map(proven.map((key) => [key.fingerprint, key])).values()].map(keyFacts);
  const liars = visits.filter(({ proven }) => proven === false).flatMap(({ hostKey }) => hostKey?.type ?? []);
  return [
    ...keys,
    ...liars.map((type) => unknown(`the server did not prove that it holds its ${visible(type, 64)} key`)),
    ...unread(visits, offers, (type) => !type.includes("-cert-")),
  ];
}

function certificatesOf(visits: readonly SshVisit[], offers: readonly KexInit[]): SshServer["hostCertificates"] {
  const found = visits.flatMap(({ hostKey, proven }) => {
    const certificate = proven === false ? undefined : hostKey?.certificate;
    return certificate === undefined || hostKey === undefined
      ? []
      : [{ certificate, fingerprint: hostKey.fingerprint }];
  });
  const distinct = new Map(found.map((one) => [`${one.certificate.type} ${one.fingerprint}`, one]));
  const certificates = [...distinct.values()].map(({ certificate, fingerprint }) => ({
    type: visible(certificate.type, 64),
    fingerprint,
    validAfter: instant(certificate.validAfter),
    validBefore: instant(certificate.validBefore),
    authority: keyFacts(certificate.authority),
  }));
  return [...certificates, ...unread(visits, offers, (type) => type.includes("-cert-"))];
}

/** What is offered and was not read, of keys or of certificates; what is of no known type counts as keys. */
function unread(
  visits: readonly SshVisit[],
  offers: readonly KexInit[],
  isOurs: (type: string) => boolean,
): { $unknown: string }[] {
  if (offers.length === 0) return [unknown("the offered types are not known")];
  const read = new Set(visits.flatMap(({ hostKey }) => [hostKey?.certificate?.type ?? hostKey?.type]));
  const names = new Set(
    offers.flatMap(({ hostKeyAlgorithms }) => hostKeyAlgorithms).map((name) => keyTypeOf(name) ?? name),
  );
  const left = [...names].filter((type) => isOurs(type) && !read.has(type));
  const shown = left.slice(0, linesLimit).map((type) => visible(type, 64));
  return left.length === 0 ? [] : [unknown(`not read: ${shown.join(", ")}`)];
}

function keyFacts({ type, bits, fingerprint }: SshPublicKey): {
  type: string;
  fingerprint: string;
  bits: Maybe<number>;
} {
  const shown = visible(type, 64);
  return { type: shown, fingerprint, bits: bits ?? unknown(`the size of a key of type ${shown} is not known`) };
}

/** Longest time that a date holds, in seconds; certificates have all bits set for "never". */
const lastInstant = 8_640_000_000_000n;

/** Empty for no limit. */
function instant(seconds: bigint): string {
  return seconds > lastInstant ? "" : new Date(Number(seconds) * 1000).toISOString();
}

function methodsOf(user: string, visited: readonly SshVisited[]): Maybe<string[]> {
  const asked = visited.filter((one) => one.user === user).map(({ visit }) => visit);
  const answers = asked.map((visit) => (typeof visit === "string" ? unknown(visit) : visit.methods));
  const own = answers.find((methods) => !isUnknown(methods)) ?? answers[0];
  if (own !== undefined) return isUnknown(own) ? own : namesOf(own, 1, "");
  const all = visited.map(({ visit }) => (typeof visit === "string" ? unknown(visit) : visit.methods));
  return all.find(isUnknown) ?? unknown("not asked, to keep connections few");
}
