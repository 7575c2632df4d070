import { expect, test } from "vitest";
import { findPlaces } from "#audit/places.ts";
import { adHocRequest } from "#audit/request.ts";
import { vantagesOf } from "#audit/vantages.ts";
import type { ConfiguredVantage } from "#model/config.ts";
import { InputError } from "#model/input-error.ts";

const here: ConfiguredVantage = { id: "internet", role: "outside", via: "local", controls: ["198.51.100.7:22"] };
const office: ConfiguredVantage = {
  id: "office",
  role: "allowed",
  via: "ssh",
  ssh: { host: "192.0.2.1", user: "auditor", identity: "key" },
  controls: ["198.51.100.8:22"],
};

test("this machine and a host over SSH stand in one place each, with controls of their own", () => {
  expect(vantagesOf([here, office], {})).toEqual({
    vantage: { id: "internet", role: "outside" },
    controls: [{ address: "198.51.100.7", port: 22 }],
    tunnels: [
      {
        id: "office",
        role: "allowed",
        ssh: { host: "192.0.2.1", user: "auditor", identity: "key" },
        controls: [{ address: "198.51.100.8", port: 22 }],
      },
    ],
  });
});

test("the command line's login takes the configured one's place, and its controls are for every place", () => {
  const options = { allowedVia: "me@192.0.2.2:2222", identity: "mine", control: ["198.51.100.9:22"] };
  const control = { address: "198.51.100.9", port: 22 };
  const ssh = { host: "192.0.2.2", port: 2222, user: "me", identity: "mine" };
  expect(vantagesOf([here, office], options)).toMatchObject({
    controls: [control],
    tunnels: [{ id: "office", ssh, controls: [control] }],
  });
});

test("both places may be over SSH, and nobody says where this machine stands", () => {
  const { vantage, tunnels } = vantagesOf([], { outsideVia: "a@192.0.2.1", allowedVia: "a@192.0.2.2" });
  expect([vantage, tunnels.map(({ id, role }) => [id, role])]).toEqual([
    undefined,
    [
      ["outside", "outside"],
      ["allowed", "allowed"],
    ],
  ]);
});

test.each([
  ["the role of this machine, over SSH too", { vantage: "allowed" }],
  ["outside, where this machine stands already", { outsideVia: "a@192.0.2.9" }],
  ["what is no login", { allowedVia: "192.0.2.9" }],
  ["one host for both", { vantage: undefined, outsideVia: "x@192.0.2.1" }],
] as const)("%s is refused", (name, options) => {
  const configured = name === "one host for both" ? [office] : [here, office];
  expect(() => vantagesOf(configured, options)).toThrow(InputError);
});

const around = { signal: new AbortController().signal, now: () => new Date("2026-11-23T00:00:00Z") };
const own = [{ address: "203.0.113.77", family: "ipv4" as const }];

/** A request with a leave for 203.0.113.0/28 and 198.51.100.7. */
function request(options: { readonly host?: string; readonly via?: string; readonly control?: string[] }) {
  const made = adHocRequest(options.host ?? "203.0.113.5", {
    ownAddresses: own.map(({ address }) => address),
    allowedVia: options.via ?? "me@192.0.2.1",
    control: options.control,
  });
  return { ...made, authorisation: { by: "x", reference: "y", addresses: ["203.0.113.0/28", "198.51.100.7"] } };
}

test("the host of a vantage needs no leave", async () => {
  const places = await findPlaces(request({ control: ["198.51.100.7:22"] }), own, around);
  expect(places.addresses).toEqual(["203.0.113.5"]);
  expect(places.isNamed("203.0.113.5")).toBe(true);
});

test("what only this machine may ask of itself is not named for others", async () => {
  const { isNamed } = await findPlaces(request({}), own, around);
  expect(["127.0.0.1", "::1", "203.0.113.77", "169.254.1.1", "fe80::1", "192.0.2.1"].filter(isNamed)).toEqual([]);
});

test.each([
  ["the target as its own vantage", { via: "me@203.0.113.5:2222" }],
  ["a control without leave", { control: ["198.51.100.9:22"] }],
  ["a control on the vantage's host", { via: "me@198.51.100.7", control: ["198.51.100.7:22"] }],
  ["a control on loopback", { control: ["127.0.0.1:22"] }],
  ["a control on this machine", { control: ["203.0.113.77:22"] }],
])("%s is refused before anything is contacted", async (_name, options) => {
  await expect(findPlaces(request(options), own, around)).rejects.toThrow(InputError);
});

test("a server on this machine is not looked at through others", () => {
  expect(() => request({ host: "localhost" })).toThrow(InputError);
});
