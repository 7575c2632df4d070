import { expect, test } from "vitest";
import { adHocRequest, configuredRequests, safeId } from "#audit/request.ts";
import { parseConfig } from "#catalog/config.ts";
import { InputError } from "#model/input-error.ts";

const own = { ownAddresses: ["127.0.0.1", "192.0.2.7"] };
const config = parseConfig(
  `version: 1
targets:
  - id: claw
    host: claw.example.jp
    addresses: ["2001:DB8::5"]
    adminUrl: https://admin.example.jp/
    ssh: { host: claw.example.jp, user: ops }
    policy: { workloads: 3 }
  - { id: office, host: 192.0.2.7 }
vantages: [{ id: internet, role: outside, via: local }]
policy: { workloads: 1, personalData: true }
authorisation: { by: Hanako Sato, reference: contract 114, addresses: [203.0.113.0/28] }
profile: enterprise
`,
  "sekisho.yaml",
);

test("a configured target has its own policy over the common one, and no exceptions it did not name", () => {
  const [claw] = configuredRequests(config, ["claw"], own);
  expect(claw).toEqual({
    target: {
      id: "claw",
      names: ["claw.example.jp", "admin.example.jp"],
      addresses: ["2001:db8::5"],
      local: false,
      adminUrl: "https://admin.example.jp/",
      ssh: { host: "claw.example.jp", user: "ops" },
    },
    policy: { workloads: 3, personalData: true, openPorts: [], neededServices: [] },
    authorisation: config.authorisation,
    vantage: { id: "internet", role: "outside" },
    controls: [],
    tunnels: [],
    profile: "enterprise",
  });
});

test("one's own address is this machine", () => {
  const [office] = configuredRequests(config, ["office"], own);
  expect(office?.target).toMatchObject({ local: true, names: [] });
  expect(adHocRequest("localhost", own).target).toMatchObject({ local: true, names: [], addresses: [] });
  expect(adHocRequest("192.0.2.8", own).target).toMatchObject({ local: false, addresses: ["192.0.2.8"] });
});

test("flags outrank the file", () => {
  const options = {
    ...own,
    ssh: "root@192.0.2.9:2222",
    identity: "key",
    jump: "j@b",
    vantage: "allowed",
    profile: "standard",
  } as const;
  const [claw] = configuredRequests(config, ["claw"], options);
  expect(claw?.target.ssh).toEqual({ user: "root", host: "192.0.2.9", port: 2222, identity: "key", jump: "j@b" });
  expect(claw?.vantage).toEqual({ id: "internet", role: "allowed" });
  expect(claw?.profile).toBe("standard");
});

test("an ad hoc audit knows nothing that was not said", () => {
  expect(
    adHocRequest("claw.example.jp", { ...own, authorisedBy: "Hanako Sato (CISO), contract 114, annex 2" }),
  ).toEqual({
    target: { id: "claw.example.jp", names: ["claw.example.jp"], addresses: [], local: false },
    policy: { openPorts: [], neededServices: [] },
    authorisation: { by: "Hanako Sato (CISO)", reference: "contract 114, annex 2", addresses: [] },
    vantage: undefined,
    controls: [],
    tunnels: [],
    profile: "standard",
  });
});

test.each([
  ["a name the file does not hold", () => configuredRequests(config, ["nobody"], own)],
  ["--ssh with several targets", () => configuredRequests(config, [], { ...own, ssh: "a@b" })],
  ["an authorisation without a reference", () => adHocRequest("a", { ...own, authorisedBy: "Hanako" })],
  ["an authorisation without a person", () => adHocRequest("a", { ...own, authorisedBy: ", contract" })],
])("%s is refused", (_name, ask) => {
  expect(ask).toThrow(InputError);
});

test.each([
  ["2001:db8::5", "2001-db8-5"],
  ["claw.example.jp", "claw.example.jp"],
  ["../../etc/passwd", "etc-passwd"],
  ["関所", "target"],
])("the id of %s is fit for a file name", (name, id) => {
  expect(safeId(name)).toBe(id);
});

test.each([
  ["198.51.100.7:443", { address: "198.51.100.7", port: 443 }],
  ["[2001:DB8::7]:22", { address: "2001:db8::7", port: 22 }],
])("the control %s is read", (text, control) => {
  expect(adHocRequest("192.0.2.8", { ...own, control: [text] }).controls).toEqual([control]);
});

test.each(["198.51.100.7", "example.jp:443", "198.51.100.7:0", ":443", "198.51.100.7:70000"])(
  "the control %s is refused",
  (text) => {
    expect(() => adHocRequest("192.0.2.8", { ...own, control: [text] })).toThrow(InputError);
  },
);
