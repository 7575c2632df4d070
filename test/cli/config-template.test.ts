import { expect, test } from "vitest";
import { parseConfig } from "#catalog/config.ts";
import { configTemplate, type InitAnswers } from "#cli/config-template.ts";

const least: InitAnswers = {
  id: "claw",
  host: "localhost",
  pattern: undefined,
  adminUrl: undefined,
  ssh: undefined,
  authorisedBy: undefined,
  addresses: [],
  schemaFile: "/opt/sekisho/config-1.json",
};

const full: InitAnswers = {
  ...least,
  host: "claw.example.jp",
  pattern: "vps",
  adminUrl: "https://claw.example.jp/",
  ssh: { user: "ops", host: "claw.example.jp", port: 2222 },
  authorisedBy: 'Hanako "H" Sato: CISO, contract #114',
  addresses: ["203.0.113.5", "2001:db8::5"],
};

test.each(["en", "ja"] as const)("the least answers give a valid file in %s", (locale) => {
  expect(parseConfig(configTemplate(least, locale), "sekisho.yaml")).toEqual({
    version: 1,
    targets: [{ id: "claw", host: "localhost" }],
    policy: { openPorts: [], neededServices: [] },
    profile: "standard",
  });
});

test("every answer is in the file as it was given", () => {
  expect(parseConfig(configTemplate(full, "en"), "sekisho.yaml")).toEqual({
    version: 1,
    targets: [
      {
        id: "claw",
        host: "claw.example.jp",
        pattern: "vps",
        adminUrl: "https://claw.example.jp/",
        ssh: { user: "ops", host: "claw.example.jp", port: 2222 },
      },
    ],
    policy: { openPorts: [], neededServices: [] },
    authorisation: {
      by: 'Hanako "H" Sato: CISO',
      reference: "contract #114",
      addresses: ["203.0.113.5", "2001:db8::5"],
    },
    profile: "standard",
  });
});

test("every commented example is valid when it is taken up", () => {
  const text = configTemplate(full, "en").replace(/^(\s*)openPorts: \[\]\n/m, "");
  const taken = text
    .split("\n")
    .filter((line) => !/^\s*# .*\.$/.test(line) && !line.includes("yaml-language-server"))
    .map((line) => line.replace(/^(\s*)# /, "$1"))
    .join("\n");
  const config = parseConfig(taken, "sekisho.yaml");
  expect(config.vantages).toEqual([
    { id: "internet", role: "outside", via: "local" },
    { id: "office", role: "allowed", via: "ssh", ssh: { host: "bastion.example.jp", user: "auditor" } },
  ]);
  expect(config.policy).toMatchObject({
    workloads: 2,
    openPorts: [{ port: 51820, protocol: "udp", reason: "WireGuard" }],
  });
  expect(config.policy?.attestors).toMatchObject([{ name: "Hanako Sato", role: "operator" }]);
  expect(config.attestations).toBe("attestations.yaml");
  expect(config.targets[0]?.ssh).toMatchObject({ identity: "~/.ssh/id_ed25519", jump: "ops@bastion.example.jp" });
});
