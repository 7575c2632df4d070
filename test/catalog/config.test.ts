import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadConfig, parseConfig } from "#catalog/config.ts";
import { formatPlace, InputError } from "#model/input-error.ts";

const folder = mkdtempSync(join(tmpdir(), "sekisho-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const good = `version: 1
targets:
  - id: claw
    host: claw.example.jp
    addresses: [203.0.113.5, "2001:db8::5"]
    pattern: vps
    adminUrl: https://claw.example.jp/
    ssh: { host: claw.example.jp, port: 22, user: audit, jump: "ops@bastion.example.jp:2222" }
    policy:
      openPorts:
        - { port: 51820, protocol: udp, reason: WireGuard }
vantages:
  - { id: office, role: allowed, via: local }
policy:
  allowedSources: [203.0.113.0/24, 2001:db8:1::/48, 198.51.100.7]
  workloads: 3
  neededServices: [mackerel-agent]
authorisation:
  by: Hanako Sato, CISO
  reference: contract 2026-114
  from: 2026-11-01
  until: 2026-12-31
  addresses: [203.0.113.5]
profile: standard
`;

describe("parseConfig", () => {
  it("reads a full file", () => {
    const config = parseConfig(good, "sekisho.yaml");
    expect(config.targets[0]?.policy?.openPorts).toEqual([{ port: 51820, protocol: "udp", reason: "WireGuard" }]);
    expect(config.authorisation?.until).toBe("2026-12-31");
    expect(config.policy?.allowedSources).toHaveLength(3);
  });

  it("needs no more than a target", () => {
    expect(parseConfig("version: 1\ntargets: [{ id: localhost }]\n", "f")).toEqual({
      version: 1,
      targets: [{ id: "localhost" }],
    });
  });

  it.each<[string, [string, string], string, RegExp, RegExp | undefined]>([
    ["an unknown field", ["pattern: vps", "patern: vps"], "6:5", /unknown field "patern"/, /did you mean "pattern"/],
    [
      "an unknown field of the root",
      ["profile: standard", "profil: standard"],
      "24:1",
      /unknown field "profil"/,
      /"profile"/,
    ],
    ["a field of another place", ["workloads: 3", "reason: x"], "16:3", /unknown field "reason"/, undefined],
    [
      "a wrong value",
      ["role: allowed", "role: allow"],
      "13:25",
      /must be one of outside, allowed/,
      /did you mean "allowed"/,
    ],
    ["a wrong type", ["workloads: 3", "workloads: three"], "16:14", /policy.workloads must be integer/, undefined],
    ["a number below the least", ["workloads: 3", "workloads: 0"], "16:14", />= 1/, undefined],
    ["a port out of range", ["port: 51820", "port: 70000"], "11:19", /<= 65535/, undefined],
    [
      "a bad CIDR",
      ["203.0.113.0/24,", "203.0.113.0/33,"],
      "15:20",
      /policy.allowedSources\[0\]: "203.0.113.0\/33"/,
      /CIDR/,
    ],
    ["a name for a range", ["198.51.100.7]", "office.example.jp]"], "15:53", /neither an address nor a range/, /CIDR/],
    [
      "a bad range in scope",
      ["addresses: [203.0.113.5]", "addresses: [203.0.113.500]"],
      "23:15",
      /authorisation.addresses\[0\]/,
      /CIDR/,
    ],
    ["nothing in scope", ["addresses: [203.0.113.5]", "addresses: []"], "23:14", /fewer than 1/, undefined],
    ["a date that does not exist", ["from: 2026-11-01", "from: 2026-02-30"], "21:9", /a date that exists/, undefined],
    ["a date in another form", ["until: 2026-12-31", "until: 31.12.2026"], "22:10", /YYYY-MM-DD/, undefined],
    [
      "days the wrong way round",
      ["until: 2026-12-31", "until: 2026-10-31"],
      "22:10",
      /before the first day/,
      undefined,
    ],
    ["a name among addresses", ['"2001:db8::5"]', "claw2.example.jp]"], "5:30", /is not an address/, /host/],
    ["a range among addresses", ['"2001:db8::5"]', "2001:db8::/32]"], "5:30", /is not an address/, /prefix/],
    [
      "an admin URL that is none",
      ["https://claw.example.jp/", "claw.example.jp"],
      "7:15",
      /http or https URL/,
      /https:\/\//,
    ],
    [
      "an admin URL of another scheme",
      ["https://claw.example.jp/", "file:///etc/passwd"],
      "7:15",
      /http or https URL/,
      undefined,
    ],
    ["an id that is no file name", ["id: claw", "id: ../claw"], "3:9", /must match/, undefined],
    ["a missing field", [", reason: WireGuard", ""], "11:11", /field "reason" is missing/, undefined],
    ["an empty reason", ["reason: WireGuard", 'reason: ""'], "11:49", /must not be empty/, undefined],
    ["another version", ["version: 1", "version: 2"], "1:10", /version must be 1/, undefined],
    ["no version", ["version: 1\n", ""], "1:1", /field "version" is missing/, undefined],
    [
      "a unit with its suffix",
      ["mackerel-agent", "mackerel-agent.service"],
      "17:20",
      /without .service/,
      /"mackerel-agent"/,
    ],
    [
      "a folder of backups with a space",
      ["  neededServices", "  backups: { paths: [/var/backups, /var/my backups] }\n  neededServices"],
      "",
      /paths\[1\].*is not a folder/,
      undefined,
    ],
    [
      "a job of backups that is a command",
      ["  neededServices", '  backups: { jobs: ["a; b"] }\n  neededServices'],
      "",
      /is not a timer/,
      undefined,
    ],
    [
      "a place over SSH without a login",
      ["  - { id: office, role: allowed, via: local }", "  - { id: office, role: allowed, via: ssh }"],
      "13:39",
      /via: ssh needs a login/,
      /add ssh:/,
    ],
    [
      "a login for this machine",
      [
        "  - { id: office, role: allowed, via: local }",
        "  - { id: office, role: allowed, via: local, ssh: { host: a, user: b } }",
      ],
      "13:51",
      /via: local takes no login/,
      /via: ssh/,
    ],
    [
      "this machine in two places",
      [
        "  - { id: office, role: allowed, via: local }",
        "  - { id: office, role: allowed, via: local }\n  - { id: out, role: outside, via: local }",
      ],
      "14:36",
      /two vantages via local/,
      /via: ssh/,
    ],
    [
      "two places of one role",
      [
        "  - { id: office, role: allowed, via: local }",
        "  - { id: office, role: allowed, via: local }\n  - { id: vpn, role: allowed, via: ssh, ssh: { host: a, user: b } }",
      ],
      "14:22",
      /two vantages with the role allowed/,
      /one for each role/,
    ],
    [
      "two places of one name",
      [
        "  - { id: office, role: allowed, via: local }",
        "  - { id: office, role: allowed, via: local }\n  - { id: office, role: outside, via: ssh, ssh: { host: a, user: b } }",
      ],
      "14:11",
      /names two vantages/,
      /its own id/,
    ],
    ["a duplicate key", ["profile: standard", "profile: a\nprofile: b"], "25:1", /stands twice/, /once/],
    ["a list for a map", ["policy:\n  allowedSources", "policy:\n  - allowedSources"], "", /./, undefined],
  ])("says where and what: %s", (_what, [from, to], place, message, hint) => {
    expect(good).toContain(from);
    const error = errorOf(() => parseConfig(good.replace(from, to), "sekisho.yaml"));
    expect(error.message).toMatch(message);
    if (place !== "") expect(formatPlace(error.place ?? { file: "" })).toBe(`sekisho.yaml:${place}`);
    if (hint !== undefined) expect(error.hint).toMatch(hint);
  });

  it("takes a place here and one over SSH", () => {
    const far =
      "  - { id: vps, role: outside, via: ssh, ssh: { host: v.example, user: me }, controls: [198.51.100.7:22] }";
    const here = "  - { id: office, role: allowed, via: local }";
    const { vantages } = parseConfig(good.replace(here, `${here}\n${far}`), "sekisho.yaml");
    expect(vantages?.map(({ id, via }) => [id, via])).toEqual([
      ["office", "local"],
      ["vps", "ssh"],
    ]);
  });

  const attestor =
    "{ name: Hanako Sato, role: operator, key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGFuIGV4YW1wbGU7IHB1dCB5b3VyIG93biBpbiBoZXJl h }";
  const withAttestors = (...list: readonly string[]) =>
    good.replace("  workloads: 3", `  attestors: [${list.join(", ")}]`);

  it("reads who may state things; one person may do so in several roles", () => {
    const twice = withAttestors(attestor, attestor.replace("operator", "CISO"));
    expect(parseConfig(twice, "f").policy?.attestors?.map(({ role }) => role)).toEqual(["operator", "CISO"]);
  });

  it.each<[string, string, RegExp]>([
    ["a key that is none", withAttestors(attestor.replace("ssh-ed25519", "")), /attestors\[0\]\.key: is no public key/],
    ["a key of another type", withAttestors(attestor.replace("ssh-ed25519", "ssh-rsa")), /called ssh-rsa/],
    [
      "a key of two people",
      withAttestors(attestor, attestor.replace("Hanako", "Taro")),
      /attestors\[1\]\.key: is also the key of Hanako Sato/,
    ],
    ["nobody's key", withAttestors(attestor.replace("Hanako Sato", '" "')), /must match/],
  ])("refuses %s", (_what, text, message) => {
    const error = errorOf(() => parseConfig(text, "f"));
    expect(error.message).toMatch(message);
    expect(error.place).toMatchObject({ file: "f", line: 16 });
  });

  const waiver = "{ rule: open-port, reason: replaced in March, by: Hanako Sato, from: 2026-11-20, until: 2027-03-31 }";
  const withWaivers = (...list: readonly string[]) => good.replace("  workloads: 3", `  waivers: [${list.join(", ")}]`);
  const known = () => new Set(["open-port", "ubuntu-release"]);

  it("reads waivers, of a year at most", () => {
    const longest = waiver.replace("2027-03-31", "2027-11-20");
    expect(parseConfig(withWaivers(waiver, longest), "f", known).policy?.waivers).toHaveLength(2);
  });

  it.each<[string, string, RegExp, RegExp]>([
    [
      "a rule that is misspelt",
      waiver.replace("open-port", "open-prot"),
      /waivers\[0\]\.rule: there is no rule "open-prot"/,
      /"open-port"/,
    ],
    ["a rule that is nowhere", waiver.replace("open-port", "everything"), /no rule "everything"/, /sekisho rules list/],
    ["an end before the start", waiver.replace("2027-03-31", "2026-11-19"), /2026-11-19 is before/, /^$/],
    [
      "more than a year",
      waiver.replace("2027-03-31", "2027-11-21"),
      /more than a year after/,
      /2027-11-20 at the latest/,
    ],
    ["no reason", waiver.replace("replaced in March", '""'), /waivers\[0\]\.reason/, /^/],
    ["no end", waiver.replace(", until: 2027-03-31", ""), /waivers\[0\].*until/, /^/],
  ])("refuses a waiver with %s", (_what, text, message, hint) => {
    const error = errorOf(() => parseConfig(withWaivers(text), "f", known));
    expect(error.message).toMatch(message);
    expect(error.hint ?? "").toMatch(hint);
  });

  it("refuses two targets of one id, and one port declared twice", () => {
    const twice = "version: 1\ntargets: [{ id: a }, { id: a }]\n";
    expect(errorOf(() => parseConfig(twice, "f")).place).toEqual({ file: "f", line: 2, column: 28 });
    const port = "{ port: 1194, protocol: udp, reason: VPN }";
    const ports = `version: 1\ntargets: [{ id: a }]\npolicy:\n  openPorts:\n    - ${port}\n    - ${port}\n`;
    expect(errorOf(() => parseConfig(ports, "f")).message).toContain("1194/udp is declared twice");
  });

  it("is total: any text is a configuration or an InputError", () => {
    const line = fc.constantFrom(
      "version: 1",
      "targets:",
      "  - id: a",
      "    host: b",
      "policy:",
      "  workloads: 1",
      "profile: x",
      "  allowedSources: [a]",
      "    addresses: [1]",
      "- x",
      "authorisation: null",
      "vantages: []",
    );
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n")),
      fc.json(),
    );
    fc.assert(
      fc.property(text, (source) => {
        try {
          expect(parseConfig(source, "f").version).toBe(1);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("loadConfig", () => {
  it("reads a file", () => {
    const file = join(folder, "sekisho.yaml");
    writeFileSync(file, good);
    expect(loadConfig(file).profile).toBe("standard");
  });

  it("names a file that is not there, a directory, and one that is not text", () => {
    expect(errorOf(() => loadConfig(join(folder, "none.yaml"))).message).toContain("no such file");
    expect(errorOf(() => loadConfig(folder)).message).toContain("directory");
    const file = join(folder, "binary.yaml");
    writeFileSync(file, new Uint8Array([0xff, 0xfe, 0x00]));
    expect(errorOf(() => loadConfig(file))).toMatchObject({ message: "file is not UTF-8 text", place: { file } });
    writeFileSync(file, "#".repeat(1_000_001));
    expect(errorOf(() => loadConfig(file)).message).toContain("larger");
  });
});

function errorOf(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("expected an InputError");
}
