import { describe, expect, it } from "vitest";
import { type Change, failing } from "./good-host.ts";

const outbound = "host.outbound";

describe("a host that reaches what it needs and nothing else", () => {
  it.each<[string, Change, readonly string[]]>([
    ["a page is reached from the container", { [`${outbound}.canaries.1.reached`]: true }, ["outbound-destination"]],
    [
      "an AI nobody named is reached from the host",
      { [`${outbound}.ai.0.reached`]: true },
      ["ai-endpoint", "outbound-destination", "protected-data-ai"],
    ],
    [
      "the same where no data must stay in the house",
      { [`${outbound}.ai.0.reached`]: true, "policy.personalData": false },
      ["ai-endpoint", "outbound-destination"],
    ],
    [
      "any resolver answers the container",
      { [`${outbound}.resolvers.1.reached`]: true, [`${outbound}.resolvers.1.filter`]: "accept" },
      ["outbound-resolver"],
    ],
    [
      "it does against the rules",
      { [`${outbound}.resolvers.1.reached`]: true },
      ["outbound-mismatch", "outbound-resolver"],
    ],
    [
      "the host refuses Slack against the rules",
      { [`${outbound}.needed.0.reached`]: false, [`${outbound}.needed.0.cause`]: "filtered" },
      ["needed-api", "outbound-mismatch"],
    ],
    [
      "the kernel lets out what UFW's settings deny",
      { "host.firewall.outgoingPolicies.1.policy": "accept" },
      ["firewall-outgoing-default"],
    ],
    ["Slack is blocked for the container", { [`${outbound}.needed.1.reached`]: false }, ["needed-api"]],
    [
      "OpenClaw is set up with another AI",
      { "host.openclaw.aiProviders+": { name: "openai" } },
      ["ai-provider", "protected-data-ai"],
    ],
    ["the policy names no AI", { "policy.aiServices": [] }, ["ai-provider", "protected-data-ai"]],
    [
      "the policy names both",
      {
        "host.openclaw.aiProviders+": { name: "openai" },
        "policy.aiServices+": { provider: "openai", data: "drafts of job advertisements" },
      },
      [],
    ],
  ])("fails exactly what belongs to it: %s", (_name, change, expected) => {
    expect(failing(change)).toEqual([...expected].toSorted());
  });
});
