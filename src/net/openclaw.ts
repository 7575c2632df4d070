import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import type { Limits } from "./dial.ts";
import { isFailure } from "./dial.ts";
import type { Failure } from "./failure.ts";
import type { HttpAnswer, HttpClient } from "./http-client.ts";
import { asksForLogin, bodyText, headerValues, isRedirect, redirectsToHttps } from "./http-facts.ts";

/** What OpenClaw's gateway shows to a client without credential. */
export interface OpenclawFacts {
  readonly openclaw: Maybe<boolean>;
  /** The page is its UI, which asks for the token or password. */
  readonly isUi: boolean;
  readonly authentication?: Maybe<"required" | "off" | "attribution-missing">;
  readonly treatsAsLocal?: Maybe<boolean>;
  readonly version?: Maybe<string>;
  readonly build?: Maybe<string>;
}

/** It refuses all that comes through a proxy it was not told of, so nothing else can be seen. */
const refusesProxy: OpenclawFacts = {
  openclaw: true,
  isUi: false,
  authentication: "attribution-missing",
  treatsAsLocal: unknown("it refuses every request"),
  version: unknown("it refuses every request"),
  build: unknown("it refuses every request"),
};

type Reply = HttpAnswer | Failure;

/** Why a page that is not OpenClaw's own still leaves it open whether OpenClaw is behind it. */
function hidden(page: HttpAnswer): string | undefined {
  if (asksForLogin(page)) return "a login stands before whatever is behind it";
  if (isRedirect(page.status) && !redirectsToHttps(page)) return "the redirect was not followed";
  if (page.status >= 500 || page.status === 429) return `the server answered ${page.status}`;
  return page.truncated ? "the page was cut at the limit" : undefined;
}

/**
 * Looks for OpenClaw behind an HTTP server whose page at `base` (empty for `/`) is already read, by GETs that change nothing and carry no credential: liveness
 * probe, the UI's settings and the list of channels (401 with authentication), startup and readiness (more is told to clients on the host).
 */
export async function lookForOpenclaw(
  page: HttpAnswer,
  client: Pick<HttpClient, "get">,
  limits: Limits,
  base = "",
): Promise<OpenclawFacts> {
  if (asksForAttribution(page)) return refusesProxy;
  const ask = (path: string) => askBelow(base, path, { client, limits });
  const isUi = isControlUi(page);
  if (!isUi) {
    const live = await ask("/healthz");
    const health = isFailure(live) ? undefined : jsonOf(live);
    if (!isFailure(live) && asksForAttribution(live)) return refusesProxy;
    if (health?.["ok"] !== true || health["status"] !== "live") return { openclaw: notOpenclaw(page, live), isUi };
  }
  const patiently = async (path: string) => {
    const reply = await ask(path);
    // A gateway that loads a part it had no need of so far stands still meanwhile, for longer than an answer is waited for.
    return isFailure(reply) && reply.reason === "timeout" ? ask(path) : reply;
  };
  const settings = await patiently("/control-ui-config.json");
  const channels = await patiently("/api/channels/");
  const startup = await patiently("/startupz");
  const readiness = await patiently("/readyz");
  const build = isUi ? buildOf(page) : undefined;
  return {
    openclaw: true,
    isUi,
    authentication: authenticationOf(settings, channels),
    treatsAsLocal: localityOf(startup, readiness),
    version: versionOf(settings, startup, build),
    build: build ?? unknown("only the UI's page names the build"),
  };
}

/** A gateway that serves only its UI below a path has its probes at the root; a proxy may hand on the path as a whole. */
async function askBelow(
  base: string,
  path: string,
  { client, limits }: { client: Pick<HttpClient, "get">; limits: Limits },
): Promise<Reply> {
  const below = await client.get(`${base}${path}`, limits);
  const answers = !isFailure(below) && below.status !== 404 && jsonOf(below) !== undefined;
  return base === "" || answers || isFailure(below) ? below : client.get(path, limits);
}

/** What was seen at several places of one server: OpenClaw is there when it is at any of them, and the worse answer stands. */
export function joinOpenclaw(places: readonly [OpenclawFacts, ...OpenclawFacts[]]): OpenclawFacts {
  const found = places.filter(({ openclaw }) => openclaw === true);
  const [first, second] = found;
  if (first === undefined) return places.find(({ openclaw }) => isUnknown(openclaw)) ?? places[0];
  if (second === undefined) return first;
  const all = <K extends keyof OpenclawFacts>(key: K) => found.map((facts) => facts[key]);
  return {
    openclaw: true,
    isUi: found.some(({ isUi }) => isUi),
    ...worst("authentication", all("authentication"), ["off", "attribution-missing"]),
    ...worst("treatsAsLocal", all("treatsAsLocal"), [true]),
    ...worst(
      "version",
      all("version"),
      all("version").filter((version) => typeof version === "string"),
    ),
    ...worst(
      "build",
      all("build"),
      all("build").filter((build) => typeof build === "string"),
    ),
  };
}

/** The first of `order` that is there, else what could not be known, else the rest. */
function worst<K extends keyof OpenclawFacts>(
  key: K,
  values: readonly OpenclawFacts[K][],
  order: readonly OpenclawFacts[K][],
): Partial<Pick<OpenclawFacts, K>> {
  const value = order.find((one) => values.includes(one)) ?? values.find((one) => typeof one === "object") ?? values[0];
  // A computed key loses its type; the value is one of that key's.
  return value === undefined ? {} : ({ [key]: value } as Partial<Pick<OpenclawFacts, K>>);
}

function notOpenclaw(page: HttpAnswer, live: Reply): Maybe<boolean> {
  const why = hidden(page);
  if (why !== undefined) return unknown(why);
  if (isFailure(live)) return unknown(`the liveness probe was not answered: ${live.detail}`);
  const probe = hidden(live);
  return probe === undefined ? false : unknown(`the liveness probe did not tell: ${probe}`);
}

/** The page is OpenClaw's UI, by its own element and attributes. */
export function isControlUi(page: HttpAnswer): boolean {
  if (page.status !== 200) return false;
  const html = bodyText(page);
  return (
    /<openclaw-app[\s>]/i.test(html) ||
    html.includes("data-openclaw-control-ui-") ||
    /<title>\s*OpenClaw Control\s*<\/title>/i.test(html)
  );
}

/** Build id in the UI's page. */
function buildOf(page: HttpAnswer): string | undefined {
  return /data-openclaw-control-ui-build-id="([^"]{1,200})"/.exec(bodyText(page))?.[1];
}

/** The gateway refuses a proxy it was not told of. */
function asksForAttribution(answer: HttpAnswer): boolean {
  return answer.status === 403 && errorType(answer) === "proxy_attribution_required";
}

function errorType(answer: HttpAnswer): unknown {
  const error = jsonOf(answer)?.["error"];
  return typeof error === "object" && error !== null && "type" in error ? error.type : undefined;
}

/**
 * required: every oracle that exists answers 401 in the gateway's own words. off: the settings are handed out, or the list of channels is
 * looked up, without a credential.
 */
function authenticationOf(settings: Reply, channels: Reply): Maybe<"required" | "off" | "attribution-missing"> {
  const answers = [settings, channels].filter((reply): reply is HttpAnswer => !isFailure(reply));
  if (answers.some(asksForAttribution)) return "attribution-missing";
  if (!isFailure(settings) && settings.status === 200 && typeof jsonOf(settings)?.["serverVersion"] === "string")
    return "off";
  const refused = (reply: Reply) => !isFailure(reply) && reply.status === 401 && errorType(reply) === "unauthorized";
  const missing = !isFailure(settings) && settings.status === 404;
  if (refused(channels) && (refused(settings) || missing)) return "required";
  return unknown(`the oracles did not agree: settings ${shown(settings)}, channels ${shown(channels)}`);
}

function shown(reply: Reply): string {
  return isFailure(reply) ? reply.detail : String(reply.status);
}

/** The startup probe tells its version, and the readiness probe its uptime, only to what it takes for a client on the host. */
function localityOf(startup: Reply, readiness: Reply): Maybe<boolean> {
  const start = isFailure(startup) ? undefined : jsonOf(startup);
  const ready = isFailure(readiness) ? undefined : jsonOf(readiness);
  if (start?.["version"] !== undefined || ready?.["uptimeMs"] !== undefined) return true;
  if (start?.["ok"] !== undefined && ready?.["ready"] !== undefined) return false;
  return unknown(`the probes did not tell: startup ${shown(startup)}, readiness ${shown(readiness)}`);
}

function versionOf(settings: Reply, startup: Reply, build: string | undefined): Maybe<string> {
  const told = [
    isFailure(settings) ? undefined : jsonOf(settings)?.["serverVersion"],
    isFailure(startup) ? undefined : jsonOf(startup)?.["version"],
    /^(\d+\.\d+\.\d+)(?:-|$)/.exec(build ?? "")?.[1],
  ];
  return told.find((version) => typeof version === "string") ?? unknown("nothing that was answered names the version");
}

/** The body as a JSON object; undefined for anything else. A page in JSON's clothing has another type. */
function jsonOf(answer: HttpAnswer): Readonly<Record<string, unknown>> | undefined {
  const [type = ""] = headerValues(answer, "content-type");
  if (!/^application\/json\b/i.test(type.trim()) || answer.truncated) return undefined;
  try {
    const value: unknown = JSON.parse(bodyText(answer));
    return isRecord(value) ? value : undefined;
  } catch {
    // Not JSON after all: the answer tells nothing.
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
