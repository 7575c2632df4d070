import type { Maybe } from "#model/unknown.ts";
import { isUnknown, unknown } from "#model/unknown.ts";
import type { AdminPlace } from "#net/admin-place.ts";
import { isFailure, type Limits } from "#net/dial.ts";
import type { HttpAnswer, HttpClient, HttpFailure } from "#net/http-client.ts";
import { headerValues, isRedirect, redirectsToHttps, servesLogin } from "#net/http-facts.ts";
import { joinOpenclaw, lookForOpenclaw, type OpenclawFacts } from "#net/openclaw.ts";

/** How to ask for further pages of a server. */
export interface PagesOptions {
  readonly client: HttpClient;
  readonly limits: Limits;
  /** Scheme and authority, as in a URL. */
  readonly origin: string;
  readonly admin: AdminPlace | undefined;
  /** The admin URL is of this very server. */
  readonly isAdmin: boolean;
}

/** What the pages of one server show together. */
export interface Pages {
  readonly status: Maybe<number>;
  readonly servesLogin: Maybe<boolean>;
  readonly openclaw: OpenclawFacts;
  /** Pages beside `/` that were read. */
  readonly further: readonly HttpAnswer[];
}

type Get = Pick<HttpClient, "get">;

/** Judges the page at `/`, asks for the one at the admin URL's path, and for OpenClaw's probes below both. */
export async function lookAtPages(front: HttpAnswer, options: PagesOptions): Promise<Pages> {
  const { admin, limits, origin } = options;
  const client = remembering(options.client);
  if (admin === undefined) return withoutAdmin(front, await lookForOpenclaw(front, client, limits));
  if (admin.path === "/") return only(front, await lookForOpenclaw(front, client, limits));
  const ui = await askAdmin(admin, client, options);
  const behind = isFailure(ui) ? notSeen(ui) : await lookForOpenclaw(ui, client, limits, admin.base);
  const uiLogin = isFailure(ui) ? unknown(ui.detail) : servesLogin(ui, behind.isUi);
  const about = { status: statusOf(front, ui, options), further: isFailure(ui) ? [] : [ui] };
  // A page that does nothing but lead to the one that was read shows no more than that one.
  if (leadsTo(front, origin, admin.path)) return { ...about, servesLogin: uiLogin, openclaw: behind };
  const before = await lookForOpenclaw(front, client, limits);
  return {
    ...about,
    servesLogin: anyOf([servesLogin(front, before.isUi), uiLogin]),
    openclaw: joinOpenclaw([behind, before]),
  };
}

function only(page: HttpAnswer, openclaw: OpenclawFacts): Pages {
  return { status: page.status, servesLogin: servesLogin(page, openclaw.isUi), openclaw, further: [] };
}

/** A server that serves other things at `/` may serve OpenClaw below any path; one that refuses or sends to https all alike does not. */
function withoutAdmin(page: HttpAnswer, openclaw: OpenclawFacts): Pages {
  const open = openclaw.openclaw === false && page.status !== 403 && !redirectsToHttps(page);
  const why = unknown("only / was asked; declare adminUrl to have its path asked too");
  return only(page, open ? { ...openclaw, openclaw: why } : openclaw);
}

function notSeen(failure: HttpFailure): OpenclawFacts {
  return { openclaw: unknown(`the admin URL's path was not answered: ${failure.detail}`), isUi: false };
}

/** GET of the admin URL's path. Servers send those who leave out the slash at the end to the path with it; that one is asked then. */
async function askAdmin(
  { path }: AdminPlace,
  client: Get,
  { limits, origin }: PagesOptions,
): Promise<HttpAnswer | HttpFailure> {
  const answer = await client.get(path, limits);
  const whole = `${path}/`;
  if (isFailure(answer) || path.endsWith("/") || path.includes("?") || !leadsTo(answer, origin, whole)) return answer;
  return client.get(whole, limits);
}

/** The answer is a redirect to this path of the same server, with or without a slash at its end. */
function leadsTo(answer: HttpAnswer, origin: string, path: string): boolean {
  const [location] = headerValues(answer, "location");
  if (!isRedirect(answer.status) || location === undefined) return false;
  const target = URL.parse(location.trim(), origin);
  const wanted = URL.parse(path, origin);
  if (target === null || wanted === null || target.origin !== wanted.origin) return false;
  const bare = (url: URL) => url.pathname.replace(/\/+$/, "");
  return bare(target) === bare(wanted);
}

/**
 * The admin URL's own status on its server, that of `/` elsewhere. 403 means that all is refused, so it takes both pages: where one is
 * refused and the other is not, neither number tells the whole, or the one that is not refused does.
 */
function statusOf(
  front: HttpAnswer,
  ui: HttpAnswer | HttpFailure,
  { isAdmin, admin }: Pick<PagesOptions, "isAdmin" | "admin">,
): Maybe<number> {
  if (isFailure(ui)) return isAdmin || front.status === 403 ? unknown(ui.detail) : front.status;
  const [own, other] = isAdmin ? [ui.status, front.status] : [front.status, ui.status];
  if (own !== 403 || other === 403) return own;
  return isAdmin ? unknown(`${admin?.path} is refused, / answers ${other}`) : other;
}

function anyOf(values: readonly Maybe<boolean>[]): Maybe<boolean> {
  return values.some((value) => value === true) || (values.find(isUnknown) ?? false);
}

/** Asks for each path once. */
function remembering(client: Get): Get {
  const answers = new Map<string, HttpAnswer>();
  return {
    async get(path, limits) {
      const known = answers.get(path);
      if (known !== undefined) return known;
      const answer = await client.get(path, limits);
      if (!isFailure(answer)) answers.set(path, answer);
      return answer;
    },
  };
}
