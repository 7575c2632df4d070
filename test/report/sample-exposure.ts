import type { Approach, Exposure } from "#model/exposure.ts";

const nothing: Approach = { role: "allowed", state: "unknown", standing: "unproven", findings: [] };

/** A server seen from the internet and from inside; nobody looked from the office. */
export const exposure: Exposure = {
  sides: [
    { role: "outside", vantages: ["internet"], rest: "closed" },
    {
      role: "allowed",
      vantages: [],
      rest: "unknown",
      why: { en: "no look was taken from an allowed place", ja: "許可された接続元からは検査していません" },
    },
  ],
  doors: [
    {
      protocol: "tcp",
      port: 22,
      speaks: ["ssh"],
      listener: "everywhere",
      holder: "sshd",
      filter: "everyone",
      leads: false,
      standing: "against",
      approaches: [
        {
          role: "outside",
          state: "open",
          standing: "against",
          findings: ["ssh-world-open-password", "ssh-not-world-open"],
        },
        nothing,
      ],
      findings: [],
    },
    {
      protocol: "tcp",
      port: 443,
      speaks: ["tls", "http", "openclaw"],
      listener: "everywhere",
      holder: "nginx",
      filter: "some",
      leads: true,
      standing: "unproven",
      approaches: [
        { role: "outside", state: "closed", standing: "required", findings: [] },
        { ...nothing, findings: ["admin-refused-outside"] },
      ],
      findings: [],
    },
    {
      protocol: "tcp",
      port: 3306,
      speaks: [],
      listener: "none",
      filter: "nobody",
      leads: false,
      standing: "against",
      approaches: [
        {
          role: "outside",
          state: "open",
          standing: "against",
          conflict: "unheard",
          findings: ["ports-others-closed"],
        },
        nothing,
      ],
      findings: ["services-needed-only"],
    },
  ],
  moreDoors: 2,
  layers: [
    { id: "firewall", state: "on", name: "ufw", standing: "against", findings: ["ports-others-closed"] },
    { id: "nginx", state: "on", standing: "required", findings: [] },
    {
      id: "openclaw",
      state: "on",
      name: "openclaw",
      container: true,
      standing: "unproven",
      findings: ["container-restart"],
    },
  ],
  exits: [
    { group: "needed", name: "api.anthropic.com", port: 443, state: "reached", standing: "required", findings: [] },
    { group: "canary", name: "2001:db8:51::99", port: 443, state: "blocked", standing: "required", findings: [] },
    { group: "canary", name: "example.com", port: 443, state: "partly", standing: "against", findings: [] },
    ...["api.openai.com", "api.x.ai", "openrouter.ai", "api.mistral.ai"].map((name) => ({
      group: "ai" as const,
      name,
      port: 443,
      state: "unknown" as const,
      standing: "unproven" as const,
      findings: [],
    })),
    { group: "resolver", name: "198.51.100.54", state: "blocked", standing: "required", findings: [] },
  ],
};

/** A server that was only looked at from inside, on which nothing was tried outward. */
export const unlooked: Exposure = {
  sides: [
    { role: "outside", vantages: [], rest: "unknown" },
    { role: "allowed", vantages: [], rest: "unknown" },
  ],
  doors: [],
  moreDoors: 0,
  layers: [
    { id: "firewall", state: "off", standing: "against", findings: [] },
    { id: "nginx", state: "off", standing: "unproven", findings: [] },
    { id: "openclaw", state: "unknown", standing: "unproven", findings: [] },
  ],
  exits: [],
};
