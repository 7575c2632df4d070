import type { ConfiguredVantage } from "#model/config.ts";
import { InputError } from "#model/input-error.ts";
import type { SshLogin } from "#model/target.ts";
import { parseAddress } from "#net/address.ts";
import type { Endpoint } from "#net/dial.ts";
import { parseLogin } from "./login.ts";

/** Roles of the places that one looks from over the network. */
type Role = ConfiguredVantage["role"];

/** A host that connects on our behalf, and how it is logged into. */
export interface TunnelledVantage {
  readonly id: string;
  readonly role: Role;
  readonly ssh: SshLogin;
  /** Servers that are known to answer from there. */
  readonly controls: readonly Endpoint[];
}

/** From where the target is looked at over the network. */
export interface Vantages {
  /** Where this machine stands; undefined when nobody said. */
  readonly vantage: { readonly id: string; readonly role: Role } | undefined;
  /** Servers that are known to answer from this machine. */
  readonly controls: readonly Endpoint[];
  readonly tunnels: readonly TunnelledVantage[];
}

/** What the command line says of places. */
export interface VantageOptions {
  readonly vantage?: Role | undefined;
  readonly outsideVia?: string | undefined;
  readonly allowedVia?: string | undefined;
  readonly identity?: string | undefined;
  readonly control?: readonly string[] | undefined;
}

const roles: readonly Role[] = ["outside", "allowed"];

/**
 * The places of the configuration, as changed by the command line: a login given there takes the place of the configured one of that role,
 * and controls given there are for every place. Throws InputError for two places of one role.
 */
export function vantagesOf(configured: readonly ConfiguredVantage[], options: VantageOptions): Vantages {
  const here = configured.find(({ via }) => via === "local");
  const role = options.vantage ?? here?.role;
  const vantage = role === undefined ? undefined : { id: here?.id ?? "here", role };
  const controlsOf = (named: ConfiguredVantage | undefined) =>
    (options.control ?? named?.controls ?? []).map(parseControl);
  const tunnels = roles.flatMap((each): TunnelledVantage[] => {
    const named = configured.find((one) => one.via === "ssh" && one.role === each);
    const ssh = loginOf(each, options) ?? named?.ssh;
    if (ssh === undefined) return [];
    if (vantage?.role === each) throw twice(each);
    const id = named?.id ?? (vantage?.id === each ? `${each}-ssh` : each);
    return [{ id, role: each, ssh, controls: controlsOf(named) }];
  });
  checkApart(tunnels);
  return { vantage, controls: controlsOf(here), tunnels };
}

function loginOf(role: Role, options: VantageOptions): SshLogin | undefined {
  const text = role === "outside" ? options.outsideVia : options.allowedVia;
  if (text === undefined) return undefined;
  const login = parseLogin(text, `--${role}-via`);
  return options.identity === undefined ? login : { ...login, identity: options.identity };
}

function twice(role: Role): InputError {
  return new InputError(`There are two places with the role ${role}: this machine and one over SSH.`, {
    hint: `Give this machine the other role with --vantage, or leave the login of the place ${role} out.`,
  });
}

/** What one place sees can not be both refused and allowed. */
function checkApart(tunnels: readonly TunnelledVantage[]): void {
  const [one, other] = tunnels.map(({ ssh }) => `${ssh.host.toLowerCase()} ${ssh.port ?? 22}`);
  if (one === undefined || one !== other) return;
  throw new InputError("The places outside and allowed are the same host.", {
    hint: "Name a host outside the network for the one, and one in the office or the VPN for the other.",
  });
}

/** Reads `address:port`. Throws InputError. */
function parseControl(text: string): Endpoint {
  const match = /^\[?([0-9a-fA-F:.]+?)\]?:(\d{1,5})$/.exec(text);
  const address = parseAddress(match?.[1] ?? "")?.address;
  const port = Number(match?.[2]);
  if (address !== undefined && port >= 1 && port <= 65535) return { address, port };
  throw new InputError(`control "${text}" is not an address and a port.`, {
    hint: "Write for instance 198.51.100.7:443 or [2001:db8::7]:443.",
  });
}
