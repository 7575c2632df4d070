import { describe, expect, test } from "vitest";
import type { Firewall } from "#evidence/host.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { output, read, value } from "./capture.ts";
import { saved } from "./saved-rules.ts";

describe("the default for what goes out", () => {
  const firewall = (kernel: string, ipv4: string, { ipv6 = ipv4, addresses = "" } = {}): Firewall =>
    value(
      read(
        output([
          ["firewall.kernel", kernel],
          ["firewall.nft", '{"nftables": []}'],
          ["firewall.ipv4", ipv4],
          ["firewall.ipv6", ipv6],
          ["addresses", addresses],
        ]),
      ),
      "firewall",
    ) as Firewall;

  test.each<[string, string, Firewall["outgoingDeclared"]]>([
    ["denied", "ufw yes\nufw output DROP\n", "drop"],
    ["rejected", "ufw yes\nufw output REJECT\n", "reject"],
    ["allowed", "ufw yes\nufw output ACCEPT\n", "accept"],
    ["of a UFW that is off", "ufw no\nufw output DROP\n", ""],
    ["without UFW", "program nft\n", ""],
    ["said twice", "ufw yes\nufw output DROP\nufw output ACCEPT\n", { $unknown: "/etc/default/ufw does not say" }],
    ["not said", "ufw yes\n", { $unknown: "/etc/default/ufw does not say" }],
  ])("%s by UFW's settings", (_name, kernel, expected) => {
    const bytes = kernel.replace("program nft\n", "");
    expect(firewall(bytes, saved()).outgoingDeclared).toEqual(expected);
  });

  test("by the kernel, of each family", () => {
    const open = saved().replace(":OUTPUT DROP", ":OUTPUT ACCEPT");
    const named = saved("-A OUTPUT -d 203.0.113.9/32 -j ACCEPT", "-A OUTPUT -o lo -j ACCEPT");
    const policies = (ipv4: string, ipv6 = ipv4) => firewall("", ipv4, { ipv6 }).outgoingPolicies;
    expect(policies(named, open)).toEqual([
      { family: "ipv4", policy: "drop" },
      { family: "ipv6", policy: "accept" },
    ]);
    expect(policies(saved("-A OUTPUT -j ACCEPT"))[0]).toEqual({ family: "ipv4", policy: "accept" });
    expect(policies(saved("-A OUTPUT -j REJECT"))[0]).toEqual({ family: "ipv4", policy: "reject" });
    expect(seen(policies(`${saved()}\nnoise`)).every(({ policy }) => isUnknown(policy))).toBe(true);
    expect(firewall("no ipv6\n", saved()).outgoingPolicies).toHaveLength(1);
  });

  const on = (name: string, at: number, address: string) =>
    `${at}: ${name}    inet ${address}/24 scope global ${name}\\       valid_lft forever preferred_lft forever`;
  const addresses = [on("eth0", 2, "10.0.0.5"), on("eth1", 3, "203.0.113.5"), on("wg0", 4, "10.8.0.1")].join("\n");

  test.each([
    ["eth0", "accept"],
    ["eth1", "accept"],
    ["wg0", "drop"],
  ])("is the most that any network interface lets out: %s", (name, expected) => {
    const [first] = firewall("", saved(`-A OUTPUT -o ${name} -j ACCEPT`), { addresses }).outgoingPolicies;
    expect(first).toEqual({ family: "ipv4", policy: expected });
  });

  test("is found however often chains call each other", () => {
    const chains = Array.from({ length: 20 }, (_, index) => `:c${index} - [0:0]`);
    const calls = Array.from({ length: 19 }, (_, from) => Array(9).fill(`-A c${from} -j c${from + 1}`)).flat();
    const rules = ["-A OUTPUT -j c0", ...calls, "-A c19 -j c0", "-A c19 -j ACCEPT"];
    const text = saved(...rules).replace(":OUTPUT DROP [0:0]", `:OUTPUT DROP [0:0]\n${chains.join("\n")}`);
    expect(firewall("", text).outgoingPolicies[0]).toEqual({ family: "ipv4", policy: "accept" });
  });
});
