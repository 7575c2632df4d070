import type { Openclaw } from "#evidence/host.ts";
import { visible } from "#model/sanitise.ts";
import { unknown } from "#model/unknown.ts";
import type { ConfigFile } from "./openclaw-facts.ts";

/** What OpenClaw 2026.9 takes where no model is set, and for its search of notes where no service is. */
const defaultProvider = "openai";

/** Names that OpenClaw's search has for what its models call otherwise. */
const others: ReadonlyMap<string, string> = new Map([
  ["auto", defaultProvider],
  ["gemini", "google"],
  ["bedrock", "amazon-bedrock"],
]);

/** No service: words alone are searched for, or a model on the server does it. */
const nowhere: ReadonlySet<string> = new Set(["none", "local"]);

/** Where a model or a service may stand. */
const places = /^(?:agents|models|memory|tools|tts|talk|messages|hooks|channels|plugins)(?:\.|$)/;

/** AI services that OpenClaw is set up with: those its models, its other settings and its own list of providers name. */
export function aiProviders(config: ConfigFile | undefined, otherwise: string): Openclaw["aiProviders"] {
  if (config === undefined) return [unknown(otherwise)];
  const { memory, providers, services } = config;
  const embeddings = isOff(memory) ? [] : config.embeddings.filter((name) => !nowhere.has(name));
  const named = [...providers, ...services, ...embeddings.map((name) => others.get(name) ?? name)];
  const included = [...config.includes].some((path) => path === "" || places.test(path));
  const doubts = [
    ...(config.fault === undefined ? [] : [config.fault]),
    ...(named.includes("?") ? ["a model or a service is named without its provider"] : []),
    ...(included ? ["models may stand in an included file"] : []),
  ];
  if (providers.length === 0 && doubts.length === 0) named.push(defaultProvider);
  const silent = config.fault !== undefined || isOff(memory) || memory.has("set");
  const byItself = silent || named.includes(defaultProvider) ? [] : [searched];
  const plain = [...new Set(named)].filter((name) => name !== "?").map((name) => ({ name: visible(name, 100) }));
  return [...plain, ...[...doubts, ...byItself].map((why) => unknown(why))];
}

/** A key of it may stand in places that are not read. */
const searched = `its search of notes takes ${defaultProvider} where a key of it is there, for memory.search.provider is not set`;

function isOff(memory: ReadonlySet<string>): boolean {
  return memory.has("off") && !memory.has("on");
}
