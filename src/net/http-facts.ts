import type { Maybe } from "#model/unknown.ts";
import { unknown } from "#model/unknown.ts";
import type { HttpAnswer } from "./http-client.ts";

/** Whole and simple enough for any clock: about 68 years, RFC 6797 sets no upper bound. */
const longestMaxAge = 2_147_483_647;

/**
 * max-age of a Strict-Transport-Security header in seconds; -1 when there is no header, or one that browsers ignore because it breaks
 * the grammar, names a directive twice or lacks max-age (RFC 6797, 6.1 and 8.1). Only the first header counts.
 */
export function hstsMaxAge(headers: readonly string[]): number {
  const [header] = headers;
  if (header === undefined) return -1;
  const directives = new Map<string, string>();
  for (const part of splitQuoted(header)) {
    const text = part.trim();
    if (text === "") continue;
    const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:=\s*("[^"]*"|[!#$%&'*+.^_`|~0-9A-Za-z-]+))?$/.exec(text);
    const name = match?.[1]?.toLowerCase();
    if (name === undefined || directives.has(name)) return -1;
    directives.set(name, match?.[2] ?? "");
  }
  const age = /^"?(\d+)"?$/.exec(directives.get("max-age") ?? "")?.[1];
  return age === undefined ? -1 : Math.min(Number(age), longestMaxAge);
}

/** Splits at semicolons outside quotes. */
function splitQuoted(header: string): string[] {
  return header.match(/(?:[^;"]|"[^"]*"?)+/g) ?? [];
}

/** Values of a header, by its lower-case name, in order. */
export function headerValues(answer: HttpAnswer, name: string): string[] {
  return answer.headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

/** The status is one of those that send a browser elsewhere (RFC 9110, 15.4). */
export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

/** What a Set-Cookie header says but the value (RFC 6265, 5.2): attributes in any order and case, the last of a kind counts. */
export interface CookieFacts {
  readonly name: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  /** strict, lax or none; empty where it is not said or says something else, which browsers leave to their own defaults. */
  readonly sameSite: "" | "strict" | "lax" | "none";
}

/** Reads a Set-Cookie header; its value is left where it is. */
export function cookieFacts(header: string): CookieFacts {
  const [pair = "", ...attributes] = header.split(";");
  const found = new Map(
    attributes.map((attribute) => {
      const [name = "", value = ""] = attribute.split("=", 2);
      return [name.trim().toLowerCase(), value.trim().toLowerCase()];
    }),
  );
  // Without an equals sign all of it is the value (RFC 6265bis), which is never kept.
  const name = pair.includes("=") ? pair.slice(0, pair.indexOf("=")).trim() : "";
  const sameSite = found.get("samesite");
  return {
    name,
    secure: found.has("secure"),
    httpOnly: found.has("httponly"),
    sameSite: sameSite === "strict" || sameSite === "lax" || sameSite === "none" ? sameSite : "",
  };
}

/** The answer is a redirect to an https URL. */
export function redirectsToHttps(answer: HttpAnswer): boolean {
  const [location = ""] = headerValues(answer, "location");
  return isRedirect(answer.status) && /^https:\/\/[^/]/i.test(location.trim());
}

/** The page has a field for a password. Attributes in any order and quoting. */
export function hasPasswordField(html: string): boolean {
  return /<input\b[^>]{0,2000}?\btype\s*=\s*["']?password\b/i.test(html);
}

/** The header asks for a login in the browser's own dialogue, such as Basic (RFC 9110, 11.6.1). */
export function asksForLogin(answer: HttpAnswer): boolean {
  return (
    answer.status === 401 &&
    headerValues(answer, "www-authenticate").some((value) => /\b(?:basic|digest|negotiate|ntlm)\b/i.test(value))
  );
}

/**
 * Someone is asked to log in here. Unknown where another page would have to be read: after a redirect within http or https, after a
 * fault of the server, or when the page was cut.
 */
export function servesLogin(answer: HttpAnswer, isUi: boolean): Maybe<boolean> {
  if (isUi || asksForLogin(answer) || hasPasswordField(bodyText(answer))) return true;
  if (isRedirect(answer.status)) return redirectsToHttps(answer) ? false : unknown("the redirect was not followed");
  if (answer.status >= 500 || answer.status === 429) return unknown(`the server answered ${answer.status}`);
  if (answer.truncated) return unknown("the page was cut at the limit");
  return false;
}

/** The body as text; pages of other encodings keep their ASCII, which is all that is looked for. */
export function bodyText(answer: HttpAnswer): string {
  return answer.body.toString("utf8");
}
