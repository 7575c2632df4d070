import { describe, expect, test } from "vitest";
import type { Outbound } from "#evidence/outbound.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { captured, output, read } from "./capture.ts";
import { asked, named, names, outboundOf, own, probed, told } from "./outbound-host.ts";

test("a login that cannot enter OpenClaw's network and cannot tell that it is the host's", () => {
  const text = captured("outbound/container")
    .toString("utf8")
    .replaceAll(/process (\d+) net:\[\d+\]/g, "process $1 hidden");
  const found = outboundOf(
    output([
      ["outbound.asked", "needed slack.com 443"],
      ["outbound.names", ""],
      ["outbound.host", ""],
      ["outbound.spaces", /^process \d+ hidden$/m.exec(text)?.[0] ?? ""],
    ]),
  );
  for (const list of [found.needed, found.canaries, found.ai, found.resolvers]) expect(list.some(isUnknown)).toBe(true);
});

describe("where OpenClaw was not seen", () => {
  const visible: readonly [string, string] = ["processes", "1 0 0 0 systemd"];
  const place = (...frames: readonly (readonly [string, string, string?, string?])[]) =>
    outboundOf(output([asked, told, names, ["outbound.host", ""], ...frames]));
  const openings = (found: Outbound) =>
    [found.needed, found.canaries, found.ai, found.resolvers].map((list) => list.filter(isUnknown)[0]?.$unknown);

  test.each<[string, readonly (readonly [string, string, string?, string?])[], RegExp]>([
    ["and docker could not be asked", [visible, ["containers.list", "a password is required", "denied"]], /docker/],
    ["under hidepid", [["processes", "77 1 1000 0 sh"]], /not all processes/],
    ["for it does not run", [visible, ["containers.list", ""]], /no process of it/],
    [
      "but for a unit beside it",
      [visible, ["openclaw.unit", "Id=openclaw-errors.service\nActiveState=active\n"]],
      /root alone/,
    ],
  ])("every list is open: %s", (_name, frames, why) => {
    const unit = "PrivateNetwork=no\nNetworkNamespacePath=\nId=openclaw-errors.service\nJoinsNamespaceOf=\n";
    for (const said of openings(place(...frames, ["outbound.spaces", unit]))) expect(said).toMatch(why);
  });

  test("its own process in the host's network says nothing of a container with another", () => {
    const inspect = captured("docker-20.10.24/published").toString("utf8");
    const line = /^"\/web[^\n]*$/m.exec(inspect)?.[0] ?? "";
    const bridged: readonly [string, string] = ["containers.inspect", line];
    expect(line).toContain("openclaw");
    for (const said of openings(place(visible, own))) expect(String(said)).not.toMatch(/OpenClaw/);
    for (const said of openings(place(visible, bridged, own))) expect(said).toMatch(/container/);
  });
});

test.each([
  "0.0.0.0",
  "127.0.0.1",
  "10.0.0.9",
  "169.254.1.1",
  "100.64.0.9",
  "192.0.2.9",
  "::",
  "fd00::9",
  "::ffff:10.0.0.9",
])("a name that leads to %s was not tried", (address) => {
  const family = address.includes(":") ? "ipv6" : "ipv4";
  const bytes = (row: string) =>
    output([
      asked,
      told,
      ["outbound.names", `name api.openai.com ${family} 0 ${address}`],
      ["outbound.host", row],
      own,
    ]);
  const { ai } = outboundOf(bytes(`try openssl direct api.openai.com 443 ${address} 1 errno 111|`));
  expect(named(ai, false)).toEqual([]);
  expect(seen(ai).some(({ reached }) => isUnknown(reached))).toBe(true);
  const answered = outboundOf(bytes(`try openssl direct api.openai.com 443 ${address} 0 connected|verified|`)).ai;
  expect(named(answered, true)).toHaveLength(1);
});

describe("what takes a connection in place of a server", () => {
  test("a certificate that does not verify: not what is needed, and no proof that what must be out of reach is within", () => {
    const found = probed(
      "try openssl direct slack.com 443 203.0.113.1 1 connected|issuer CN = Box|verify 20 unable to get local issuer certificate|",
      "try openssl direct example.com 443 203.0.113.2 1 connected|verify 20 unable to get local issuer certificate|",
      "try openssl direct api.openai.com 443 203.0.113.3 1 connected|",
    );
    expect(seen(found.needed)).toMatchObject([{ connected: true, reached: false, cause: "untrusted" }]);
    expect(named([...found.canaries, ...found.ai], "unknown")).toContain("host IPv4 example.com");
    expect(named(found.ai, "unknown")).toEqual(["host IPv4 api.openai.com"]);
  });

  test("a name in a certificate cannot pass for what openssl says", () => {
    const found = probed(
      "try openssl direct slack.com 443 203.0.113.1 1 connected|issuer CN = x_verified_|verify 18 self-signed certificate|verified|",
    );
    expect(seen(found.needed)).toMatchObject([{ reached: false, cause: "untrusted" }]);
  });

  test("an address that was asked for as such needs no name", () => {
    const found = probed("try openssl direct 192.0.2.9 443 192.0.2.9 1 connected|verify 64 IP address mismatch|");
    expect(named(found.canaries, true)).toEqual(["host IPv4 192.0.2.9"]);
  });
});

test("a name in a certificate cannot pass for a proxy's refusal", () => {
  const found = probed(
    "try openssl direct 192.0.2.9 443 192.0.2.9 1 connected|issuer CN = s_client: HTTP CONNECT failed|refused by the proxy|verify 18 self-signed certificate|",
  );
  expect(named(found.canaries, true)).toEqual(["host IPv4 192.0.2.9"]);
});

test("a handshake that hangs is no block: the connection stands", () => {
  const found = probed("try openssl direct api.openai.com 443 203.0.113.3 124 connected|");
  expect(named(found.ai, "unknown")).toEqual(["host IPv4 api.openai.com"]);
});

const hex = (text: string) => Buffer.from(text).toString("hex");

test("what fails on the server itself is no block", () => {
  const found = probed(
    "try openssl direct 192.0.2.9 443 192.0.2.9 1 ",
    "try openssl direct api.openai.com 443 203.0.113.3 127 ",
    "try bash direct example.com 443 203.0.113.2 1 No such file or directory|",
    `dns udp 192.0.2.53 . 0 ${hex("bash: line 1: /dev/udp/192.0.2.53/53: No such file or directory\n")}`,
    "dns tcp 192.0.2.53 . 0 ",
  );
  expect(named([...found.canaries, ...found.ai], "unknown")).toHaveLength(3);
  expect(seen(found.resolvers).map(({ protocol, reached }) => [protocol, isUnknown(reached)])).toEqual([
    ["udp", true],
    ["tcp", false],
  ]);
});

test("a resolver that something on the way answers for is not reached for sure", () => {
  const answer = "5e158180000100010000000000020001";
  const reached = (...rows: readonly string[]) =>
    outboundOf(
      output([
        ["outbound.asked", "resolver 8.8.8.8"],
        told,
        ["outbound.host", ["route ipv6 2 unreachable", ...rows].join("\n")],
        own,
      ]),
    ).resolvers.map((one) => (!("$unknown" in one) && typeof one.reached === "boolean" ? one.reached : "unknown"));
  const rows = [`dns udp 8.8.8.8 . 0 ${answer}`, "dns tcp 8.8.8.8 . 0 "];
  expect(reached(...rows, "dns udp 192.0.2.53 . 0 ", "dns tcp 192.0.2.53 . 0 ")).toEqual([true, false]);
  expect(reached(...rows, `dns udp 192.0.2.53 . 0 ${answer}`)).toEqual(["unknown", false]);
  expect(reached(...rows, `dns tcp 192.0.2.53 . 0 0010${answer}`)).toEqual([true, false]);
});

test("a place lacks a family only where the kernel has no way to go", () => {
  const cause = (errno: number) =>
    seen(
      probed("route ipv4 2 unreachable", `try openssl direct 192.0.2.9 443 192.0.2.9 1 errno ${errno}|`).canaries,
    ).find(({ name }) => name === "192.0.2.9")?.cause;
  expect([101, 99, 113].map(cause)).toEqual(["no-family", "no-family", "no-route"]);
});

test("what was not tried is not known", () => {
  const found = probed("route ipv4 0 ");
  expect(named([...found.needed, ...found.canaries, ...found.ai], "unknown")).toHaveLength(4);
  expect(seen(found.resolvers).every(({ reached }) => isUnknown(reached))).toBe(true);
});

test("over a family that a place has, some canary has to be tried", () => {
  const openings = (...rows: readonly string[]) =>
    probed("try openssl direct 192.0.2.9 443 192.0.2.9 124 ", ...rows).canaries.flatMap((one) =>
      "$unknown" in one ? one.$unknown : [],
    );
  expect(openings("route ipv4 0 ", "route ipv6 0 ")).toEqual(["from the host nothing could be tried over IPv6"]);
  expect(openings("route ipv4 0 ", "route ipv6 2 unreachable")).toEqual([]);
});

test("each connection tells where its address lies, and what was asked stands beside them", () => {
  const needed: readonly [string, string] = ["outbound.asked", "needed llm.intra 11434\nneeded 127.0.0.1 11434"];
  const named: readonly [string, string] = ["outbound.names", "name llm.intra ipv4 0 10.0.0.8\nname llm.intra ipv6 2 "];
  const rows = "try bash direct llm.intra 11434 10.0.0.8 0 \ntry bash direct 127.0.0.1 11434 127.0.0.1 0 ";
  const found = outboundOf(output([needed, told, named, ["outbound.host", rows], own]));
  expect(seen(found.needed).map(({ network, towards }) => [network, towards])).toEqual([
    [0, "network"],
    [0, "host"],
  ]);
  expect(found.asked).toEqual(["needed llm.intra 11434", "needed 127.0.0.1 11434"]);
});

describe("a proxy that OpenClaw is told of", () => {
  const by = (line: string, ...rows: readonly string[]) =>
    outboundOf(
      output([asked, ["outbound.proxy", `${line}\nprocess seen`], names, ["outbound.host", rows.join("\n")], own]),
    );

  test("is a way to what is needed, and to what must be out of reach", () => {
    const found = by(
      "proxy http://10.0.0.3:3128",
      "try openssl direct slack.com 443 203.0.113.1 124 ",
      "try openssl proxy slack.com 443 http://10.0.0.3:3128 0 connected|issuer CN = DigiCert|verified|",
      "try openssl direct example.com 443 203.0.113.2 124 ",
      "try openssl proxy example.com 443 http://10.0.0.3:3128 0 connected|verified|",
      "try openssl proxy api.openai.com 443 http://10.0.0.3:3128 1 connected|refused by the proxy 403|verified|",
    );
    expect(seen(found.needed)).toMatchObject([{ way: "proxy", family: "ipv4", towards: "network", reached: true }]);
    expect(named(found.canaries, true)).toEqual(["host proxy example.com"]);
    expect(seen(found.ai).find(({ way }) => way === "proxy")).toMatchObject({ reached: false, cause: "proxy" });
  });

  test("that asks for a password leaves it open", () => {
    const found = by(
      "proxy http://10.0.0.3:3128",
      "try openssl proxy slack.com 443 http://10.0.0.3:3128 1 connected|refused by the proxy 407|verified|",
      "try openssl proxy example.com 443 http://10.0.0.3:3128 1 connected|refused by the proxy 407|verified|",
    );
    expect(named(found.needed, "unknown")).toEqual(["host proxy slack.com"]);
    expect(named(found.canaries, "unknown")).toContain("host proxy example.com");
  });

  test.each(["proxy credentials", "proxy odd", "proxy https://10.0.0.3:3128"])(
    "that cannot be tried leaves both open: %s",
    (line) => {
      const found = by(line, "try openssl direct slack.com 443 203.0.113.1 124 ");
      expect(named(found.needed, "unknown")).toEqual(["host IPv4 slack.com"]);
      expect(found.canaries.some(isUnknown)).toBe(true);
      expect(found.ai.some(isUnknown)).toBe(true);
    },
  );
});

test.each(["http://1.2.3.999", "http://-:99999", "http://..", "\u0000", "proxy"])(
  "takes any proxy's URL for what it is: %j",
  (url) => {
    const bytes = output([
      asked,
      ["outbound.proxy", `proxy ${url}`],
      names,
      ["outbound.host", `try openssl proxy slack.com 443 ${url} 0 x`],
      own,
    ]);
    expect(read(bytes).evidence.find(({ kind }) => kind === "outbound")?.attempt).toMatchObject({ status: "observed" });
  },
);

test("without a policy for it nothing is tried", () => {
  const attempt = read(output([["run", ""]])).evidence.find(({ kind }) => kind === "outbound")?.attempt;
  expect(attempt).toMatchObject({ status: "not_attempted" });
});
