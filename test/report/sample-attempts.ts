import { createHash } from "node:crypto";
import type { ReportedAttempt } from "#model/report.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** Attempts of a run: over the network unless it is local, and on the host. */
export function attempts(local: boolean): ReportedAttempt[] {
  const network: readonly (readonly [string, string, number, string])[] = [
    [
      "resolution",
      "A and AAAA of claw.example.co.jp",
      31,
      "claw.example.co.jp A 203.0.113.5\nclaw.example.co.jp AAAA 2001:db8:5::10",
    ],
    [
      "tcp",
      "TCP SYN to ports 1-65535 of 203.0.113.5 and 2001:db8:5::10",
      92_400,
      "203.0.113.5 open 22 443; closed 0; filtered 65533\n2001:db8:5::10 open 22 443 5432; closed 65532; filtered 0",
    ],
    [
      "ssh",
      "SSH hello and none authentication as root, audit, ubuntu",
      412,
      "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5",
    ],
    [
      "tls",
      "TLS hello to claw.example.co.jp:443, TLS 1.0 to 1.3",
      688,
      "CN=claw.example.co.jp, issuer CN=R11, O=Let's Encrypt",
    ],
    ["http", "GET / HTTP/1.1 to http and https", 240, "HTTP/1.1 403 Forbidden\nServer: nginx\nContent-Type: text/html"],
  ];
  const host: readonly (readonly [string, string, number, string])[] = [
    ["os", "cat /etc/os-release; uname -r", 9, 'PRETTY_NAME="Ubuntu 24.04.1 LTS"\n6.8.0-48-generic'],
    ["cpu", "cat /proc/cpuinfo", 6, "processor : 0\nprocessor : 1\nprocessor : 2\nprocessor : 3"],
    ["memory", "cat /proc/meminfo", 5, "MemTotal:        8136764 kB\nMemAvailable:    5211040 kB"],
    ["disks", "df -P -k", 8, "/dev/vda1  156290902  58771432  97503086  38% /"],
    ["storage", "lsblk -b -d -n -o NAME,SIZE,TYPE", 11, "vda 160041885696 disk"],
    ["clock", "timedatectl show", 21, "Timezone=Etc/UTC\nNTPSynchronized=yes"],
    ["listeners", "ss -H -l -n -t -u -p", 17, 'tcp LISTEN 0 244 [::]:5432 [::]:* users:(("postgres",pid=812,fd=6))'],
    ["containers", "docker inspect $(docker ps -aq)", 64, '{"Name":"/openclaw","RestartPolicy":"no"}'],
  ];
  const seen =
    (vantage: string, offset: number) =>
    (
      [kind, method, durationMs, excerpt]: readonly [string, string, number, string],
      index: number,
    ): ReportedAttempt => ({
      id: `${vantage}/${kind}`,
      kind,
      vantage,
      status: "observed",
      method,
      startedAt: new Date(Date.UTC(2026, 10, 22, 5, 3, offset + index)).toISOString(),
      durationMs,
      digest: digest(excerpt),
      excerpt,
    });
  return [
    ...(local ? [] : network.map(seen("internet", 2))),
    ...host.map(seen("host", 60)),
    {
      id: "host/sshd",
      kind: "sshd",
      vantage: "host",
      status: "failed",
      reason: "denied",
      detail: "sudo: a password is required",
      method: "sudo -n sshd -T",
      startedAt: "2026-11-22T05:04:20.000Z",
      durationMs: 14,
    },
    {
      id: "host/services",
      kind: "services",
      vantage: "host",
      status: "failed",
      reason: "timeout",
      detail: "no end within 10 s",
      method: "systemctl list-units --type=service --state=running",
      startedAt: "2026-11-22T05:04:21.000Z",
      durationMs: 10_004,
    },
    {
      id: "host/vpn",
      kind: "vpn",
      vantage: "host",
      status: "absent",
      detail: "no WireGuard, OpenVPN or Tailscale interface",
      method: "ip -o link; command -v wg tailscale openvpn",
      startedAt: "2026-11-22T05:04:32.000Z",
      durationMs: 12,
    },
    {
      id: "host/nginx",
      kind: "nginx",
      vantage: "host",
      status: "not_attempted",
      detail: "the run was limited to 120 s",
      method: "sudo -n nginx -T",
      startedAt: "2026-11-22T05:04:33.000Z",
      durationMs: 0,
    },
  ];
}
