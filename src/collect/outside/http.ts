import type { HttpServer } from "#evidence/network.ts";
import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import type { Failure } from "#net/failure.ts";
import { type Connect, createHttpClient, type HttpAnswer } from "#net/http-client.ts";
import { headerValues, hstsMaxAge, redirectsToHttps, servesLogin } from "#net/http-facts.ts";
import { lookForOpenclaw, type OpenclawFacts } from "#net/openclaw.ts";

/** How to look at an HTTP server. */
export interface HttpOptions {
  readonly scheme: "http" | "https";
  /** Name to ask for; empty for the address. */
  readonly name: string;
  readonly connect: Connect;
  readonly limits: Limits;
  /** The server is this machine: what it tells a client on the host is then no sign of anything. */
  readonly local: boolean;
}

/** An HTTP server, or why none was seen: `spoke` when something else answered, which leaves no room for one. */
export type HttpFound =
  | { readonly kind: "http"; readonly server: HttpServer; readonly raw: Buffer }
  | { readonly kind: "none"; readonly spoke: boolean; readonly failure: Failure };

/** Asks for `/` and, where OpenClaw may be behind it, for its probes. Follows nothing. */
export async function lookAtHttp(endpoint: Endpoint, options: HttpOptions): Promise<HttpFound> {
  const host = hostHeader(endpoint, options);
  const client = createHttpClient(host, options.connect);
  try {
    const page = await client.get("/", options.limits);
    if (isFailure(page)) {
      if (page.garbled !== false) return { kind: "none", spoke: page.garbled === true, failure: page };
      return {
        kind: "http",
        server: unreadable(endpoint, host, { ...options, why: page.detail }),
        raw: Buffer.alloc(0),
      };
    }
    const openclaw = await lookForOpenclaw(page, client, options.limits);
    return {
      kind: "http",
      server: describe(endpoint, host, { ...options, page, openclaw }),
      raw: rawOf(endpoint, host, page),
    };
  } finally {
    client.close();
  }
}

/** The authority as a browser writes it: without the scheme's own port (RFC 9110, 7.2). */
function hostHeader(endpoint: Endpoint, options: Pick<HttpOptions, "scheme" | "name">): string {
  const bracketed = endpoint.address.includes(":") ? `[${endpoint.address}]` : endpoint.address;
  const name = options.name === "" ? bracketed : options.name;
  const own = options.scheme === "https" ? 443 : 80;
  return endpoint.port === own ? name : `${name}:${endpoint.port}`;
}

interface Described extends HttpOptions {
  readonly page: HttpAnswer;
  readonly openclaw: OpenclawFacts;
}

function describe(endpoint: Endpoint, host: string, options: Described): HttpServer {
  const { page, openclaw, scheme } = options;
  const none = unknown(
    openclaw.openclaw === false ? "OpenClaw does not answer here" : "OpenClaw was not recognised here",
  );
  return {
    ...place(endpoint, host, scheme),
    status: page.status,
    location: visible(headerValues(page, "location")[0] ?? "", 500),
    redirectsToHttps: redirectsToHttps(page),
    server: visible(headerValues(page, "server")[0] ?? "", 200),
    hstsMaxAgeSeconds: scheme === "https" ? hstsMaxAge(headerValues(page, "strict-transport-security")) : -1,
    servesLogin: servesLogin(page, openclaw.isUi),
    openclaw: openclaw.openclaw,
    openclawAuthentication: openclaw.authentication ?? none,
    openclawTreatsAsLocal: locality(openclaw.treatsAsLocal ?? none, options.local),
    openclawVersion: shown(openclaw.version ?? none, 100),
    openclawBuild: shown(openclaw.build ?? none, 200),
  };
}

function locality(treatsAsLocal: Maybe<boolean>, local: boolean): Maybe<boolean> {
  return local && treatsAsLocal === true
    ? unknown("asked from the host itself, which is rightly taken for local")
    : treatsAsLocal;
}

/** An HTTP server whose answer could not be read. */
function unreadable(endpoint: Endpoint, host: string, options: HttpOptions & { why: string }): HttpServer {
  const not = unknown(options.why);
  return {
    ...place(endpoint, host, options.scheme),
    status: not,
    location: not,
    redirectsToHttps: not,
    server: not,
    hstsMaxAgeSeconds: not,
    servesLogin: not,
    openclaw: not,
    openclawAuthentication: not,
    openclawTreatsAsLocal: not,
    openclawVersion: not,
    openclawBuild: not,
  };
}

function place(endpoint: Endpoint, host: string, scheme: "http" | "https") {
  const { address, port } = endpoint;
  return { address, family: parseAddress(address)?.family ?? "ipv4", port, scheme, host };
}

function shown(text: Maybe<string>, length: number): Maybe<string> {
  return isUnknown(text) ? text : visible(text, length);
}

function rawOf(endpoint: Endpoint, host: string, page: HttpAnswer): Buffer {
  const headers = page.headers.map(([name, value]) => `${name}: ${value}\n`).join("");
  return Buffer.concat([
    Buffer.from(`${endpoint.address} ${endpoint.port} ${host}\n${page.status}\n${headers}\n`),
    page.body,
  ]);
}
