import fc from "fast-check";

type Family = "ipv4" | "ipv6";

/** Where connections are tried to: beyond one link, and in the network of another. */
export const targets = {
  ipv4: ["10.98.8.1", "198.51.100.7", "203.0.113.9", "10.98.9.1"],
  ipv6: ["fd98:8::1", "2001:db8:7::7", "2001:db8:ffff::9", "fd98:9::1"],
} as const;
export const tcpPorts = [22, 80, 443, 8080] as const;
/** The host's own addresses on its links, and that of the container behind it. */
export const own = { ipv4: ["10.98.8.2", "10.98.9.2"], ipv6: ["fd98:8::2", "fd98:9::2"] } as const;
export const box = { ipv4: "10.97.0.2", ipv6: "fd97::2" } as const;

const networks = {
  ipv4: ["198.51.100.0/24", "198.51.100.7/32", "10.98.8.0/23", "203.0.113.0/25", "192.0.2.0/24"],
  ipv6: ["2001:db8:7::/48", "2001:db8:7::7/128", "fd98:8::/31", "2001:db8::/33", "2001:db8:eeee::/48"],
} as const;
const senders = {
  ipv4: ["10.98.8.2/32", "10.97.0.0/24", "10.98.0.0/16"],
  ipv6: ["fd98:8::2/128", "fd97::/64", "fd98::/16"],
} as const;

const words = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((list) => list.filter((part) => part !== "").join(" "));
const seldom = (...choices: string[]) => fc.constantFrom("", "", "", ...choices);

/** The filter table of iptables-restore(8) or ip6tables-restore(8), for what the host sends and what it passes on. */
export function iptables(family: Family): fc.Arbitrary<string> {
  const destination = seldom(
    ...networks[family].flatMap((network) => [`-d ${network}`, `! -d ${network}`]),
    "-m addrtype --dst-type LOCAL",
    "-m addrtype ! --dst-type LOCAL",
  );
  const source = seldom(...senders[family].flatMap((network) => [`-s ${network}`, `! -s ${network}`]));
  const protocol = fc.constantFrom(
    "",
    "-p tcp",
    "-p tcp -m tcp --dport 443",
    "-p tcp -m tcp ! --dport 443",
    "-p tcp -m multiport --dports 22,8000:9000",
    "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN",
    "-p udp -m udp --dport 53",
    "-p udp",
    "! -p tcp",
    family === "ipv6" ? "-m rt --rt-type 0" : "",
  );
  const towards = seldom("-o vb", "-o vc", "! -o vb", "-o v+", "-o lo", "! -o lo");
  const from = seldom("-i docker0", "! -i docker0", "-i vb");
  const state = seldom("-m conntrack --ctstate NEW", "-m conntrack ! --ctstate NEW", "-m state --state INVALID");
  const end = (...more: string[]) =>
    fc.constantFrom("-j ACCEPT", "-j DROP", "-j REJECT", "-j RETURN", "-j LOG", "", ...more);
  const rule = (chain: string, ...more: string[]) =>
    words(fc.constant(`-A ${chain}`), towards, source, destination, protocol, state, end(...more));
  const onward = (...more: string[]) =>
    words(fc.constant("-A FORWARD"), from, towards, source, destination, protocol, state, end(...more));
  // Whoever gets out can talk, and finds the next hop.
  const talks = (chain: string) => [
    `-A ${chain} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
    ...(family === "ipv6" ? [`-A ${chain} -p ipv6-icmp -j ACCEPT`] : []),
  ];
  const policy = fc.constantFrom("ACCEPT", "DROP");
  return fc
    .record({
      policies: fc.tuple(policy, policy),
      output: fc.array(rule("OUTPUT", "-j A", "-j B", "-g A", "-g A"), { maxLength: 6 }),
      forward: fc.array(onward("-j A", "-j B", "-g A", "-g A"), { maxLength: 6 }),
      a: fc.array(rule("A", "-j B", "-g B"), { maxLength: 4 }),
      b: fc.array(rule("B"), { maxLength: 3 }),
      mangle: fc.array(
        words(
          fc.constantFrom("-A OUTPUT", "-A FORWARD", "-A POSTROUTING"),
          destination,
          protocol,
          state,
          seldom("-j DROP", "-j RETURN"),
        ),
        { maxLength: 2 },
      ),
    })
    .map(({ policies: [sends, passes], output, forward, a, b, mangle }) =>
      [
        "*mangle",
        ":OUTPUT ACCEPT [0:0]",
        ":FORWARD ACCEPT [0:0]",
        ":POSTROUTING ACCEPT [0:0]",
        ...["OUTPUT", "FORWARD", "POSTROUTING"].flatMap(talks),
        ...mangle,
        "COMMIT",
        "*filter",
        ":INPUT ACCEPT [0:0]",
        `:FORWARD ${passes} [0:0]`,
        `:OUTPUT ${sends} [0:0]`,
        ":A - [0:0]",
        ":B - [0:0]",
        ...talks("OUTPUT"),
        ...talks("FORWARD"),
        ...output,
        ...forward,
        ...a,
        ...b,
        "COMMIT",
        "",
      ].join("\n"),
    );
}

/** A ruleset of nft(8): two tables whose chains stand at output, forward and postrouting, with sets, maps of verdicts and jumps. */
export function nft(): fc.Arbitrary<string> {
  const addresses = fc.constantFrom(
    "",
    "",
    "ip daddr 198.51.100.0/24",
    "ip daddr != 198.51.100.7",
    "ip daddr { 10.98.8.0/24, 203.0.113.1-203.0.113.20 }",
    "ip daddr @known",
    "ip daddr != @known",
    "ip saddr 10.97.0.0/24",
    "ip saddr != 10.98.0.0/16",
    "ip6 daddr 2001:db8:7::/48",
    "ip6 daddr != { 2001:db8:7::7, fd98:8::/32 }",
    "ip6 saddr fd97::/64",
    "meta nfproto ipv4",
    "meta nfproto ipv6",
    "fib daddr type local",
    "fib daddr type != local",
  );
  const protocol = fc.constantFrom(
    "",
    "",
    "tcp dport 443",
    "tcp dport { 22, 8000-9000 }",
    "tcp dport != 443",
    "tcp dport @doors",
    "udp dport 53",
    "meta l4proto tcp",
    "meta l4proto { tcp, udp } th dport 53",
    "meta l4proto != udp",
  );
  const links = seldom("oifname vb", 'oifname "v*"', "oifname != vb", "oif vc", "oifname { lo, vc }");
  const arrival = seldom("iifname docker0", "iifname != docker0", "iif vb");
  const state = seldom("ct state new", "ct state != new", "ct state invalid", "ct state { new, untracked }");
  const verdict = (chains: readonly string[]) =>
    fc.constantFrom("accept", "accept", "drop", "reject", "return", "counter", "log", "counter drop", ...chains);
  const map = (chains: readonly string[]) =>
    fc.constantFrom(
      "tcp dport vmap { 22 : accept, 80 : drop, 443-8080 : accept }",
      "ct state vmap { established : accept, new : return, invalid : drop }",
      "ip daddr vmap { 10.98.8.0/24 : accept, 198.51.100.7 : drop }",
      "oifname vmap { vb : accept, lo : drop }",
      ...chains.map((chain) => `tcp dport vmap { 22 : ${chain}, 443 : drop }`),
    );
  const rule = (near: fc.Arbitrary<string>, ...chains: string[]) =>
    fc.oneof(
      { weight: 6, arbitrary: words(near, links, addresses, protocol, state, verdict(chains)) },
      { weight: 1, arbitrary: map(chains) },
    );
  const nothing = fc.constant("");
  const base = (hook: string, priority: number, { policy, rules }: { policy: string; rules: readonly string[] }) =>
    `chain at_${hook} {\ntype filter hook ${hook} priority ${priority}; policy ${policy};\nmeta l4proto ipv6-icmp accept\nct state established,related accept\n${rules.join("\n")}\n}`;
  const chain = (near: fc.Arbitrary<string>, maxLength: number, ...chains: string[]) =>
    fc.record({ policy: fc.constantFrom("accept", "drop"), rules: fc.array(rule(near, ...chains), { maxLength }) });
  return fc
    .record({
      output: chain(nothing, 6, "jump a", "jump b", "goto a"),
      forward: chain(arrival, 6, "jump a", "jump b", "goto a"),
      a: fc.array(rule(nothing, "jump b", "goto b"), { maxLength: 4 }),
      b: fc.array(rule(nothing), { maxLength: 3 }),
      second: fc.option(chain(nothing, 2)),
    })
    .map(({ output, forward, a, b, second }) => {
      const sets =
        "set known { type ipv4_addr; flags interval; elements = { 10.98.0.0/16, 203.0.113.0/24 }; }\nset doors { type inet_service; elements = { 22, 443 }; }";
      const own = `table inet own {\n${sets}\nchain b {\n${b.join("\n")}\n}\nchain a {\n${a.join("\n")}\n}\n${base("output", 0, output)}\n${base("forward", 0, forward)}\n}`;
      return second === null
        ? own
        : `${own}\ntable inet other {\n${sets}\n${base("postrouting", 10, { ...second, rules: second.rules.map((text) => text.replace(/reject$/, "drop")) })}\n}`;
    });
}
