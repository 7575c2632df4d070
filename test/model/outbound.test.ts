import { expect, test } from "vitest";
import { outboundPlan } from "#model/outbound.ts";
import type { Policy } from "#model/policy.ts";

const ai = (policy: Policy) => outboundPlan({ outbound: {}, ...policy })?.ai.map(({ host }) => host) ?? [];
const providers = (...names: readonly string[]) => names.map((provider) => ({ provider, data: "mail" }));

test("Claude's API is one that is tried, unless it is needed or named", () => {
  const elsewhere = { outbound: { needed: ["slack.com"] } };
  expect(ai({ ...elsewhere, aiServices: providers("ollama") })).toContain("api.anthropic.com");
  expect(ai({})).not.toContain("api.anthropic.com");
  expect(ai({ ...elsewhere, aiServices: providers("anthropic") })).not.toContain("api.anthropic.com");
  const named = [{ provider: "anthropic", endpoints: ["claude.corp.example"], data: "mail" }];
  expect(ai({ ...elsewhere, aiServices: named })).toContain("api.anthropic.com");
});

test("one AI service is always tried", () => {
  const all = providers("anthropic", "openai", "google", "xai", "openrouter", "mistral", "groq", "deepseek");
  expect(ai({ aiServices: all })).toEqual(["api.cohere.com"]);
  expect(ai({ aiServices: [...all, { provider: "cohere", endpoints: ["api.cohere.com"], data: "mail" }] })).toEqual([
    "api.together.xyz",
  ]);
});

test("an address of each family is a canary, unless the policy wants none", () => {
  const canaries = (...list: readonly string[]) =>
    outboundPlan({ outbound: { canaries: [...list] } })?.canaries.map(({ host }) => host);
  expect(canaries("example.com")).toEqual(["example.com", "1.1.1.1", "2606:4700:4700::1111"]);
  expect(canaries("192.0.2.1", "2001:db8::1")).toEqual(["192.0.2.1", "2001:db8::1"]);
  expect(canaries()).toEqual([]);
});
