import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Outbound } from "#evidence/outbound.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { output, read, value } from "./capture.ts";
import { saved } from "./saved-rules.ts";

const direct =
  "way 203.0.113.9 via 192.0.2.1 dev eth0 src 192.0.2.10 uid 0 \\    cache\nway 2001:db8::9 from :: via fd00::1 dev eth0 src fd00::10 metric 1024 pref medium";
const onward =
  "way 203.0.113.9 from 172.17.0.2 via 192.0.2.1 dev eth0 \\    cache iif docker0 \nway 2001:db8::9 from fd17::2 via fd00::1 dev eth0 metric 1024 iif docker0 pref medium";

interface Filters {
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly nft?: string;
  readonly kernel?: string;
  readonly host?: string;
  readonly forward?: string;
}

/** What is said of 443/tcp of one address of each family, from the host and from a container: `accept`, or why it is not known. */
function said(filters: Filters): Outbound {
  const { ipv4 = "", ipv6 = "", nft = '{"nftables": []}', kernel = "", host = direct, forward = onward } = filters;
  return value(
    read(
      output([
        ["firewall.kernel", kernel],
        ...(nft === "" ? [] : [["firewall.nft", nft] as const]),
        ["firewall.ipv4", ipv4],
        ["firewall.ipv6", ipv6],
        ["outbound.asked", "canary 203.0.113.9 443\ncanary 2001:db8::9 443\nresolver 203.0.113.9"],
        ["outbound.proxy", "process seen"],
        ["outbound.names", ""],
        ["outbound.host", host],
        ["outbound.spaces", "process 77 net:[1]"],
        ["outbound.within", "net:[1]\nservers "],
        ["outbound.container", ""],
        ["outbound.forward", forward],
      ]),
    ),
    "outbound",
  ) as Outbound;
}

function fate(filters: Filters, connection = "host IPv4"): string {
  const one = seen(said(filters).canaries).find((each) => each.connection === connection);
  if (one === undefined) throw new Error(connection);
  return isUnknown(one.filter) ? one.filter.$unknown : `${one.filter} ${String(one.filterRule)}`;
}

const closed = "drop policy drop of filter OUTPUT";

describe("what the rules say of a connection from the host", () => {
  test.each<[string, readonly string[], string]>([
    ["no rule names it", [], closed],
    [
      "a rule for its address",
      ["-A OUTPUT -d 203.0.113.0/24 -p tcp -m tcp --dport 443 -j ACCEPT"],
      "accept -A OUTPUT -d",
    ],
    ["a rule for another port", ["-A OUTPUT -p tcp -m tcp --dport 80 -j ACCEPT"], closed],
    ["a rule for another protocol", ["-A OUTPUT -p udp -j ACCEPT"], closed],
    ["a rule for the way out", ["-A OUTPUT -o eth0 -j ACCEPT"], "accept -A OUTPUT -o eth0"],
    ["a rule for another way out", ["-A OUTPUT -o wg0 -j ACCEPT"], closed],
    ["a rule for its source", ["-A OUTPUT -s 192.0.2.10/32 -j ACCEPT"], "accept -A OUTPUT -s"],
    ["rules for connections that stand", ["-A OUTPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT"], closed],
    ["a rejection", ["-A OUTPUT -p tcp -j REJECT --reject-with icmp-port-unreachable"], "reject -A OUTPUT -p tcp"],
    [
      "a rule for a user",
      ["-A OUTPUT -m owner --uid-owner 0 -j ACCEPT"],
      "whether a rule applies cannot be told: -A OUTPUT -m owner",
    ],
    [
      "a rule for a set",
      ["-A OUTPUT -m set --match-set known dst -j ACCEPT"],
      "whether a rule applies cannot be told: -A OUTPUT -m set",
    ],
    [
      "a rule for a mark",
      ["-A OUTPUT -m mark --mark 0x1 -j ACCEPT"],
      "whether a rule applies cannot be told: -A OUTPUT -m mark",
    ],
    ["a rule for a user that changes nothing", ["-A OUTPUT -m owner --uid-owner 0 -j DROP"], "drop -A OUTPUT -m owner"],
    [
      "a refusal for a user that does not say it otherwise",
      ["-A OUTPUT -m owner --uid-owner 0 -j REJECT"],
      "reject -A OUTPUT -m owner",
    ],
    [
      "a limit of rate",
      ["-A OUTPUT -m limit --limit 3/min -j ACCEPT"],
      "whether a rule applies cannot be told: -A OUTPUT -m limit",
    ],
    [
      "a user's chain that is left again",
      ["-A OUTPUT -m owner --uid-owner 0 -j own", "-A own -p udp -j ACCEPT", "-A own -j RETURN"],
      closed,
    ],
    [
      "a mark that may send it another way",
      ["-A OUTPUT -j MARK --set-xmark 0x1/0xffffffff", "-A OUTPUT -o eth0 -j ACCEPT"],
      "whether a rule applies cannot be told: -A OUTPUT -o eth0",
    ],
    [
      "a chain that is not there",
      ["-A OUTPUT -j NEVERHEARDOF"],
      "whether a rule applies cannot be told: -A OUTPUT -j NEVER",
    ],
    [
      "a packet handed to a program",
      ["-A OUTPUT -p tcp -j NFQUEUE --queue-num 1"],
      "whether a rule applies cannot be told: -A OUTPUT -p tcp",
    ],
  ])("%s", (_name, rules, expected) => {
    expect(fate({ ipv4: saved(...rules) }).slice(0, expected.length)).toBe(expected);
  });

  test("a drop before the filter's own table", () => {
    const mangle = "*mangle\n:OUTPUT ACCEPT\n-A OUTPUT -d 203.0.113.9/32 -j DROP\nCOMMIT\n";
    expect(fate({ ipv4: `${saved("-A OUTPUT -j ACCEPT")}\n${mangle}` })).toMatch(/^drop -A OUTPUT -d 203/);
  });

  test("a connection that is sent elsewhere", () => {
    const nat = "*nat\n:OUTPUT ACCEPT\n-A OUTPUT -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 3128\nCOMMIT\n";
    expect(fate({ ipv4: `${nat}${saved("-A OUTPUT -j ACCEPT")}` })).toMatch(
      /^it may be sent elsewhere by a rule: -A OUTPUT/,
    );
    const other = nat.replace("443", "80");
    expect(fate({ ipv4: `${other}${saved("-A OUTPUT -j ACCEPT")}` })).toMatch(/^accept/);
  });

  test("a connection that is not followed", () => {
    const raw = "*raw\n:OUTPUT ACCEPT\n-A OUTPUT -j CT --notrack\nCOMMIT\n";
    expect(fate({ ipv4: `${raw}${saved("-A OUTPUT -m conntrack --ctstate NEW -j ACCEPT")}` })).toMatch(
      /^whether a rule/,
    );
  });

  test("the routing header that UFW drops over IPv6 is none that a new connection has", () => {
    const ipv6 = saved("-A OUTPUT -m rt --rt-type 0 -j DROP", "-A OUTPUT -p tcp -j ACCEPT");
    expect(fate({ ipv6 }, "host IPv6")).toBe("accept -A OUTPUT -p tcp -j ACCEPT");
  });

  test("where the way out is not known, a rule for it is not", () => {
    expect(fate({ ipv4: saved("-A OUTPUT -o eth0 -j ACCEPT"), host: "" })).toMatch(/^whether a rule applies/);
    expect(fate({ ipv4: saved("-A OUTPUT -j ACCEPT"), host: "" })).toMatch(/^accept/);
    const ufw = ["-A OUTPUT -o lo -j ACCEPT", "-A OUTPUT -d 203.0.113.9/32 -j ACCEPT"];
    expect(fate({ ipv4: saved(...ufw), host: "" })).toBe("accept -A OUTPUT -d 203.0.113.9/32 -j ACCEPT");
  });

  test("loopback is gone through on both sides", () => {
    const host = "way local 203.0.113.9 dev lo src 203.0.113.9 uid 0 \\    cache <local>";
    expect(fate({ ipv4: saved("-A OUTPUT -o lo -j ACCEPT"), host })).toBe("drop policy drop of filter INPUT");
    expect(fate({ ipv4: saved("-A OUTPUT -o lo -j ACCEPT", "-A INPUT -i lo -j ACCEPT"), host })).toMatch(/^accept/);
  });
});

describe("what cannot be seen of the rules", () => {
  test.each<[string, Filters, RegExp]>([
    ["a line that is not understood", { ipv4: `${saved()}\n-X OUTPUT` }, /^not understood/],
    [
      "nft's tables, of what would be let through",
      { ipv4: saved("-A OUTPUT -j ACCEPT"), nft: "" },
      /^the tables of nft/,
    ],
    ["nft's tables, of what is dropped", { ipv4: saved(), nft: "" }, /^drop/],
    [
      "a table of the device",
      {
        ipv4: saved("-A OUTPUT -j ACCEPT"),
        nft: JSON.stringify({
          nftables: [
            { chain: { family: "netdev", table: "gate", name: "out", hook: "egress", type: "filter", prio: 0 } },
            { rule: { family: "netdev", table: "gate", chain: "out", handle: 1, expr: [{ drop: null }] } },
          ],
        }),
      },
      /^its rules are not followed here: netdev gate/,
    ],
  ])("%s", (_name, filters, expected) => {
    expect(fate(filters)).toMatch(expected);
  });

  test("all of them", () => {
    const bytes = output([
      ["firewall.kernel", "program nft\n"],
      ["firewall.nft", "Operation not permitted", "denied", "1"],
      ["outbound.asked", "canary 203.0.113.9 443"],
      ["outbound.names", ""],
      ["outbound.host", direct],
    ]);
    const [one] = seen((value(read(bytes), "outbound") as Outbound).canaries);
    expect(one?.filter).toEqual({ $unknown: "the packet filter could not be read" });
  });
});

describe("what the rules say of a container's connection", () => {
  const docker = [
    "-A FORWARD -j DOCKER-USER",
    "-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
    "-A FORWARD -i docker0 ! -o docker0 -j ACCEPT",
  ];

  test.each<[string, readonly string[], RegExp]>([
    [
      "Docker's own let it through, whatever OUTPUT says",
      [...docker, "-A DOCKER-USER -j RETURN"],
      /^accept -A FORWARD -i docker0/,
    ],
    ["DOCKER-USER stops it", [...docker, "-A DOCKER-USER -i docker0 -o eth0 -j DROP"], /^drop -A DOCKER-USER/],
    [
      "DOCKER-USER allows it",
      [...docker, "-A DOCKER-USER -d 203.0.113.9/32 -j RETURN", "-A DOCKER-USER -j DROP"],
      /^accept/,
    ],
    [
      "another bridge's rules do not count",
      ["-A FORWARD -i br-0123456789ab -j ACCEPT"],
      /^drop policy drop of filter FORWARD/,
    ],
    ["the host's own do not either", ["-A OUTPUT -j ACCEPT"], /^drop policy drop of filter FORWARD/],
  ])("%s", (_name, rules, expected) => {
    expect(fate({ ipv4: saved(...rules) }, "container IPv4")).toMatch(expected);
    expect(fate({ ipv6: saved(...rules).replace("203.0.113.9/32", "2001:db8::9/128") }, "container IPv6")).toMatch(
      expected,
    );
  });

  test("one that does not pass by the host's own addresses is not told of", () => {
    expect(fate({ ipv4: saved(), forward: "" }, "container IPv4")).toBe("which way its packets take could not be seen");
  });
});

test("a question to a server for names is one over each protocol", () => {
  const { resolvers } = said({ ipv4: saved("-A OUTPUT -p udp -m udp --dport 53 -j ACCEPT") });
  const words = seen(resolvers)
    .filter(({ from }) => from === "host")
    .map(({ protocol, filter }) => `${protocol} ${String(filter)}`);
  expect(words).toEqual(["udp accept", "tcp drop"]);
});

test("whatever the rules and the ways, something is said or it is not known", () => {
  const word = fc.constantFrom(
    "-A",
    "OUTPUT",
    "FORWARD",
    "A",
    "-j",
    "-g",
    "ACCEPT",
    "DROP",
    "!",
    "-o",
    "eth0",
    "-m",
    "--ctstate",
    "NEW",
  );
  const line = fc.oneof(
    fc.array(word, { maxLength: 8 }).map((words) => words.join(" ")),
    fc.string(),
  );
  const way = fc.oneof(fc.constantFrom(direct, onward), fc.string());
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), way, way, (rules, host, forward) => {
      const ipv4 = `${saved("-A OUTPUT -j A", "-A A -j A")}\n${rules.join("\n")}`;
      const all = seen(said({ ipv4: ipv4.replace("COMMIT\n", ""), host, forward }).canaries);
      expect(all.length).toBeGreaterThan(0);
    }),
  );
});
