import fc from "fast-check";

/** One try to get in. */
export interface Door {
  readonly protocol: "tcp" | "udp";
  readonly source: string;
  readonly destination: string;
  readonly port: number;
}

export const tcpPorts = [22, 80, 443, 3306, 8080] as const;
export const udpPorts = [53, 443, 51820] as const;
/** The host that filters, and those that come to it, by family. */
export const host = { ipv4: "10.99.8.2", ipv6: "fd99:8::2" } as const;
export const strangers = {
  ipv4: ["10.99.8.1", "10.99.9.7", "198.51.100.7"],
  ipv6: ["fd99:8::1", "fd99:9::7", "2001:db8:7::7"],
} as const;
/** Networks that hold some of them. */
const networks = {
  ipv4: ["10.99.8.0/24", "10.99.8.0/23", "198.51.100.0/24", "198.51.100.7/32", "203.0.113.0/24"],
  ipv6: ["fd99:8::/64", "fd99:8::/31", "2001:db8::/32", "2001:db8:7::7/128", "2001:db8:ffff::/48"],
} as const;

type Family = keyof typeof networks;

const words = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((list) => list.filter((part) => part !== "").join(" "));

/** The filter table of iptables-restore(8) or ip6tables-restore(8). */
export function iptables(family: Family): fc.Arbitrary<string> {
  const source = fc.constantFrom(
    "",
    "",
    ...networks[family].flatMap((network) => [`-s ${network}`, `! -s ${network}`]),
  );
  const protocol = fc.constantFrom(
    "",
    "-p tcp",
    "-p tcp -m tcp --dport 22",
    "-p tcp -m tcp --dport 80:443",
    "-p tcp -m tcp ! --dport 443",
    "-p tcp -m multiport --dports 22,3306,8000:9000",
    "-p tcp -m multiport ! --dports 22,80",
    "-p udp -m udp --dport 53",
    "-p udp -m multiport --dports 53,443",
    "! -p udp",
  );
  const network = fc.constantFrom("", "", "", "-i vb", "-i lo", "! -i lo", "-i v+", "! -i vb");
  const state = fc.constantFrom(
    "",
    "",
    "",
    "-m conntrack --ctstate RELATED,ESTABLISHED",
    "-m conntrack --ctstate NEW",
    "-m state --state INVALID",
    "-m conntrack ! --ctstate ESTABLISHED",
  );
  const destination = fc.constantFrom(
    "",
    "",
    "",
    `-d ${host[family]}`,
    `! -d ${host[family]}`,
    "-m addrtype --dst-type LOCAL",
  );
  const end = (...targets: string[]) =>
    fc.constantFrom("-j ACCEPT", "-j ACCEPT", "-j DROP", "-j REJECT", "-j RETURN", "-j LOG", "", ...targets);
  const rule = (chain: string, ...targets: string[]) =>
    words(fc.constant(`-A ${chain}`), network, source, destination, protocol, state, end(...targets));
  // Whoever gets in can talk, so that getting in shows.
  const known = "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT";
  const first = family === "ipv6" ? ["-A INPUT -p ipv6-icmp -j ACCEPT", known] : [known];
  return fc
    .record({
      policy: fc.constantFrom("ACCEPT", "DROP", "DROP"),
      input: fc.array(rule("INPUT", "-j A", "-j B", "-g A"), { maxLength: 7 }),
      a: fc.array(rule("A", "-j B", "-g B"), { maxLength: 4 }),
      b: fc.array(rule("B"), { maxLength: 3 }),
    })
    .map(({ policy, input, a, b }) =>
      ["*filter", `:INPUT ${policy} [0:0]`, ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]", ":A - [0:0]", ":B - [0:0]"]
        .concat(first, input, a, b, "COMMIT", "")
        .join("\n"),
    );
}

/** A ruleset of nft(8): base chains of one or two tables, sets, maps of verdicts, jumps. */
export function nft(): fc.Arbitrary<string> {
  const ofIpv4 = words(
    fc.constantFrom(
      "",
      "ip saddr 10.99.8.0/24",
      "ip saddr != 198.51.100.0/24",
      "ip saddr { 10.99.9.7, 198.51.100.0/25, 203.0.113.1-203.0.113.9 }",
      "ip saddr @friends",
      "ip saddr != @friends",
    ),
    fc.constantFrom("", "", "ip daddr 10.99.8.2", "ip daddr != 10.99.8.2"),
  );
  const ofIpv6 = words(
    fc.constantFrom("", "ip6 saddr fd99:8::/31", "ip6 saddr != { 2001:db8::/32 }"),
    fc.constantFrom("", "", "ip6 daddr fd99:8::2"),
  );
  const ofBoth = fc.constantFrom("", "", "meta nfproto ipv4", "meta nfproto ipv6", "fib daddr type local");
  const addresses = fc.oneof({ weight: 3, arbitrary: ofIpv4 }, ofIpv6, { weight: 3, arbitrary: ofBoth });
  const protocol = fc.constantFrom(
    "",
    "tcp dport 22",
    "tcp dport { 22, 80, 3000-9000 }",
    "tcp dport != 443",
    "tcp dport != { 22, 80 }",
    "tcp dport 1-1023",
    "udp dport { 53, 443 }",
    "meta l4proto tcp",
    "meta l4proto { tcp, udp } th dport 443",
    "meta l4proto != udp",
    "tcp dport @doors",
  );
  const network = fc.constantFrom(
    "",
    "",
    "",
    "iifname vb",
    'iifname "v*"',
    "iifname != lo",
    "iif lo",
    "iifname { lo, eth9 }",
  );
  const state = fc.constantFrom(
    "",
    "",
    "",
    "ct state new",
    "ct state established,related",
    "ct state invalid",
    "ct state != new",
  );
  const verdict = (chains: readonly string[]) =>
    fc.constantFrom("accept", "accept", "drop", "reject", "return", "counter", "log", "counter accept", ...chains);
  const map = (chains: readonly string[]) =>
    fc.constantFrom(
      "tcp dport vmap { 22 : accept, 80 : drop, 443-8080 : accept }",
      "ct state vmap { established : accept, related : accept, invalid : drop }",
      "ip saddr vmap { 10.99.8.0/24 : accept, 198.51.100.7 : drop }",
      ...chains.map((chain) => `tcp dport vmap { 22 : ${chain}, 443 : drop }`),
    );
  const rule = (...chains: string[]) =>
    fc.oneof(
      { weight: 6, arbitrary: words(network, addresses, protocol, state, verdict(chains)) },
      { weight: 1, arbitrary: map(chains) },
    );
  const base = (priority: number, rules: readonly string[], policy: string) =>
    `type filter hook input priority ${priority}; policy ${policy};\nicmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\nct state established,related accept\n${rules.join("\n")}`;
  return fc
    .record({
      policy: fc.constantFrom("accept", "drop", "drop"),
      input: fc.array(rule("jump a", "jump b", "goto a"), { maxLength: 7 }),
      a: fc.array(rule("jump b", "goto b"), { maxLength: 4 }),
      b: fc.array(rule(), { maxLength: 3 }),
      second: fc.option(
        fc.record({
          policy: fc.constantFrom("accept", "drop"),
          rules: fc.array(rule(), { minLength: 1, maxLength: 3 }),
        }),
      ),
    })
    .map(({ policy, input, a, b, second }) => {
      const sets = [
        "set friends { type ipv4_addr; flags interval; elements = { 10.99.8.0/24, 203.0.113.0/24 }; }",
        "set doors { type inet_service; elements = { 22, 8080 }; }",
      ];
      const own = `table inet own {\n${sets.join("\n")}\nchain b {\n${b.join("\n")}\n}\nchain a {\n${a.join("\n")}\n}\nchain input {\n${base(0, input, policy)}\n}\n}`;
      if (second === null) return own;
      return `${own}\ntable inet other {\n${sets.join("\n")}\nchain input {\n${base(10, second.rules, second.policy)}\n}\n}`;
    });
}
