import { isIP } from "node:net";
import { laterDay } from "#attestation/days.ts";
import { parsePublicKeyLine } from "#attestation/public-key.ts";
import { isRange } from "#expression/cidr.ts";
import { nearest } from "#expression/suggest.ts";
import type { Attestor } from "#model/attestation.ts";
import { Config, type ConfiguredTarget } from "#model/config.ts";
import { InputError } from "#model/input-error.ts";
import { parseDestination } from "#model/outbound.ts";
import type { Authorisation, Policy, Waiver } from "#model/policy.ts";
import { readDocument, type TypedDocument } from "./read-document.ts";
import { readText } from "./read-file.ts";
import { formatPath, type Path } from "./yaml-document.ts";

type Document = TypedDocument<Config>;

/** The ids of all rules; called only where the file names some. */
export type RuleIds = () => ReadonlySet<string>;

/**
 * Reads sekisho.yaml.
 * @throws InputError with file, line, column and a hint.
 */
export function loadConfig(path: string, ruleIds?: RuleIds): Config {
  return parseConfig(readText(path, "name another file with --config, or a host on the command line"), path, ruleIds);
}

/**
 * Parses the text of sekisho.yaml; `file` names it in errors.
 * @throws InputError with file, line, column and a hint.
 */
export function parseConfig(text: string, file: string, ruleIds?: RuleIds): Config {
  const document = readDocument(text, file, Config);
  const config = document.value;
  checkTargets(document);
  checkVantages(document);
  const policies: readonly (readonly [Path, Policy | undefined])[] = [
    [["policy"], config.policy],
    ...config.targets.map(({ policy }, index) => [["targets", index, "policy"], policy] as const),
  ];
  for (const [path, policy] of policies) {
    checkPolicy(document, path, policy);
    checkWaivers(document, [...path, "waivers"], { waivers: policy?.waivers ?? [], ruleIds });
  }
  checkAuthorisation(document, config.authorisation);
  return config;
}

function wrong(document: Document, path: Path, message: string, hint?: string): InputError {
  return new InputError(`${formatPath(path)}: ${message}`, { place: document.placeOf(path), hint });
}

function checkTargets(document: Document): void {
  const ids = new Set<string>();
  for (const [index, target] of document.value.targets.entries()) {
    const path = ["targets", index];
    if (ids.has(target.id)) {
      throw wrong(document, [...path, "id"], `"${target.id}" names two targets`, "give each its own id");
    }
    ids.add(target.id);
    checkTarget(document, path, target);
  }
}

function checkTarget(document: Document, path: Path, target: ConfiguredTarget): void {
  for (const [step, address] of (target.addresses ?? []).entries()) {
    if (isIP(address) !== 0) continue;
    const hint = "addresses are IPv4 or IPv6 without prefix length; a name goes to host";
    throw wrong(document, [...path, "addresses", step], `"${clip(address)}" is not an address`, hint);
  }
  if (target.adminUrl !== undefined && !isWebUrl(target.adminUrl)) {
    const hint = "write it as people open it, such as https://claw.example.jp/";
    throw wrong(document, [...path, "adminUrl"], `"${clip(target.adminUrl)}" is not an http or https URL`, hint);
  }
  const { host, container, ssh } = target;
  const texts = { host, container, "ssh.host": ssh?.host, "ssh.user": ssh?.user, "ssh.identity": ssh?.identity };
  for (const [name, text] of Object.entries(texts)) {
    if (text?.trim() === "") throw wrong(document, [...path, ...name.split(".")], "must not be empty");
  }
}

/** One place for each role, and this machine in one place only. */
function checkVantages(document: Document): void {
  const vantages = document.value.vantages ?? [];
  for (const [index, { id, role, via, ssh }] of vantages.entries()) {
    const path = ["vantages", index];
    const before = vantages.slice(0, index);
    if (before.some((other) => other.id === id)) {
      throw wrong(document, [...path, "id"], `"${id}" names two vantages`, "give each its own id");
    }
    if (before.some((other) => other.role === role)) {
      throw wrong(
        document,
        [...path, "role"],
        `there are two vantages with the role ${role}`,
        "name one for each role",
      );
    }
    if (via === "local" && before.some((other) => other.via === "local")) {
      const hint = "this machine stands in one place; for the other, write via: ssh and ssh: with a login there";
      throw wrong(document, [...path, "via"], "there are two vantages via local", hint);
    }
    if (via === "ssh" && ssh === undefined) {
      throw wrong(document, [...path, "via"], "via: ssh needs a login", "add ssh: { host: HOST, user: USER }");
    }
    if (via === "local" && ssh !== undefined) {
      throw wrong(document, [...path, "ssh"], "via: local takes no login", "write via: ssh, or leave ssh out");
    }
  }
}

function checkPolicy(document: Document, path: Path, policy: Policy | undefined): void {
  checkAttestors(document, [...path, "attestors"], policy?.attestors ?? []);
  checkRanges(document, [...path, "allowedSources"], policy?.allowedSources ?? []);
  for (const [index, unit] of (policy?.neededServices ?? []).entries()) {
    if (!unit.endsWith(".service")) continue;
    const hint = `write "${clip(unit.slice(0, -".service".length))}"`;
    throw wrong(document, [...path, "neededServices", index], "units are named without .service", hint);
  }
  checkBackups(document, [...path, "backups"], policy?.backups);
  checkOutbound(document, path, policy ?? {});
  const ports = new Set<string>();
  for (const [index, { port, protocol }] of (policy?.openPorts ?? []).entries()) {
    const name = `${port}/${protocol}`;
    if (ports.has(name)) throw wrong(document, [...path, "openPorts", index], `${name} is declared twice`);
    ports.add(name);
  }
}

function checkAttestors(document: Document, path: Path, attestors: readonly Attestor[]): void {
  const owners = new Map<string, string>();
  for (const [index, { name, key }] of attestors.entries()) {
    const parsed = parsePublicKeyLine(key);
    const at = [...path, index, "key"];
    if (!parsed.ok) {
      const hint = "put in the line of the person's .pub file, such as ssh-ed25519 AAAA...";
      throw wrong(document, at, `is no public key: ${parsed.why}`, hint);
    }
    const owner = owners.get(parsed.key.fingerprint);
    if (owner !== undefined && owner !== name) {
      const hint = "a signature must be one person's: give each a key of their own";
      throw wrong(document, at, `is also the key of ${clip(owner)}`, hint);
    }
    owners.set(parsed.key.fingerprint, name);
  }
}

function checkAuthorisation(document: Document, authorisation: Authorisation | undefined): void {
  if (authorisation === undefined) return;
  const { addresses, from, until } = authorisation;
  checkRanges(document, ["authorisation", "addresses"], addresses);
  // Days as YYYY-MM-DD sort as text.
  if (from !== undefined && until !== undefined && until < from) {
    throw wrong(document, ["authorisation", "until"], `the last day ${until} is before the first day ${from}`);
  }
}

/** What the host script is given has to be a plain word there. */
function checkBackups(document: Document, path: Path, backups: Policy["backups"]): void {
  const shapes = [
    ["paths", /^\/[A-Za-z0-9_.@/-]{1,199}$/, "a folder from the root on, in plain letters"],
    ["jobs", /^[A-Za-z0-9_.@:/-]{1,200}$/, "a timer as systemctl list-timers shows it, or a table of cron"],
  ] as const;
  for (const [name, shape, wanted] of shapes) {
    for (const [index, text] of (backups?.[name] ?? []).entries()) {
      if (!shape.test(text)) throw wrong(document, [...path, name, index], `"${clip(text)}" is not ${wanted}`);
    }
  }
}

interface Waivers {
  readonly waivers: readonly Waiver[];
  readonly ruleIds: RuleIds | undefined;
}

function checkWaivers(document: Document, path: Path, { waivers, ruleIds }: Waivers): void {
  if (waivers.length === 0) return;
  const known = ruleIds?.();
  for (const [index, { rule, from, until }] of waivers.entries()) {
    if (known !== undefined && !known.has(rule)) {
      const near = nearest(rule, known);
      const hint = near === undefined ? "sekisho rules list shows them all" : `did you mean "${near}"?`;
      throw wrong(document, [...path, index, "rule"], `there is no rule "${clip(rule)}"`, hint);
    }
    const at = [...path, index, "until"];
    // Days as YYYY-MM-DD sort as text.
    if (until < from) throw wrong(document, at, `the last day ${until} is before the first day ${from}`);
    const latest = laterDay(from, { months: 12, days: 0 });
    if (until <= latest) continue;
    throw wrong(
      document,
      at,
      `${until} is more than a year after ${from}`,
      `end it on ${latest} at the latest, and look again then`,
    );
  }
}

function checkOutbound(document: Document, path: Path, { outbound = {}, aiServices = [] }: Policy): void {
  const lists: readonly (readonly [Path, readonly string[]])[] = [
    [["outbound", "needed"], outbound.needed ?? []],
    [["outbound", "canaries"], outbound.canaries ?? []],
    ...aiServices.map(({ endpoints = [] }, index) => [["aiServices", index, "endpoints"], endpoints] as const),
  ];
  for (const [field, hosts] of lists) {
    for (const [index, text] of hosts.entries()) {
      if (parseDestination(text) !== undefined) continue;
      const hint = "write slack.com, slack.com:443, 192.0.2.7:443 or [2001:db8::7]:443";
      throw wrong(document, [...path, ...field, index], `"${clip(text)}" is not a host with or without a port`, hint);
    }
  }
  for (const [index, address] of (outbound.resolvers ?? []).entries()) {
    if (isIP(address) !== 0 && !address.includes("%")) continue;
    throw wrong(document, [...path, "outbound", "resolvers", index], `"${clip(address)}" is not an address`);
  }
}

function checkRanges(document: Document, path: Path, ranges: readonly string[]): void {
  for (const [index, range] of ranges.entries()) {
    if (isRange(range)) continue;
    const hint = "write an IPv4 or IPv6 address, or a range in CIDR, such as 203.0.113.0/24 or 2001:db8::/32";
    throw wrong(document, [...path, index], `"${clip(range)}" is neither an address nor a range`, hint);
  }
}

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  return ["http:", "https:"].includes(new URL(text).protocol);
}

/** Head of a value, for a message. */
function clip(text: string): string {
  return text.length > 64 ? `${text.slice(0, 64)}…` : text;
}
