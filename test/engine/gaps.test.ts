import { describe, expect, test } from "vitest";
import { absent, failed, notAttempted, observed } from "#model/attempt.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import { bundle, look, scan, vantage } from "./bundles.ts";
import { judge } from "./judged.ts";
import { rule } from "./rules.ts";

/** A complete look at one HTTP server, of which only `/` was asked. */
const pageOf = (address: string) => [
  look("outside", "tcp", observed([scan(address, [443])])),
  look("outside", "http", observed([{ address, port: 443, openclaw: { $unknown: "only / was asked" } }])),
];

describe("a gap says what was not seen, why, and what to do", () => {
  const findingFor = (that: string, of: EvidenceBundle) => {
    const [finding] = judge(of, { rules: [rule("x", { requirement: "NET-9", lines: [[that, "m"]] })] }).findings;
    return finding;
  };
  const inside = [vantage("host", "inside")];

  test.each<readonly [string, EvidenceBundle, string, RegExp, RegExp]>([
    [
      "policy.workloads == 1",
      bundle(),
      "notchecked",
      /^not declared in policy: workloads$/,
      /Add `policy.workloads` to sekisho.yaml/,
    ],
    [
      "target.pattern == 'vps'",
      bundle(),
      "notchecked",
      /^not declared for the target: pattern$/,
      /Add `pattern` to the target/,
    ],
    [
      "outside.icmp.all(i, i.answered)",
      bundle(),
      "notchecked",
      /^no vantage with role outside looked$/,
      /collect --vantage outside/,
    ],
    [
      "allowed.icmp.all(i, i.answered)",
      bundle(),
      "notchecked",
      /^no vantage with role allowed looked$/,
      /collect --vantage allowed/,
    ],
    ["host.cpu.cores > 1", bundle(), "notchecked", /^nobody looked on the host itself$/, /sekisho script/],
    [
      "host.cpu.cores > 1",
      bundle({ vantages: inside }),
      "notchecked",
      /^no attempt was made to see cpu$/,
      /sekisho script/,
    ],
    [
      "host.cpu.cores > 1",
      bundle({ vantages: inside, evidence: [look("host", "cpu", notAttempted("no login was given"))] }),
      "notchecked",
      /host\/cpu was not attempted: no login was given/,
      /sekisho script/,
    ],
    [
      "host.cpu.cores > 1",
      bundle({ vantages: inside, evidence: [look("host", "cpu", failed("denied", "no"))] }),
      "unknown",
      /host\/cpu failed \(denied\): no/,
      /sekisho sudoers/,
    ],
    [
      "host.cpu.cores > 1",
      bundle({ vantages: inside, evidence: [look("host", "cpu", failed("bug", "oops"))] }),
      "unknown",
      /failed \(bug\)/,
      /fault of sekisho/,
    ],
    [
      "host.cpu.cores > 1",
      bundle({ vantages: inside, evidence: [look("host", "cpu", failed("timeout", "slow"))] }),
      "unknown",
      /failed \(timeout\)/,
      /collect/,
    ],
    [
      "host.firewall.active",
      bundle({
        vantages: inside,
        evidence: [look("host", "firewall", observed({ active: { $unknown: "nft needs root" } }))],
      }),
      "unknown",
      /^nft needs root$/,
      /sekisho sudoers/,
    ],
    [
      "host.openclaw.bind == 'lan'",
      bundle({ vantages: inside, evidence: [look("host", "openclaw", absent("no unit"))] }),
      "unknown",
      /host\/openclaw found nothing: no unit/,
      /./,
    ],
    [
      "outside.tcp.all(t, t.open.all(p, p.port == 22))",
      bundle({
        vantages: [vantage("outside")],
        evidence: [
          look("outside", "tcp", observed([scan("203.0.113.5", [], { control: { established: false, how: "" } })])),
        ],
      }),
      "unknown",
      /silence at 203.0.113.5 came from the target/,
      /Collect again from outside the network with `--control ADDRESS:22`/,
    ],
    [
      "host.cpu.cores > 1",
      bundle({
        vantages: inside,
        evidence: [
          look("host", "cpu", failed("denied", "no key was accepted")),
          look("host", "disks", failed("denied", "no key was accepted")),
        ],
      }),
      "unknown",
      /no key was accepted/,
      /what kept the login/,
    ],
    [
      "outside.http.all(h, !h.openclaw)",
      bundle({ vantages: [vantage("outside")], evidence: pageOf("203.0.113.5") }),
      "unknown",
      /only \/ was asked/,
      /Add `adminUrl`.* to the target/,
    ],
    [
      "outside.http.all(h, !h.openclaw)",
      bundle({
        target: { id: "a", names: [], addresses: ["203.0.113.5"], local: false, adminUrl: "https://203.0.113.5/" },
        vantages: [vantage("outside")],
        evidence: pageOf("203.0.113.5"),
      }),
      "unknown",
      /only \/ was asked/,
      /collect --vantage outside/,
    ],
    [
      "network.ssh.all(s, s.port == 22)",
      bundle({
        vantages: [vantage("outside")],
        evidence: [look("outside", "tcp", observed([scan("203.0.113.5", [])])), look("outside", "ssh", observed([]))],
      }),
      "unknown",
      /the port scan was not complete/,
      /vantage allowed/,
    ],
  ])("%s (%#)", (that, of, outcome, reason, remedy) => {
    const finding = findingFor(that, of);
    expect(finding).toMatchObject({ outcome, occurrences: [] });
    expect(finding?.gaps).toHaveLength(1);
    const [gap] = finding?.gaps ?? [];
    expect(gap?.reason.en).toMatch(reason);
    expect(gap?.remedy?.en).toMatch(remedy);
    expect(gap?.reason.ja).toMatch(/[ぁ-んァ-ヶ一-龠]|^nft|^only/);
    expect(gap?.remedy?.ja).toMatch(/[ぁ-んァ-ヶ一-龠]/);
    expect(finding?.observed.en).toMatch(reason);
  });

  test("where several vantages failed, says so for each", () => {
    const vantages = [
      vantage("a", "outside"),
      vantage("b", "outside"),
      vantage("c", "outside"),
      vantage("d", "outside"),
    ];
    const evidence = vantages.map(({ id }) => look(id, "icmp", failed("denied", `no ${id}`)));
    const finding = findingFor("outside.icmp.all(i, i.answered)", bundle({ vantages, evidence }));
    expect(finding?.gaps[0]?.reason.en).toBe(
      "a/icmp failed (denied): no a; b/icmp failed (denied): no b; c/icmp failed (denied): no c; and 1 more",
    );
  });
});
