import { parseAddress } from "./address.ts";
import type { Endpoint } from "./dial.ts";

/** Where people open the admin UI, taken apart. */
export interface AdminPlace {
  readonly scheme: "http" | "https";
  /** Name in lower case, or address in normal form. */
  readonly host: string;
  readonly port: number;
  /** Path with its query, as it is asked. */
  readonly path: string;
  /** Path below which OpenClaw's probes are asked: without slash at its end, empty for the root. */
  readonly base: string;
}

/** Takes an admin URL apart; undefined for what is no http or https URL. */
export function adminPlaceOf(adminUrl: string): AdminPlace | undefined {
  const url = URL.parse(adminUrl);
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  const scheme = url.protocol === "https:" ? "https" : "http";
  const own = scheme === "https" ? 443 : 80;
  const bare = url.hostname.replace(/^\[|\]$/g, "");
  return {
    scheme,
    host: parseAddress(bare)?.address ?? bare,
    port: url.port === "" ? own : Number(url.port),
    path: `${url.pathname}${url.search}`,
    base: url.pathname.replace(/\/[^/]*\.[^/]*$/, "").replace(/\/+$/, ""),
  };
}

/** The admin URL leads to this server, asked by this name (empty for its address). */
export function isAdminServer(place: AdminPlace, endpoint: Endpoint, asked: { scheme: string; name: string }): boolean {
  const host = asked.name === "" ? endpoint.address : asked.name.toLowerCase();
  return place.scheme === asked.scheme && place.port === endpoint.port && place.host === host;
}
