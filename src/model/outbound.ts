import type { Policy } from "./policy.ts";

/** Where a connection is tried to. */
export interface Destination {
  /** Name, or address without brackets. */
  readonly host: string;
  readonly port: number;
}

/** What the host is asked to try. */
export interface OutboundPlan {
  readonly needed: readonly Destination[];
  /** Nobody's work needs these: where one answers, so would others. */
  readonly canaries: readonly Destination[];
  /** Endpoints of AI services that the policy does not name. */
  readonly ai: readonly Destination[];
  /** Servers for names, none of which should answer but the host's own. */
  readonly resolvers: readonly string[];
}

/** The guide's own three: Gmail, Slack and Claude. */
const defaultNeeded: readonly string[] = ["gmail.googleapis.com", "slack.com", "api.anthropic.com"];

/** A page that is there to be asked, on both ports of the web; an address that no name leads to; and SSH. */
const defaultCanaries: readonly string[] = ["example.com:443", "example.com:80", "github.com:22"];

/** One address of each family, asked for where the list of canaries has none: a name may have no address of it, or none that is found. */
const byAddress: readonly string[] = ["1.1.1.1:443", "[2606:4700:4700::1111]:443"];

/** APIs of AI services, by the provider that OpenClaw calls them. */
const aiEndpoints: ReadonlyMap<string, string> = new Map([
  ["anthropic", "api.anthropic.com"],
  ["openai", "api.openai.com"],
  ["google", "generativelanguage.googleapis.com"],
  ["xai", "api.x.ai"],
  ["openrouter", "openrouter.ai"],
  ["mistral", "api.mistral.ai"],
  ["groq", "api.groq.com"],
  ["deepseek", "api.deepseek.com"],
]);

/** One of these is tried where the policy names all of the others. */
const otherAi: readonly string[] = ["api.cohere.com", "api.together.xyz", "api.perplexity.ai"];

/** Public servers for names; those that the host itself uses are left out on the host. */
const defaultResolvers: readonly string[] = ["8.8.8.8", "9.9.9.9", "2001:4860:4860::8888", "2620:fe::fe"];

/** Addresses for documentation, where no server is: what answers a question to one answers on the way, in place of any other. */
export const silentServers: readonly string[] = ["192.0.2.53", "2001:db8::53"];

/** What the policy asks to be tried; undefined where it does not ask. A host that is needed or named is no canary. */
export function outboundPlan(policy: Policy): OutboundPlan | undefined {
  const { outbound, aiServices = [] } = policy;
  if (outbound === undefined) return undefined;
  const needed = read(outbound.needed ?? defaultNeeded);
  const named = new Set([...needed.map(({ host }) => host), ...read(aiServices.flatMap(endpointsOf)).map(hostOf)]);
  const unneeded = ({ host, port }: Destination) => !needed.some((own) => own.host === host && own.port === port);
  const unnamed = (hosts: Iterable<string>) => read([...hosts]).filter(({ host }) => !named.has(host));
  const known = unnamed(aiEndpoints.values());
  const ai = known.length > 0 ? known : unnamed(otherAi).slice(0, 1);
  const isAi = new Set(ai.map(hostOf));
  const canaries = withAddresses(read(outbound.canaries ?? defaultCanaries)).filter(
    (one) => unneeded(one) && !isAi.has(one.host),
  );
  return { needed, canaries, ai, resolvers: [...new Set(outbound.resolvers ?? defaultResolvers)] };
}

function withAddresses(canaries: readonly Destination[]): readonly Destination[] {
  if (canaries.length === 0) return [];
  const has = (family: string) => canaries.some(({ host }) => familyOf(host) === family);
  return [...canaries, ...read(byAddress).filter(({ host }) => !has(familyOf(host)))];
}

function familyOf(host: string): "ipv4" | "ipv6" | "name" {
  if (host.includes(":")) return "ipv6";
  return /^[0-9.]+$/.test(host) ? "ipv4" : "name";
}

/** Reads `name`, `name:port`, `address`, `address:port` or `[address]:port`; 443 where no port stands. Undefined when it is none of them. */
export function parseDestination(text: string): Destination | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?))(?::(\d{1,5}))?$/.exec(
    text,
  );
  const bare = /^[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*$/.test(text) ? text : undefined;
  const host = bare ?? match?.[1] ?? match?.[2];
  const port = Number(bare === undefined ? (match?.[3] ?? 443) : 443);
  return host === undefined || port < 1 || port > 65535 ? undefined : { host: host.toLowerCase(), port };
}

type NamedAi = NonNullable<Policy["aiServices"]>[number];

function read(texts: readonly string[]): readonly Destination[] {
  const all = texts.map(parseDestination).filter((one) => one !== undefined);
  return [...new Map(all.map((one) => [`${one.host} ${one.port}`, one])).values()];
}

/** Those the policy gives, else what is known of the provider. */
function endpointsOf({ provider, endpoints = [] }: NamedAi): readonly string[] {
  const known = aiEndpoints.get(provider);
  return endpoints.length > 0 || known === undefined ? endpoints : [known];
}

function hostOf({ host }: Destination): string {
  return host;
}
