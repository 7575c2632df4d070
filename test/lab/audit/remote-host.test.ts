import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readReport } from "#audit/bundle-file.ts";
import type { Report } from "#model/report.ts";
import { type Pair, up, write } from "./namespaces.ts";

const main = join(import.meta.dirname, "..", "..", "..", "src", "cli", "main.ts");
let pair: Pair;
let runs = 0;

/** Audits the host over the network and over SSH, in one run of the command line. */
async function audit(...flags: readonly string[]): Promise<{ report: Report; code: number | null; stderr: string }> {
  runs += 1;
  const out = join(pair.folder, `out-${runs}`);
  const login = ["--ssh", `root@${pair.hostAddress}`, "--identity", join(pair.folder, "key"), "--accept-new-host-key"];
  const ended = await pair.fromScanner(
    [
      process.execPath,
      main,
      "audit",
      pair.hostAddress,
      ...login,
      "--authorised-by",
      "the lab, its own host",
      "--out",
      out,
      ...flags,
    ],
    { PATH: process.env["PATH"], HOME: pair.folder },
  );
  const files = execFileSync("find", [out, "-name", "report.json"], { encoding: "utf8" }).trim().split("\n");
  return { ...ended, report: readReport(files[0] ?? "") };
}

function outcomes(report: Report, ...rules: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(rules.map((id) => [id, report.findings.find((finding) => finding.rule === id)?.outcome]));
}

function sshdConfig(password: "yes" | "no"): string {
  const { folder } = pair;
  return [
    "Port 22",
    `HostKey ${folder}/hostkey`,
    `AuthorizedKeysFile ${folder}/key.pub`,
    `PidFile ${folder}/sshd.pid`,
    "PermitRootLogin prohibit-password",
    "StrictModes no",
    "UsePAM no",
    "KbdInteractiveAuthentication no",
    `PasswordAuthentication ${password}`,
    "",
  ].join("\n");
}

beforeAll(async () => {
  pair = up(String(process.pid % 10_000));
  chmodSync(pair.folder, 0o755);
  mkdirSync("/run/sshd", { recursive: true });
  for (const name of ["key", "hostkey"]) {
    execFileSync("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(pair.folder, name)]);
  }
  pair.startInHost(["/usr/sbin/sshd", "-D", "-f", write(pair, "sshd.conf", sshdConfig("no"))]);
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "90"],
      ...["-subj", "/CN=claw.test", "-keyout", join(pair.folder, "tls.key"), "-out", join(pair.folder, "tls.pem")],
    ],
    { stdio: "ignore" },
  );
  const nginx = `daemon off; pid ${pair.folder}/nginx.pid; error_log ${pair.folder}/error.log;
events {}
http {
  access_log off;
  server { listen 443 ssl; ssl_certificate ${pair.folder}/tls.pem; ssl_certificate_key ${pair.folder}/tls.key; return 200 "hello"; }
  server { listen 80; location / { return 200 '<form><input type="password"></form>'; default_type text/html; } }
}
`;
  pair.startInHost(["/usr/sbin/nginx", "-c", write(pair, "nginx.conf", nginx)]);
  await vi.waitFor(() => expect(pair.inHost(["ss", "-Hltn"])).toMatch(/:22 [\s\S]*:443 |:443 [\s\S]*:22 /), 20_000);
});

afterAll(async () => await pair.down());

test("a host with open doors: what is open fails, what is shut passes", async () => {
  const { report, code, stderr } = await audit("--vantage", "outside");
  expect([code, report.verdict.status], stderr).toEqual([1, "blocked"]);
  expect(
    outcomes(
      report,
      "ssh-password-offer",
      "ssh-world-exposure",
      "ssh-world-password",
      "open-port",
      "plain-http-login",
      "certificate-trust",
      "certificate-dates",
    ),
  ).toEqual({
    "ssh-password-offer": "pass",
    "ssh-world-exposure": "fail",
    "ssh-world-password": "pass",
    "open-port": "fail",
    "plain-http-login": "fail",
    "certificate-trust": "fail",
    "certificate-dates": "pass",
  });
  const open = report.findings.find((finding) => finding.rule === "open-port");
  expect(open?.occurrences.map((occurrence) => occurrence.subject)).toEqual(["10.98.0.2 80/tcp"]);
  expect(report.authorisation).toMatchObject({ by: "the lab", addresses: ["10.98.0.2"] });
  expect(report.vantages.map(({ role, via }) => [role, via])).toEqual([
    ["outside", "local"],
    ["inside", "ssh2"],
  ]);
});

test("passwords on the wire and in the settings fail, each by its own rule", async () => {
  write(pair, "sshd.conf", sshdConfig("yes"));
  pair.inHost(["sh", "-c", `kill -HUP "$(cat ${pair.folder}/sshd.pid)"`]);
  await expect.poll(() => pair.inHost(["ss", "-Hltn"]), { timeout: 20_000 }).toContain(":22 ");
  const { report } = await audit("--vantage", "outside");
  expect(outcomes(report, "ssh-password-offer", "ssh-world-password")).toEqual({
    "ssh-password-offer": "fail",
    "ssh-world-password": "fail",
  });
});

test("a host that answers nothing is not taken for shut", async () => {
  pair.inHost(["nft", "add table inet lab; add chain inet lab in { type filter hook input priority 0; policy drop; }"]);
  try {
    const { report, code, stderr } = await audit("--vantage", "outside", "--ports", "22,80,443", "--timeout", "0.5");
    expect(code).toBe(3);
    expect(stderr).toMatch(/port 22 of 10\.98\.0\.2/);
    const rules = ["ssh-world-exposure", "open-port", "admin-ui-source", "ssh-password-offer", "plain-http-login"];
    for (const outcome of Object.values(outcomes(report, ...rules)))
      expect(["unknown", "notchecked"]).toContain(outcome);
  } finally {
    pair.inHost(["nft", "delete table inet lab"]);
  }
});
