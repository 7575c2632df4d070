import type { IncomingHttpHeaders } from "node:http";
import { createStorage } from "./storage.ts";

/** A request as far as an answer depends on it. */
export interface Request {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

/** What came with a request: measured, and kept only in its beginning. */
export interface Body {
  readonly bytes: number;
  readonly md5: string;
  readonly sha256: string;
  readonly start: string;
}

/** A response. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const answers = {
  /** An API that wants a key it was not given. */
  api: ({ path }) =>
    path === "/"
      ? json(404, { error: { code: 404, type: "not_found", message: "There is nothing at this address" } })
      : json(401, { error: { code: 401, type: "authentication_error", message: "A valid credential is needed" } }),
  /** Slack says 200 to everybody and puts the refusal into the body. */
  slack: ({ path }) => {
    if (path.startsWith("/api/api.test")) return json(200, { ok: true });
    return path.startsWith("/api/") ? json(200, { ok: false, error: "not_authed" }) : html(200, "Slack");
  },
  /** An incoming webhook: any path under /services/ is a valid one. */
  webhook: ({ method, path }) => {
    if (!path.startsWith("/services/")) return text(404, "no_service");
    return method === "POST" ? text(200, "ok") : text(405, "method_not_allowed");
  },
  page: () => html(200, "A page of the lab's internet"),
} as const satisfies Record<string, (request: Request) => Page>;

/** How an address of the web answers. */
export type WebKind = keyof typeof answers | "storage";

/** The ways to answer among the services of a place; undefined where it is not on the web. */
export function webKindOf(services: readonly string[]): WebKind | undefined {
  return services.find((each): each is WebKind => each === "storage" || each in answers);
}

/** A function that answers requests in one of the ways; storage remembers from one request to the next. */
export function answering(kind: WebKind): (request: Request) => Page {
  return kind === "storage" ? createStorage() : answers[kind];
}

function json(status: number, value: unknown): Page {
  return { status, headers: { "Content-Type": "application/json" }, body: `${JSON.stringify(value)}\n` };
}

function text(status: number, body: string): Page {
  return { status, headers: { "Content-Type": "text/plain" }, body };
}

function html(status: number, title: string): Page {
  const body = `<!doctype html><title>${title}</title><h1>${title}</h1>\n`;
  return { status, headers: { "Content-Type": "text/html; charset=utf-8" }, body };
}
