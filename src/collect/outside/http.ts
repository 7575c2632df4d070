import type { HttpServer } from "#evidence/http.ts";
import { visible } from "#model/sanitise.ts";
import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import { parseAddress } from "#net/address.ts";
import { type AdminPlace, isAdminServer } from "#net/admin-place.ts";
import { type Endpoint, isFailure, type Limits } from "#net/dial.ts";
import { type Connect, createHttpClient, type HttpAnswer, type HttpFailure } from "#net/http-client.ts";
import { cookieFacts, headerValues, hstsMaxAge, redirectsToHttps } from "#net/http-facts.ts";
import type { OpenclawFacts } from "#net/openclaw.ts";
import { lookAtPages, type Pages } from "./pages.ts";

/** How to look at an HTTP server. */
export interface HttpOptions {
  readonly scheme: "http" | "https";
  readonly userAgent: string;
  /** Name to ask for; empty for the address. */
  readonly name: string;
  readonly connect: Connect;
  readonly limits: Limits;
  /** The server is this machine: what it tells a client on the host is then no sign of anything. */
  readonly local: boolean;
  /** Where people open the admin UI, where that was declared. */
  readonly admin: AdminPlace | undefined;
}

/** An HTTP server, or why none was seen: `spoke` when something else answered, which leaves no room for one. */
export type HttpFound =
  | { readonly kind: "http"; readonly server: HttpServer; readonly raw: Buffer }
  | { readonly kind: "none"; readonly spoke: boolean; readonly failure: HttpFailure };

/** Asks for `/`, for the admin URL's path and, where OpenClaw may be behind them, for its probes. Follows nothing. */
export async function lookAtHttp(endpoint: Endpoint, options: HttpOptions): Promise<HttpFound> {
  const host = hostHeader(endpoint, options);
  const client = createHttpClient({ host, userAgent: options.userAgent }, options.connect);
  try {
    const page = await client.get("/", options.limits);
    if (isFailure(page)) {
      if (page.garbled !== false) return { kind: "none", spoke: page.garbled === true, failure: page };
      const server = unreadable(endpoint, host, { ...options, why: page.detail });
      return { kind: "http", server, raw: Buffer.alloc(0) };
    }
    const { admin } = options;
    const isAdmin = admin !== undefined && isAdminServer(admin, endpoint, options);
    const pages = await lookAtPages(page, { ...options, client, origin: `${options.scheme}://${host}`, isAdmin });
    return {
      kind: "http",
      server: describe(endpoint, host, { ...options, page, pages }),
      raw: rawOf(endpoint, host, [page, ...pages.further]),
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
  readonly pages: Pages;
}

function describe(endpoint: Endpoint, host: string, options: Described): HttpServer {
  const { page, pages, scheme } = options;
  const openclaw: OpenclawFacts = pages.openclaw;
  const none = unknown(
    openclaw.openclaw === false ? "OpenClaw does not answer here" : "OpenClaw was not recognised here",
  );
  return {
    ...place(endpoint, host, scheme),
    status: pages.status,
    location: visible(headerValues(page, "location")[0] ?? "", 500),
    redirectsToHttps: redirectsToHttps(page),
    server: visible(headerValues(page, "server")[0] ?? "", 200),
    hstsMaxAgeSeconds: scheme === "https" ? hstsMaxAge(headerValues(page, "strict-transport-security")) : -1,
    ...headerFacts([page, ...pages.further]),
    servesLogin: pages.servesLogin,
    openclaw: openclaw.openclaw,
    openclawAuthentication: openclaw.authentication ?? none,
    openclawTreatsAsLocal: locality(openclaw.treatsAsLocal ?? none, options.local),
    openclawVersion: shown(openclaw.version ?? none, 100),
    openclawBuild: shown(openclaw.build ?? none, 200),
  };
}

/** Longest value of a header that is kept, and how many of one kind. */
const [valueLength, valuesLimit] = [2000, 50];

/** What the pages that were read say to browsers; of cookies never their values. */
function headerFacts(
  pages: readonly HttpAnswer[],
): Pick<HttpServer, "contentSecurityPolicy" | "frameOptions" | "contentTypeOptions" | "cookies"> {
  const all = (name: string) => bounded([...new Set(pages.flatMap((page) => headerValues(page, name)))].map(kept));
  const cookies = pages.flatMap((page) => headerValues(page, "set-cookie")).map(cookieFacts);
  const distinct = [...new Map(cookies.map((cookie) => [JSON.stringify(cookie), cookie])).values()];
  return {
    contentSecurityPolicy: all("content-security-policy"),
    frameOptions: all("x-frame-options"),
    contentTypeOptions: all("x-content-type-options"),
    cookies: bounded(distinct.map((cookie) => ({ ...cookie, name: visible(cookie.name, 100) }))),
  };
}

function kept(value: string): Maybe<string> {
  return value.length > valueLength ? unknown("longer than is kept") : visible(value, valueLength);
}

function bounded<T>(values: readonly T[]): Maybe<T>[] {
  return values.length > valuesLimit
    ? [...values.slice(0, valuesLimit), unknown("more of them than are kept")]
    : [...values];
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
    contentSecurityPolicy: [not],
    frameOptions: [not],
    contentTypeOptions: [not],
    cookies: [not],
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

/** The value of a cookie lets whoever has it in. */
function withoutSecret(name: string, value: string): string {
  return name.toLowerCase() === "set-cookie" ? `${cookieFacts(value).name}=(left out)` : value;
}

function rawOf(endpoint: Endpoint, host: string, pages: readonly HttpAnswer[]): Buffer {
  const parts = pages.flatMap((page) => {
    const headers = page.headers.map(([name, value]) => `${name}: ${withoutSecret(name, value)}\n`).join("");
    return [Buffer.from(`${page.status}\n${headers}\n`), page.body];
  });
  return Buffer.concat([Buffer.from(`${endpoint.address} ${endpoint.port} ${host}\n`), ...parts]);
}
