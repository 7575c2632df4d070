import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";

const boundary = "0123456789abcdef0123456789abcdef";
const script = hostScript({ boundary, sshUsers: ["root"] });
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-logs-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script as root with processes, mounts and a network of its own, after `setup`. */
function runAlone(shell: readonly string[], setup: string): string {
  const command = `mount --make-rprivate / && ${setup}\nexec ${shell.join(" ")} -s`;
  const namespaces = ["-m", "-p", "-f", "-n", "--mount-proc", "--kill-child"];
  const result = spawnSync("unshare", [...namespaces, "sh", "-c", command], {
    input: script,
    encoding: "latin1",
    maxBuffer: 64 << 20,
  });
  expect(result.stderr).toBe("");
  return result.stdout;
}

describe("the logs it reads", () => {
  /** nginx passing requests to OpenClaw, with its log in a folder of its own; a schedule; and a place to run in. */
  function withLogs(): { place: string; logs: string; setup: string } {
    const place = mkdtempSync(join(folder, "place-"));
    const logs = mkdtempSync(join(folder, "logs-"));
    const cron = mkdtempSync(join(folder, "cron-"));
    const server = "server { listen 80; location / { proxy_pass http://127.0.0.1:18789; } }";
    const http = `access_log ${logs}/access.log; error_log /dev/null; ${server}`;
    writeFileSync(join(cron, "nginx.conf"), `events {} pid ${cron}/pid; http { ${http} }`);
    writeFileSync(
      join(cron, "tidy"),
      'TOKEN=planted\n1 1 * * * root find /var/log/nginx -name "*.gz" -mtime +7 -delete; mysqldump -pplanted\n',
    );
    const setup = `mount --bind ${cron} /etc/cron.d; nginx -c ${cron}/nginx.conf; sleep 1; cd ${place}`;
    return { place, logs, setup };
  }

  test.each([["dash"], ["busybox", "sh"]])(
    "leave nothing where it runs, and nothing of them leaves but times: %s",
    (...shell) => {
      const { place, logs, setup } = withLogs();
      const line = (user: string, time: string) =>
        `192.0.2.1 - ${user} [${time}] "GET /?token=planted HTTP/1.1" 200 1\n`;
      writeFileSync(join(logs, "access.log"), line("planted 2001-01-01T00:00:00Z", "22/Nov/2026:10:11:12 +0900"));
      writeFileSync(join(logs, "access.log.1"), line("[01/Jan/2001:00:00:00 +0000]", "21/Nov/2026:10:11:12 +0900"));
      spawnSync("gzip", [join(logs, "access.log.1")]);
      const output = runAlone(shell, setup);
      expect(output).toContain(`first 22/Nov/2026:10:11:12 +0900\t${logs}/access.log\n`);
      expect(output).toContain(`first 21/Nov/2026:10:11:12 +0900\t${logs}/access.log.1.gz\n`);
      expect(output).toContain("job /etc/cron.d/tidy\nfind mtime +7 *.gz /var/log/nginx\n");
      expect(output).not.toContain("planted");
      expect(readdirSync(place)).toEqual([]);
    },
  );

  test("take little time and room, however many and large they are", () => {
    const { logs, setup } = withLogs();
    for (let index = 0; index < 4000; index += 1) writeFileSync(join(logs, `access.log.${index}`), "");
    spawnSync("truncate", ["-s", "50G", join(logs, "access.log")]);
    const output = runAlone(["dash"], setup);
    const [, ms, bytes] = new RegExp(`^${boundary} logs.files ok 0 \\d+ (\\d+) (\\d+)$`, "m").exec(output) ?? [];
    expect(Number(ms)).toBeLessThan(5000);
    expect(Number(bytes)).toBeLessThan(64 << 10);
    expect(output).toMatch(/^more \d+ \d+$/m);
  });
});
