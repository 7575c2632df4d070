import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readBundle, readReport } from "#audit/bundle-file.ts";
import type { EvidenceBundle } from "#model/bundle.ts";
import type { Report } from "#model/report.ts";
import { type Triangle, up } from "./triangle.ts";

const main = join(import.meta.dirname, "..", "..", "..", "src", "cli", "main.ts");
const jumps = {
  open: "",
  "no forwarding": "AllowTcpForwarding no",
  "443 only": "PermitOpen 10.98.0.2:443",
} as const;
const jumpPort = (kind: keyof typeof jumps) => 2201 + Object.keys(jumps).indexOf(kind);
let lab: Triangle;
let runs = 0;

interface Audited {
  readonly report: Report;
  readonly bundle: EvidenceBundle;
  readonly code: number | null;
  readonly stderr: string;
}

/** Audits the host in one run of the command line. */
async function audit(...flags: readonly string[]): Promise<Audited> {
  runs += 1;
  const out = join(lab.folder, `out-${runs}`);
  const login = ["--ssh", `root@${lab.hostAddress}`, "--identity", join(lab.folder, "key"), "--accept-new-host-key"];
  const leave = ["--authorised-by", "the lab, its own host", "--out", out];
  const ended = await lab.fromScanner(
    [process.execPath, main, "audit", lab.hostAddress, ...login, ...leave, ...flags],
    {
      PATH: process.env["PATH"],
      HOME: lab.folder,
    },
  );
  const files = execFileSync("find", [out, "-name", "*.json"], { encoding: "utf8" }).trim().split("\n");
  const file = (name: string) => files.find((path) => path.endsWith(name)) ?? ended.stderr;
  return { ...ended, report: readReport(file("report.json")), bundle: readBundle(file("evidence.json")) };
}

const via = (kind: keyof typeof jumps) => `root@${lab.jumpAddress}:${jumpPort(kind)}`;

function outcome(report: Report, rule: string): string | undefined {
  return report.findings.find((finding) => finding.rule === rule)?.outcome;
}

function sshd(more: readonly string[]): string {
  const { folder } = lab;
  return [
    `AuthorizedKeysFile ${folder}/key.pub`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "KbdInteractiveAuthentication no",
    "PasswordAuthentication no",
    ...more,
    "",
  ].join("\n");
}

/** Lets 22/tcp in from everywhere, 443/tcp from one side, and ends the rest as told. */
function guard(admitted: "jump" | "scanner", otherwise: "drop" | "reject with tcp reset"): void {
  const rules = `flush ruleset
table inet lab {
  chain in {
    type filter hook input priority 0; policy accept;
    iif lo accept
    ct state established,related accept
    tcp dport 22 accept
    iifname "${lab.cables[admitted]}" tcp dport 443 accept
    meta l4proto tcp ${otherwise}
  }
}
`;
  lab.run("host", ["nft", "-f", "-"], rules);
}

beforeAll(async () => {
  lab = up(String(process.pid % 10_000));
  mkdirSync("/run/sshd", { recursive: true });
  for (const name of ["key", "host-key", "jump-key"]) {
    execFileSync("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(lab.folder, name)]);
  }
  const own = sshd(["Port 22", `HostKey ${lab.folder}/host-key`]);
  lab.start("host", ["/usr/sbin/sshd", "-D", "-f", lab.write("sshd.conf", own)]);
  for (const [index, setting] of Object.values(jumps).entries()) {
    const conf = sshd([`Port ${2201 + index}`, `HostKey ${lab.folder}/jump-key`, setting]);
    lab.start("jump", ["/usr/sbin/sshd", "-D", "-f", lab.write(`jump-${index}.conf`, conf)]);
  }
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90"],
      ...["-subj", "/CN=claw.test", "-keyout", join(lab.folder, "tls.key"), "-out", join(lab.folder, "tls.pem")],
    ],
    { stdio: "ignore" },
  );
  const nginx = `daemon off; pid ${lab.folder}/nginx.pid; error_log ${lab.folder}/error.log;
events {}
http {
  access_log off; default_type text/html;
  server { listen 443 ssl; ssl_certificate ${lab.folder}/tls.pem; ssl_certificate_key ${lab.folder}/tls.key; return 200 '<form><input type="password"></form>'; }
}
`;
  lab.start("host", ["/usr/sbin/nginx", "-c", lab.write("nginx.conf", nginx)]);
  await vi.waitFor(() => expect(lab.run("host", ["ss", "-Hltn"])).toMatch(/:22 [\s\S]*:443 |:443 [\s\S]*:22 /), 20_000);
  await vi.waitFor(() => expect(lab.run("jump", ["ss", "-Hltn"])).toMatch(/:2203 /), 20_000);
});

afterAll(async () => await lab.down());

test("refused here, answered through the tunnel: the limit holds, seen in one run", async () => {
  guard("jump", "drop");
  const { report, bundle, stderr } = await audit("--vantage", "outside", "--allowed-via", via("open"));
  expect(outcome(report, "admin-ui-source"), stderr).toBe("pass");
  expect(report.vantages.map(({ id, role, via: way }) => [id, role, way])).toEqual([
    ["here", "outside", "local"],
    ["allowed", "allowed", "tunnel"],
    ["host", "inside", "ssh2"],
  ]);
  const logins = bundle.connections.filter(({ purpose }) => purpose === "login");
  expect(logins).toEqual([
    { address: lab.jumpAddress, port: 2201, purpose: "login", count: 1 },
    { address: lab.hostAddress, port: 22, purpose: "login", count: 1 },
  ]);
  expect(bundle.connections.some(({ vantage, port }) => vantage === "allowed" && port === 443)).toBe(true);
  expect(lab.run("jump", ["ss", "-Htn", "state", "established"])).toBe("");
});

test("open to the world as well: the limit does not hold", async () => {
  lab.run("host", ["nft", "flush", "ruleset"]);
  const { report } = await audit("--vantage", "outside", "--allowed-via", via("open"));
  expect(outcome(report, "admin-ui-source")).toBe("fail");
});

test("the other way round: refused through the tunnel, answered here", async () => {
  guard("scanner", "reject with tcp reset");
  const { report, bundle, stderr } = await audit("--vantage", "allowed", "--outside-via", via("open"));
  expect(outcome(report, "admin-ui-source"), stderr).toBe("pass");
  const scans = bundle.evidence.find(({ kind, vantage }) => kind === "tcp" && vantage === "outside")?.attempt;
  expect(scans).toMatchObject({
    status: "observed",
    value: [{ probedPorts: 65_535, open: [{ port: 22 }], closedPorts: 65_534, control: { established: true } }],
  });
});

test("silence through the tunnel is scanned in part, and does not pass", async () => {
  guard("scanner", "drop");
  const { report, bundle } = await audit("--vantage", "allowed", "--outside-via", via("open"));
  expect(outcome(report, "admin-ui-source")).toBe("unknown");
  const scans = bundle.evidence.find(({ kind, vantage }) => kind === "tcp" && vantage === "outside");
  expect(JSON.stringify(scans?.attempt)).toMatch(/\d+ ports were not asked: connections that nobody answers/);
  expect(scans?.durationMs).toBeLessThan(60_000);
});

test.each(["no forwarding", "443 only"] as const)("a jump host with %s makes nothing pass", async (kind) => {
  guard("scanner", "drop");
  const both = await audit("--vantage", "allowed", "--outside-via", via(kind));
  const alone = await audit("--vantage", "allowed");
  const passes = (report: Report) => report.findings.filter((one) => one.outcome === "pass").map(({ rule }) => rule);
  const gained = passes(both.report).filter((rule) => !passes(alone.report).includes(rule));
  expect(gained).toEqual([]);
  expect(JSON.stringify(both.bundle.evidence)).toMatch(/the vantage's SSH server does not forward to \d+ ports/);
});

test("a jump host that refuses forwarding is no allowed place either", async () => {
  guard("jump", "drop");
  const { report } = await audit("--vantage", "outside", "--allowed-via", via("no forwarding"));
  expect(outcome(report, "admin-ui-source")).toBe("unknown");
});

test("a login that fails leaves failed evidence, the rest of the audit, and exit code 3", async () => {
  guard("jump", "drop");
  const { report, bundle, code, stderr } = await audit(
    "--vantage",
    "outside",
    "--allowed-via",
    `stranger@${lab.jumpAddress}:2201`,
  );
  expect([code, stderr]).toEqual([3, expect.stringMatching(/accepted no key for stranger/)]);
  const attempts = bundle.evidence.filter(({ vantage, kind }) => vantage === "allowed" && kind !== "resolution");
  expect(attempts.map(({ attempt }) => attempt.status)).toEqual(new Array(5).fill("failed"));
  expect(outcome(report, "admin-ui-source")).toBe("unknown");
  expect(outcome(report, "ssh-world-exposure")).toBe("fail");
});

test("the target is no place to look at itself from, by another address of its own either", async () => {
  guard("jump", "drop");
  const { report, code, stderr } = await audit("--vantage", "outside", "--allowed-via", `root@10.99.0.2:22`);
  expect([code, stderr]).toEqual([3, expect.stringMatching(/is the target itself: its host key is the target's/)]);
  expect(outcome(report, "admin-ui-source")).toBe("unknown");
});
