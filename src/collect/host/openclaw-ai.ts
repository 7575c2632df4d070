import type { Openclaw } from "#evidence/host.ts";
import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import type { ConfigFile } from "./openclaw-facts.ts";

/** What OpenClaw 2026.9 takes where no model is set. */
const defaultProvider = "openai";

/** AI services that OpenClaw is set up with: those its models and its own list of providers name. */
export function aiProviders(config: ConfigFile | undefined, otherwise: string): Openclaw["aiProviders"] {
  if (config === undefined) return [unknown(otherwise)];
  const named = [...new Set(config.providers)];
  const plain = named.filter((name) => name !== "?").map((name) => ({ name: visible(name, 100) }));
  const included = [...config.includes].some((path) => path === "" || /^(?:agents|models)(?:\.|$)/.test(path));
  const doubts = [
    ...(config.fault === undefined ? [] : [config.fault]),
    ...(named.includes("?") ? ["a model is named without its provider"] : []),
    ...(included ? ["models may stand in an included file"] : []),
  ];
  if (named.length === 0 && doubts.length === 0) return [{ name: defaultProvider }];
  return [...plain, ...doubts.map((why) => unknown(why))];
}
