import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
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
function run(
  shell: readonly string[],
  setup = "true",
  user: "root" | "nobody" = "root",
  namespaces: readonly string[] = ["-m"],
): string {
  const drop = user === "nobody" ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : "";
  const command = `mount --make-rprivate / && ${setup}\nexec ${drop}${shell.join(" ")} -s`;
  const result = spawnSync("unshare", [...namespaces, "sh", "-c", command], {
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

/** Processes and a network of its own: what was started ends with it. */
const alone = ["-m", "-p", "-f", "-n", "--mount-proc", "--kill-child"];

/** A server of SSH in namespaces of its own, its settings being these. */
function withSshd(settings: string, ...commands: string[]): string {
  const place = mkdtempSync(join(folder, "ssh-"));
  writeFileSync(join(place, "sshd_config"), `HostKey ${place}/key\n${settings}`);
  writeFileSync(join(place, "other"), `HostKey ${place}/key\nPort 2222\n`, { mode: 0o600 });
  writeFileSync(join(place, "shared"), `HostKey ${place}/key\n`);
  chmodSync(join(place, "shared"), 0o666);
  spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(place, "key")]);
  const setup = ["mount -t tmpfs tmpfs /run", "mkdir /run/sshd", `mount --bind ${place} /etc/ssh`, ...commands];
  return `${setup.join("; ")}; sleep 1`;
}

describe("the sshd it asks about", () => {
  const ask = (setup: string, shell = "dash") => run([shell], setup, "root", alone);

  test("prints no secret of its settings", () => {
    const setup = withSshd(
      "PasswordAuthentication no\nSetEnv TOKEN=planted\nBanner /planted\n",
      "/usr/sbin/sshd -p 2299",
    );
    const output = ask(setup);
    expect(output).toContain("sekisho options -p 2299\n");
    expect(output).toContain("\npasswordauthentication no\n");
    expect(output).not.toContain("planted");
    expect(output).not.toContain("private host key");
  });

  test.each([
    ["-p 2299", "-p 2299"],
    ["-p2299 -e", "-p 2299"],
    ["-4e", "-4"],
    ["-o PasswordAuthentication=no", "-o PasswordAuthentication=no"],
    ["-E /run/log -f /etc/ssh/other", "-f /etc/ssh/other"],
    ["-E/run/log -f/etc/ssh/other", "-f /etc/ssh/other"],
    ["-o AuthorizedKeysCommand='/bin/true %u %f' -o AuthorizedKeysCommandUser=nobody -p 2299", "-p 2299"],
  ])("is one with the options %s", (words, options) => {
    const output = ask(withSshd("", `/usr/sbin/sshd ${words}`));
    expect([...output.matchAll(/^sekisho options (.*)$/gm)].map((match) => match[1])).toEqual([options, options]);
    expect(output).not.toContain("sshd.unread");
  });

  test.each([
    "-o SetEnv=A=planted",
    "-o 'Banner /planted'",
    "-f /etc/ssh/shared",
    "-f /etc/ssh/../ssh/shared",
    "-o PidFile=/run/other.pid",
  ])("is not one with the options %s", (words) => {
    const output = ask(withSshd("", `/usr/sbin/sshd ${words}`));
    expect(output).toMatch(new RegExp(`^${boundary} sshd.unread ok 0 `, "m"));
    expect(output).not.toContain("sekisho options");
    expect(output).not.toContain("planted");
  });

  test.each([
    ["of another user", (place: string) => `setpriv --reuid 65534 --regid 65534 --clear-groups ${place}`],
    ["of root that is another program", (place: string) => place],
  ])("is no process %s that takes its name", (_name, started) => {
    const fake = join(folder, "fake");
    mkdirSync(fake, { recursive: true, mode: 0o755 });
    chmodSync(folder, 0o755);
    spawnSync("ln", ["-sf", "/usr/bin/perl", join(fake, "sshd")]);
    // perl takes what follows a dash as its own, up to --; the process then shows exactly these words.
    writeFileSync(
      join(folder, "forge.pl"),
      `exec "${fake}/sshd", "-e", "sleep 30", "--", "-f", "/etc/shadow", "-E${folder}/written"`,
    );
    const output = ask(withSshd("", "/usr/sbin/sshd -p 2299", `(${started(`perl ${folder}/forge.pl`)} &)`));
    expect(output).toMatch(/^\d+ \d+ \d+ 0 sshd$/m);
    expect(output).toMatch(new RegExp(`^${boundary} sshd.unread ok 0 `, "m"));
    expect([...output.matchAll(/^sekisho options (.*)$/gm)].map((match) => match[1])).toEqual(["-p 2299", "-p 2299"]);
    expect(output).not.toContain("/etc/shadow");
    expect(existsSync(join(folder, "written"))).toBe(false);
  });
});

describe("files that somebody else chose", () => {
  const settings = '{ gateway: { bind: "lan" } }';

  /** A process of nobody with the name of the program of OpenClaw's gateway, and this variable. */
  function withGateway(variable: string, ...commands: string[]): string {
    const place = mkdtempSync(join(folder, "gateway-"));
    chmodSync(folder, 0o755);
    chmodSync(place, 0o755);
    cpSync("/usr/bin/sleep", join(place, "openclaw-gateway"));
    writeFileSync(join(place, "root.json"), settings, { mode: 0o600 });
    writeFileSync(join(place, "other.json"), settings);
    chownSync(join(place, "other.json"), 1234, 1234);
    writeFileSync(join(place, "own.json"), settings);
    chownSync(join(place, "own.json"), 65534, 65534);
    spawnSync("mkfifo", [join(place, "fifo.json")]);
    const start = `(env ${variable.replaceAll("PLACE", place)} setpriv --reuid 65534 --regid 65534 --clear-groups ${place}/openclaw-gateway 60 &)`;
    return ["mount -t tmpfs tmpfs /root", ...commands, start, "sleep 1"].join("; ").replaceAll("PLACE", place);
  }
  const ask = (setup: string) => run(["dash"], setup, "root", alone);

  test.each(["own", "root"])("are read where they are %s's", (name) => {
    expect(ask(withGateway(`OPENCLAW_CONFIG_PATH=PLACE/${name}.json`))).toContain("gateway.bind\tstring\tlan\n");
  });

  test.each(["PLACE/other.json", "PLACE/fifo.json", "/dev/zero", "/proc/1/environ", "PLACE/link.json"])(
    "are not opened where it is %s",
    (path) => {
      const output = ask(withGateway(`OPENCLAW_CONFIG_PATH=${path}`, "ln -sf /proc/kallsyms PLACE/link.json"));
      expect(output).toMatch(/^hidden \//m);
      expect(output).not.toMatch(/^config \//m);
      expect(output).toMatch(new RegExp(`^${boundary} openclaw.configs ok 0 \\d+ \\d{1,4} `, "m"));
    },
  );

  test("are not looked for where the process is another program", () => {
    const setup = withGateway("OPENCLAW_CONFIG_PATH=PLACE/own.json");
    const other = setup.replace(/(\S+)\/openclaw-gateway 60/, "perl -e '$0 = \"openclaw\"; sleep 60'");
    const output = ask(other);
    expect(output).toMatch(/^process \d+ 65534 0 openclaw$/m);
    expect(output).toContain("environment hidden\n");
    expect(output).not.toMatch(/^config \//m);
  });

  test("are not nginx's where its master is not root's, and each of root's masters is read", () => {
    const conf = (name: string) =>
      `events {} pid ${folder}/${name}.pid; http { server { listen 80; server_name ${name}.test; access_log off; error_log /dev/null; } }`;
    for (const name of ["first", "second"])
      writeFileSync(join(folder, `${name}.conf`), conf(name).replace("80", name === "first" ? "80" : "81"));
    const fake = `cp /usr/bin/sleep ${folder}/nginx; (setpriv --reuid 65534 --regid 65534 --clear-groups ${folder}/nginx 60 -c /etc/shadow &)`;
    const output = ask(
      `nginx -c ${folder}/first.conf; nginx -c${folder}/second.conf; sleep 1; chmod 755 ${folder}; ${fake.replace("60 -c /etc/shadow", "60")}; sleep 1`,
    );
    expect([...output.matchAll(/^main\t(.*)$/gm)].map((match) => match[1])).toEqual([
      `${folder}/first.conf`,
      `${folder}/second.conf`,
    ]);
    expect(output).toMatch(new RegExp(`^${boundary} nginx.unread ok 0 `, "m"));
    expect(output).toMatch(new RegExp(`^${boundary} nginx.more ok 0 `, "m"));
  });
});

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
    const certificate = `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=claw.test -keyout ${folder}/planted.key -out ${folder}/claw.pem`;
    expect(spawnSync("sh", ["-c", certificate]).status).toBe(0);
    writeFileSync(join(folder, "nginx.conf"), secrets.nginx.replaceAll("FOLDER", folder));
    const setup = `mount --bind ${home} /root; nginx -c ${folder}/nginx.conf -g 'pid ${folder}/nginx.pid;'`;
    for (const shell of [["dash"], ["busybox", "sh"], ["bash", "--posix"]]) {
      const output = run(shell, setup, "root", alone);
      expect(output).toContain(`main\t${folder}/nginx.conf\nfile\t${folder}/nginx.conf\n`);
      expect(output).toContain("proxy_pass\t127.0.0.1:18789\t;\nallow\t192.0.2.1\t;\ndeny\tall\t;\n");
      expect(output).toContain("gateway.auth\tunprintable\t\n");
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
   lines "planted-block" */ auth: "planted-scalar", auth: { mode: "token", token: "planted-token", password: 'planted-"password' },
    trustedProxies: ["127.0.0.1", '10.0.0.1/32',] },
  "logging": "planted-logging", logging: ["planted-list"], gateway: { "mode": "planted-mode", port: "planted-port", auth: { mode: "planted-mode" },
    trustedProxies: "planted-proxies" },
  gateway: { bind: "planted-bind" }, gateway: { bind: 'lan', auth: { mode: "token" }, trustedProxies: ['10.0.0.1/32'] },
  "logging": { "file": "/var/log/openclaw/openclaw.log", level: "info", },
  channels: { slack: { botToken: "planted-slack", "gateway.bind": "planted-key" } }, "multi": "planted \\
continued planted", env: { "planted-name": 1 }, planted_key: planted_word,
}
`,
  nginx: `events {}
http {
  # planted-comment
  map $http_x_key $known { default 0; "planted-map" 1; include-planted 1; }
  geo $near { default planted-geo; }
  access_log FOLDER/access.log; error_log FOLDER/error.log;
  server {
    listen 443 ssl; server_name claw.test;
    ssl_certificate FOLDER/claw.pem;
    ssl_certificate_key "FOLDER/planted.key"; set $key 'planted;{}';
    if ($http_authorization != "Bearer planted-if") { return 403 planted-return; }
    location /planted-hook { return 302 https://claw.test/#token=planted-token; }
    location ~ ^/old/(.*)$ { rewrite ^/old/(.*)$ /new/$1?key=planted-rewrite; add_header X-Key planted-header; proxy_pass http://127.0.0.1:1/$1?key=planted; }
    location / { proxy_set_header Authorization "Bearer planted"; proxy_pass http://127.0.0.1:18789/planted?key=planted#planted; allow 192.0.2.1; deny all; }
  }
}
`,
};
