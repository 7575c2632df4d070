import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { collectHost } from "#collect/host/collect.ts";
import { hostKinds } from "#collect/host/kinds.ts";
import { hostScript } from "#collect/host/script.ts";
import type { HostSession } from "#net/host-session.ts";

const boundary = "0123456789abcdef0123456789abcdef";
const script = hostScript({ boundary, sshUsers: ["root"] });
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sekisho-host-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the script in a mount namespace after `setup`, as root or as nobody. */
function run(shell: readonly string[], setup = "true", user: "root" | "nobody" = "root"): string {
  const drop = user === "nobody" ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : "";
  const command = `mount --make-rprivate / && ${setup}\nexec ${drop}${shell.join(" ")} -s`;
  const result = spawnSync("unshare", ["-m", "sh", "-c", command], {
    input: script,
    encoding: "latin1",
    maxBuffer: 64 << 20,
  });
  expect(result.stderr).toBe("");
  return result.stdout;
}

/** Names, states and exit codes of frames, without those of daemons that come and go. */
function frames(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith(`${boundary} `))
    .map((line) => line.split(" ").slice(1, 4).join(" "))
    .filter((line) => !/^(sshd|openclaw|containers|end)/.test(line));
}

describe("the script", () => {
  test.each([[["dash"]], [["busybox", "sh"]], [["bash", "--posix"]]])("runs alike under %s", (shell) => {
    const output = run(shell);
    expect(frames(output)).toEqual(frames(run(["sh"])));
    expect(output.trimEnd().split("\n").at(-1)).toMatch(new RegExp(`^${boundary} end \\d+$`));
  });

  test("runs where every file system is read-only", () => {
    const setup = "for m in / /tmp /var /run; do mount --bind $m $m 2>/dev/null && mount -o remount,bind,ro $m; done";
    expect(frames(run(["dash"], setup))).toEqual(frames(run(["dash"])));
  });

  test("leaves no trace in the folders of settings, logs and temporary files", () => {
    const places = ["/etc", "/etc/ssh", "/etc/nginx", "/var/log", "/var/lib", "/root", "/run/sshd"].filter((place) =>
      statSync(place, { throwIfNoEntry: false }),
    );
    const look = () => places.map((place) => [place, statSync(place).mtimeMs, readdirSync(place).length]);
    const before = look();
    run(["dash"]);
    expect(look()).toEqual(before);
  });

  test("prints no secret of OpenClaw's and nginx's settings", () => {
    const home = join(folder, "home");
    mkdirSync(join(home, ".openclaw"), { recursive: true });
    writeFileSync(join(home, ".openclaw", "openclaw.json"), secrets.openclaw);
    writeFileSync(join(folder, "nginx.conf"), secrets.nginx);
    const setup = `mount --bind ${home} /root; mount --bind ${folder}/nginx.conf /etc/nginx/nginx.conf`;
    for (const shell of [["dash"], ["busybox", "sh"]]) {
      const output = run(shell, setup);
      expect(output).toContain("/root/.openclaw/openclaw.json\nmode 644 0\n");
      expect(output).toContain("gateway.bind\tstring\tlan\n");
      expect(output).toContain("gateway.auth.mode\tstring\ttoken\n");
      expect(output).toContain("gateway.trustedProxies.#\tstring\t10.0.0.1/32\n");
      expect(output).not.toContain("planted");
    }
  });

  test("stays bounded under a flood, and keeps what follows", () => {
    const fake = join(folder, "flood");
    writeFileSync(fake, `#!/bin/sh\nwhile :; do echo '${boundary} cpu ok 0 1 1 1'; done\n`, { mode: 0o755 });
    const output = run(["dash"], `mount --bind ${fake} /usr/bin/nproc`);
    expect(output.length).toBeLessThan(4 << 20);
    expect(output).toMatch(new RegExp(`^${boundary} cpu truncated - `, "m"));
    expect(output).toMatch(new RegExp(`^${boundary} memory.info ok 0 `, "m"));
  });

  test("stops a command that hangs", () => {
    const fake = join(folder, "hang");
    writeFileSync(fake, "#!/bin/sh\nexec sleep 600\n", { mode: 0o755 });
    const output = run(["dash"], `mount --bind ${fake} /usr/bin/ss`);
    expect(output).toMatch(new RegExp(`^${boundary} listeners.ss timeout 124 `, "m"));
    expect(output).toMatch(new RegExp(`^${boundary} end `, "m"));
  });

  test("says denied where it is not root", () => {
    const output = run(["dash"], "true", "nobody");
    expect(output).toMatch(new RegExp(`^${boundary} firewall.nft denied 126 `, "m"));
    expect(output).toMatch(/^privilege none$/m);
  });
});

test("collectHost reads a host through a session", async () => {
  const session: HostSession = {
    via: "local",
    hostKeys: [],
    notes: [],
    run: (text) => {
      const result = spawnSync("sh", ["-s"], { input: text, maxBuffer: 64 << 20 });
      const stderr = result.stderr.toString("utf8");
      return Promise.resolve({
        stdout: result.stdout,
        stderr,
        exitCode: result.status,
        end: "exit" as const,
        durationMs: 0,
      });
    },
    close: () => Promise.resolve(),
  };
  const around = { signal: new AbortController().signal, now: () => new Date(), progress: () => undefined };
  const result = await collectHost(
    session,
    { vantage: "host", boundary, sshUsers: ["root"], timeoutMs: 60_000, maxBytes: 1 << 24 },
    around,
  );
  expect(result.evidence.map(({ kind }) => kind)).toEqual(hostKinds);
  expect(Math.abs(result.targetOffsetMs ?? Number.NaN)).toBeLessThanOrEqual((result.targetOffsetErrorMs ?? 0) + 20);
});

const secrets = {
  openclaw: `// "planted-comment"
{
  gateway: { bind: 'lan', "port": 18789, /* several
   lines "planted-block" */ auth: { mode: "token", token: "planted-token", password: 'planted-"password' },
    trustedProxies: ["127.0.0.1", '10.0.0.1/32',] },
  "logging": { "file": "/var/log/openclaw/openclaw.log", level: "info", },
  channels: { slack: { botToken: "planted-slack", "gateway.bind": "planted-key" } }, "multi": "planted \\
continued planted", env: { "planted-name": 1 }, planted_key: planted_word,
}
`,
  nginx: `events {}
http {
  # planted-comment
  server {
    listen 443 ssl; server_name claw.test;
    ssl_certificate_key "/etc/planted"; set $key 'planted;{}';
    location / { proxy_set_header Authorization "Bearer planted"; proxy_pass http://user:planted@127.0.0.1:18789; allow 192.0.2.1; deny all; }
  }
}
`,
};
