import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Config, ConfiguredTarget } from "#model/config.ts";
import { InputError } from "#model/input-error.ts";
import type { Authorisation, Policy } from "#model/policy.ts";
import type { SshLogin, Target } from "#model/target.ts";
import { parseAddress } from "#net/address.ts";
import type { AttestedParts } from "./attestations-file.ts";
import { parseLogin } from "./login.ts";
import { type VantageOptions, type Vantages, vantagesOf } from "./vantages.ts";

/** One audit to be made: what, by whose leave, and from where. The vantages have no meaning for a local target. */
export interface AuditRequest extends Vantages {
  readonly target: Target;
  readonly policy: Policy;
  readonly authorisation: Authorisation | null;
  readonly profile: string;
  /** Statements of people that go along with what is gathered. */
  readonly attested?: Omit<AttestedParts, "at"> | undefined;
}

/** What the command line says beside or instead of sekisho.yaml. */
export interface RequestOptions extends VantageOptions {
  readonly ssh?: string | undefined;
  readonly jump?: string | undefined;
  readonly authorisedBy?: string | undefined;
  readonly profile?: string | undefined;
  readonly ownAddresses: readonly string[];
}

const defaultProfile = "standard";

/** Requests for the named targets of a configuration, all when none is named. Throws InputError for a name it does not hold. */
export function configuredRequests(
  config: Config,
  names: readonly string[],
  options: RequestOptions,
): readonly AuditRequest[] {
  const targets = names.length === 0 ? config.targets : names.map((name) => pickTarget(config, name));
  if (options.ssh !== undefined && targets.length > 1) {
    throw new InputError("--ssh was given, but there are several targets.", {
      hint: "Name one target, or put ssh: into each target of sekisho.yaml.",
    });
  }
  return targets.map((target) => configuredRequest(config, target, options));
}

/** The request for a server that stands in no file. */
export function adHocRequest(host: string, options: RequestOptions): AuditRequest {
  const target = describeTarget({ id: safeId(host), host, ssh: sshLogin(undefined, options) }, options);
  return {
    target,
    policy: completePolicy({}),
    authorisation: adHocAuthorisation(options),
    ...vantagesOf([], options),
    profile: options.profile ?? defaultProfile,
  };
}

/** Whether a configuration holds a target of this name or host. */
export function hasTarget(config: Config, name: string): boolean {
  return config.targets.some((target) => target.id === name || target.host === name);
}

/** The policy with the lists of exceptions that were left out: leaving out exceptions means that there are none. */
function completePolicy(policy: Policy): Policy {
  return { ...policy, openPorts: policy.openPorts ?? [], neededServices: policy.neededServices ?? [] };
}

/** A short name that is fit for a file name. */
export function safeId(name: string): string {
  const id = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return id === "" ? "target" : id.slice(0, 100);
}

function pickTarget(config: Config, name: string): ConfiguredTarget {
  const found = config.targets.find((target) => target.id === name || target.host === name);
  if (found !== undefined) return found;
  const ids = config.targets.map((target) => target.id).join(", ");
  throw new InputError(`There is no target "${name}" in the configuration.`, { hint: `It holds: ${ids}.` });
}

function configuredRequest(config: Config, configured: ConfiguredTarget, options: RequestOptions): AuditRequest {
  const host = configured.host ?? configured.id;
  const target = describeTarget({ ...configured, host, ssh: sshLogin(configured.ssh, options) }, options);
  return {
    target,
    policy: completePolicy({ ...config.policy, ...configured.policy }),
    authorisation: config.authorisation ?? adHocAuthorisation(options),
    ...vantagesOf(config.vantages ?? [], options),
    profile: options.profile ?? config.profile ?? defaultProfile,
  };
}

function describeTarget(
  configured: Omit<ConfiguredTarget, "ssh"> & { readonly host: string; readonly ssh: SshLogin | undefined },
  options: RequestOptions,
): Target {
  const { id, host, pattern, adminUrl, ssh, container } = configured;
  checkHost(host);
  if (ssh !== undefined) checkHost(ssh.host);
  const own = parseAddress(host);
  const addresses = [...(own === undefined ? [] : [own.address]), ...(configured.addresses ?? [])].map(normalise);
  const local = isThisMachine(host, options.ownAddresses);
  if (local) refuseForThisMachine(host, options);
  const names = own === undefined && !local ? [host] : [];
  const adminName = adminUrl === undefined ? undefined : hostOfUrl(adminUrl);
  if (adminName !== undefined && isIP(adminName) === 0 && !names.includes(adminName)) names.push(adminName);
  return {
    id,
    names,
    addresses: [...new Set(addresses)],
    local,
    ...(pattern === undefined ? {} : { pattern }),
    ...(adminUrl === undefined ? {} : { adminUrl }),
    ...(ssh === undefined || local ? {} : { ssh }),
    ...(container === undefined ? {} : { container }),
  };
}

function refuseForThisMachine(host: string, options: RequestOptions): void {
  if (options.ssh !== undefined) {
    throw new InputError(`${host} is this machine, which is looked at directly; --ssh has no meaning for it.`, {
      hint: "Leave --ssh out.",
    });
  }
  if (options.outsideVia === undefined && options.allowedVia === undefined) return;
  throw new InputError(`${host} is this machine: to a host elsewhere, addresses of this machine mean another one.`, {
    hint: "Run sekisho on another machine, and name the server by its address or name.",
  });
}

/** Refuses what is not one host: a range, a URL, or digits that some resolvers take for another address than the reader does. */
export function checkHost(host: string): void {
  const refuse = (what: string, hint: string) => new InputError(`"${host}" is ${what}.`, { hint });
  if (host.includes("://"))
    throw refuse("a URL", "Give its host name or address; the URL goes to adminUrl in sekisho.yaml.");
  if (host.includes("/")) throw refuse("a range or a path", "Give one host; several go to targets in sekisho.yaml.");
  if (parseAddress(host) !== undefined) return;
  const last = host.replace(/\.$/, "").split(".").at(-1) ?? "";
  if (/^(?:\d+|0x[0-9a-f]*)$/i.test(last)) {
    throw refuse(
      "not an address as it is written",
      "Write an IPv4 address as four decimal numbers without leading zeros.",
    );
  }
  if (host.includes(":") || domainToASCII(host) === "")
    throw refuse("neither a host name nor an address", "Check the spelling.");
}

function normalise(address: string): string {
  const parsed = parseAddress(address);
  if (parsed !== undefined) return parsed.address;
  throw new InputError(`"${address}" is not an IPv4 or IPv6 address.`, {
    hint: "Under addresses: stand addresses without prefix length; names go to host:.",
  });
}

function isThisMachine(host: string, own: readonly string[]): boolean {
  if (host === "localhost") return true;
  const parsed = parseAddress(host);
  return parsed !== undefined && own.includes(parsed.address);
}

function sshLogin(configured: SshLogin | undefined, options: RequestOptions): SshLogin | undefined {
  if (options.ssh === undefined && configured === undefined) return undefined;
  const base = options.ssh === undefined ? configured : parseLogin(options.ssh);
  if (base === undefined) return undefined;
  return {
    ...base,
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    ...(options.jump === undefined ? {} : { jump: options.jump }),
  };
}

/** Its addresses are left empty: they are what the named hosts turn out to be. */
function adHocAuthorisation(options: RequestOptions): Authorisation | null {
  return options.authorisedBy === undefined ? null : { ...parseAuthoriser(options.authorisedBy), addresses: [] };
}

/** Reads `who, reference`. Throws InputError. */
export function parseAuthoriser(text: string): { readonly by: string; readonly reference: string } {
  const comma = text.indexOf(",");
  const by = (comma < 0 ? "" : text.slice(0, comma)).trim();
  const reference = (comma < 0 ? "" : text.slice(comma + 1)).trim();
  if (by !== "" && reference !== "") return { by, reference };
  throw new InputError(`"${text}" does not name both who and on what ground.`, {
    hint: 'Write for instance --authorised-by "Hanako Sato (CISO), contract 2026-114".',
  });
}

function hostOfUrl(url: string): string {
  try {
    return new URL(url).hostname.replace(/^\[|\]$/g, "");
  } catch {
    // URL's own error names neither the field nor the remedy.
    throw new InputError(`adminUrl "${url}" is not a URL.`, { hint: "Write for instance https://claw.example.jp/." });
  }
}
