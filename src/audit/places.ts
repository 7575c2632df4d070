import { InputError, UnusableError } from "#model/input-error.ts";
import type { Authorisation } from "#model/policy.ts";
import type { Target } from "#model/target.ts";
import { isUnknown, type Maybe } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { resolveName } from "#net/dns.ts";
import { parseJump } from "./open-session.ts";
import type { AuditRequest } from "./request.ts";
import { checkAddress, isNamed, makeScope } from "./scope.ts";
import type { OwnAddress } from "./surroundings.ts";
import type { TunnelledVantage } from "./vantages.ts";

/** What one name resolved to. */
interface ResolvedName {
  readonly name: string;
  readonly ipv4: Maybe<string[]>;
  readonly ipv6: Maybe<string[]>;
}

/** Where the target is, and by whose leave it is contacted. */
export interface Places {
  readonly target: Target;
  readonly authorisation: Authorisation | null;
  readonly addresses: readonly string[];
  readonly resolved: readonly ResolvedName[];
  /** Throws InputError for an address that may not be contacted; `source` says where it came from. */
  readonly permit: (address: string, source: string) => void;
  /** The permission names the address: what this machine may ask of itself is not what another host may be made to ask. */
  readonly isNamed: (address: string) => boolean;
  readonly durationMs: number;
}

/** The system's resolver asks a second time after five seconds (resolv.conf(5), timeout and attempts). */
const resolveTimeoutMs = 11_000;

/**
 * Resolves the target's names and checks every address against the authorisation before anything is contacted.
 * Throws InputError for an address out of scope, UnusableError for a target without any address.
 */
export async function findPlaces(
  request: AuditRequest,
  own: readonly OwnAddress[],
  around: { readonly signal: AbortSignal; readonly now: () => Date },
): Promise<Places> {
  const { target } = request;
  const ownAddresses = own.map((entry) => entry.address);
  if (target.local) {
    const permission = permissionOf(null, ownAddresses, around.now());
    const here = { ...target, addresses: ownAddresses };
    return { target: here, authorisation: null, addresses: ownAddresses, resolved: [], ...permission, durationMs: 0 };
  }
  const startedAt = around.now().getTime();
  const resolved = await Promise.all(target.names.map((name) => resolve(name, around.signal)));
  const addresses = [...new Set([...target.addresses, ...resolved.flatMap(addressesOf)])];
  const login = await loginAddresses(target, resolved, around.signal);
  const authorisation = coverWhatWasNamed(request.authorisation, [...addresses, ...login]);
  const permission = permissionOf(authorisation, ownAddresses, around.now());
  const { permit } = permission;
  for (const address of target.addresses) permit(address, `target ${target.id}`);
  for (const { address } of request.controls) permit(address, "control");
  for (const entry of resolved) {
    for (const address of addressesOf(entry)) permit(address, `DNS answer for ${entry.name}`);
  }
  for (const address of login) permit(address, "host or bastion of the SSH login");
  if (addresses.length === 0) throw unresolved(target);
  for (const tunnel of request.tunnels) await checkTunnel(tunnel, { addresses, permission, signal: around.signal });
  const durationMs = around.now().getTime() - startedAt;
  return { target: { ...target, addresses }, authorisation, addresses, resolved, ...permission, durationMs };
}

type Permission = Pick<Places, "permit" | "isNamed">;

function permissionOf(authorisation: Authorisation | null, ownAddresses: readonly string[], now: Date): Permission {
  const scope = makeScope({ authorisation, today: localDate(now), ownAddresses });
  return {
    permit: (address, source) => checkAddress(scope, address, source),
    isNamed: (address) => isNamed(scope, address),
  };
}

/**
 * The host of a tunnel is the auditor's own login, which the authorisation need not name. From the target itself everything answers, and
 * a control on the host itself shows nothing of what leaves it.
 */
async function checkTunnel(
  { id, ssh, controls }: TunnelledVantage,
  { addresses, permission, signal }: { addresses: readonly string[]; permission: Permission; signal: AbortSignal },
): Promise<void> {
  const own = await addressesOfHost(ssh.host, [], signal);
  if (own.some((address) => addresses.includes(address))) {
    throw new InputError(`The host of the vantage ${id}, ${ssh.host}, is the target itself.`, {
      hint: "Look from another host: to itself a server answers what it refuses to others.",
    });
  }
  for (const { address, port } of controls) {
    permission.permit(address, "control");
    if (permission.isNamed(address) && !own.includes(address)) continue;
    throw new InputError(`The control ${address} port ${port} shows nothing for the vantage ${id}.`, {
      hint: "Name a server that authorisation.addresses holds, and that is neither that host nor this machine.",
    });
  }
}

async function resolve(name: string, signal: AbortSignal): Promise<ResolvedName> {
  return { name, ...(await resolveName(name, { timeoutMs: resolveTimeoutMs, signal })) };
}

function addressesOf(resolved: ResolvedName): readonly string[] {
  return [resolved.ipv4, resolved.ipv6].flatMap((list) => (isUnknown(list) ? [] : list));
}

/** Addresses of the SSH login's host and of its bastion, as far as they resolve here. */
async function loginAddresses(
  target: Target,
  resolved: readonly ResolvedName[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { ssh } = target;
  if (ssh === undefined) return [];
  const hosts = [ssh.host, ...(ssh.jump === undefined ? [] : [parseJump(ssh.jump).host])];
  const found = await Promise.all(hosts.map((host) => addressesOfHost(host, resolved, signal)));
  return found.flat();
}

async function addressesOfHost(
  host: string,
  resolved: readonly ResolvedName[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const parsed = parseAddress(host);
  if (parsed !== undefined) return [parsed.address];
  const known = resolved.find((entry) => entry.name === host);
  return addressesOf(known ?? (await resolve(host, signal)));
}

/** An authorisation given on the command line is for the hosts named there, whatever they resolve to. */
function coverWhatWasNamed(authorisation: Authorisation | null, addresses: readonly string[]): Authorisation | null {
  if (authorisation === null || authorisation.addresses.length > 0) return authorisation;
  return { ...authorisation, addresses: [...new Set(addresses)] };
}

function localDate(now: Date): string {
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
}

function unresolved(target: Target): Error {
  const names = target.names.join(", ");
  if (names === "") {
    return new InputError(`Target ${target.id} has neither a host nor an address.`, {
      hint: "Give host: or addresses: in sekisho.yaml.",
    });
  }
  return new UnusableError(`${names} does not resolve to any address.`, {
    hint: `Check the spelling and the resolver (getent hosts ${target.names[0]}), or name the address instead.`,
  });
}
