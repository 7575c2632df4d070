import { faultOf, frameOf, type HostOutput } from "./frames.ts";

/** The proxy that OpenClaw is told of, by its settings or its environment. */
export interface ToldProxy {
  /** Its URL, where one is named that can be tried. */
  readonly url: string | undefined;
  /** Why one that is named was not tried. */
  readonly untried: string | undefined;
  /** Why there may be one that cannot be seen. */
  readonly hidden: string | undefined;
}

const none: ToldProxy = { url: undefined, untried: undefined, hidden: undefined };

/** Reads what the script told of proxy.proxyUrl and of variables such as https_proxy. */
export function readProxy(output: HostOutput): ToldProxy {
  const frame = frameOf(output, "outbound.proxy");
  if (frame === undefined || faultOf(frame) !== undefined || frame.state !== "ok")
    return { ...none, hidden: "whether OpenClaw is told of a proxy could not be seen" };
  const named = new Set([...frame.text.matchAll(/^proxy (\S+)$/gm)].map((match) => match[1] ?? ""));
  const [first] = named;
  if (named.size > 1) return { ...none, untried: "OpenClaw is told of several proxies" };
  if (first !== undefined) {
    if (/^http:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$/.test(first)) return { ...none, url: first };
    const why = first === "credentials" ? "that wants a password" : "of a kind that is not tried";
    return { ...none, untried: `OpenClaw is told of a proxy ${why}` };
  }
  const environment = /^process hidden$/m.test(frame.text) && !isToldByUnit(frame.text);
  if (!environment && !/^settings hidden$/m.test(frame.text)) return none;
  const what = environment ? "its environment is hidden" : "its settings may not be read";
  return { ...none, hidden: `whether OpenClaw is told of a proxy could not be seen: ${what}` };
}

/** The environment of a service is what its unit says, as long as that names no file. */
function isToldByUnit(text: string): boolean {
  return /^unit seen$/m.test(text) && !/^unit files$/m.test(text);
}
