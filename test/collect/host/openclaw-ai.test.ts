import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { aiProviders } from "#collect/host/openclaw-ai.ts";
import { readConfigs } from "#collect/host/openclaw-facts.ts";
import { hostScript } from "#collect/host/script.ts";

const script = hostScript({ boundary: "abcdef0123456789", sshUsers: [] });
const functions = script.slice(0, script.lastIndexOf("\nmain"));
const awks = ["awk", "mawk", "busybox awk"].filter(
  (awk) => spawnSync("which", awk.split(" ").slice(0, 1)).status === 0,
);

/** Services that are read of a configuration: names, and a word of each doubt. */
function servicesOf(config: unknown, awk = "awk"): readonly string[] {
  const call = `${functions}\n${awk} "$openclaw_filter"`;
  const run = spawnSync("sh", ["-c", call], { input: JSON.stringify(config, null, 1), encoding: "utf8" });
  expect(run.stderr).toBe("");
  const { files } = readConfigs(`config /openclaw.json\nmode 600 0\n${run.stdout}`);
  return aiProviders(files[0], "none").map((one) =>
    "$unknown" in one ? `? ${/notes|without|included/.exec(String(one.$unknown))?.[0] ?? ""}` : one.name,
  );
}

const agents = { defaults: { model: "anthropic/claude-sonnet-5" } };
const silent = { search: { provider: "none" } };

test.each<[string, Record<string, unknown>, readonly string[]]>([
  ["a model alone: notes may go to the default by themselves", { agents }, ["anthropic", "? notes"]],
  ["words alone are searched for", { agents, memory: silent }, ["anthropic"]],
  ["notes are not searched", { agents, memory: { search: { enabled: false, provider: "gemini" } } }, ["anthropic"]],
  [
    "a part of the search is on",
    { agents, memory: { search: { enabled: false, cache: { enabled: true } } } },
    ["anthropic"],
  ],
  ["a model on the server", { agents, memory: { search: { provider: "local", fallback: "none" } } }, ["anthropic"]],
  [
    "services for the search of notes",
    { agents, memory: { search: { provider: "gemini", fallback: "voyage" } } },
    ["anthropic", "google", "voyage"],
  ],
  [
    "one agent's search is on",
    {
      agents: { ...agents, entries: { a: { memory: { search: { enabled: true, model: "text-embedding-3-small" } } } } },
      memory: { search: { enabled: false } },
    },
    ["anthropic", "? notes"],
  ],
  [
    "one agent's search is elsewhere",
    { agents: { ...agents, entries: { a: { memory: { search: { provider: "openai" } } } } }, memory: silent },
    ["anthropic", "openai"],
  ],
  [
    "settings of older versions",
    { agents: { defaults: { ...agents.defaults, memorySearch: { provider: "gemini" } } } },
    ["anthropic", "google", "? notes"],
  ],
  ["no model", {}, ["openai"]],
  ["no model, but a voice", { tts: { provider: "elevenlabs" }, memory: silent }, ["elevenlabs", "openai"]],
  [
    "media",
    {
      agents,
      memory: silent,
      tools: {
        media: {
          models: [
            { provider: "groq", model: "openai/whisper" },
            { type: "cli", command: "whisper" },
          ],
          audio: { preferredModel: "cli:/opt/whisper" },
          image: { preferredModel: "google/gemini-3" },
          video: { preferredModel: "provider:xai" },
        },
      },
    },
    ["anthropic", "groq", "google", "xai"],
  ],
  [
    "speech",
    {
      agents,
      memory: silent,
      talk: { realtime: { provider: "openai" } },
      tts: { providers: { elevenlabs: { apiKey: "secret" } }, summaryModel: "mistral/small" },
    },
    ["anthropic", "openai", "elevenlabs", "mistral"],
  ],
  [
    "models outside agents",
    {
      agents,
      memory: silent,
      hooks: { mappings: [{ model: "google/gemini-3" }], gmail: { model: "fast" } },
      tools: { exec: { reviewer: { model: { primary: "xai/grok", fallbacks: ["groq/x"] } } } },
      channels: { modelByChannel: { slack: { C1: "openai/gpt" } } },
    },
    ["anthropic", "google", "xai", "groq", "openai", "? without"],
  ],
  ["a name that is not plain", { agents, memory: { search: { provider: "${EMBED}" } } }, ["anthropic", "? without"]],
  [
    "an included file",
    { agents, memory: { search: { $include: "./m.json" } } },
    ["anthropic", "? included", "? notes"],
  ],
])("AI services: %s", (_name, config, expected) => {
  for (const awk of awks) expect(servicesOf(config, awk).toSorted()).toEqual(expected.toSorted());
});
