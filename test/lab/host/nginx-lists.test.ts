import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostScript } from "#collect/host/script.ts";
import type { Nginx } from "#evidence/host.ts";
import { inAnyCidr } from "#expression/cidr.ts";
import { isUnknown, seen } from "#model/unknown.ts";
import { output, read, value } from "../../collect/host/capture.ts";

// Whom the product says that nginx lets through to OpenClaw, held against nginx itself.
const name = `nginx-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), "sekisho-nginx-"));
const script = hostScript({ boundary: "abcdef0123456789", sshUsers: [] });
const functions = script.slice(0, script.lastIndexOf("\nmain"));
const sources = ["127.0.0.5", "127.0.1.7", "127.0.2.9"] as const;
const port = 8443;
const seed = Number(process.env["NGINX_SEED"] ?? Date.now() % 1_000_000);
const configurations = Number(process.env["NGINX_CONFIGURATIONS"] ?? 25);

beforeAll(() => {
  execFileSync("ip", ["netns", "add", name]);
  execFileSync("ip", ["-n", name, "link", "set", "lo", "up"]);
  writeFileSync(join(folder, "users"), "hanako:{PLAIN}secret\n");
});

afterAll(() => {
  execFileSync("ip", ["netns", "del", name]);
  rmSync(folder, { recursive: true });
});

/** Some words, most often with the end that shuts all others out; or nothing, so that the list around it counts. */
const list = (more: readonly string[]) => {
  const named = fc.constantFrom("deny all;", "allow all;", ...sources.map((each) => `allow ${each};`), ...more);
  const some = fc.array(named, { minLength: 1, maxLength: 3 });
  const ended = some.map((all) => [...all, "deny all;"]);
  return fc.oneof({ weight: 2, arbitrary: fc.constant<string[]>([]) }, { weight: 4, arbitrary: ended }, some);
};
const words = ["allow 127.0.0.0/24;", "allow 127.0.0.0/23;", "deny 127.0.1.0/24;", `deny ${sources[0]};`];
const server = fc.record({
  http: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, list(words)),
  server: list(words),
  root: list(words),
  api: list(words),
  inner: fc.option(list(words)),
  satisfy: fc.constantFrom("", "", "", "satisfy any;", "satisfy all;"),
  password: fc.boolean(),
});

test("nginx lets through whom its lists name, at each place that leads to OpenClaw", async () => {
  let closed = 0;
  await fc.assert(
    fc.asyncProperty(server, async (parts) => {
      const { allow, denyAll, through } = await look(configurationOf(parts));
      if (isUnknown(allow) || denyAll !== true) return;
      closed += 1;
      const untold = sources.filter((source) => through.has(source) && !inAnyCidr(source, allow));
      expect({ untold, allow }).toEqual({ untold: [], allow });
    }),
    { numRuns: configurations, seed, endOnFailure: true },
  );
  expect(closed).toBeGreaterThan(0);
});

function configurationOf(parts: typeof server extends fc.Arbitrary<infer T> ? T : never): string {
  const to = "proxy_pass http://127.0.0.1:18789;";
  const password = parts.password ? `auth_basic x; auth_basic_user_file ${folder}/users;` : "";
  const inner = parts.inner === null ? "" : `location /api/inner/ { ${parts.inner.join(" ")} ${to} }`;
  return `pid ${folder}/pid; error_log ${folder}/error.log crit; events {}
http { access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; ${parts.http.join(" ")}
  server { listen 127.0.0.1:${port}; server_name claw; ${parts.satisfy} ${password} ${parts.server.join(" ")}
    location / { ${parts.root.join(" ")} ${to} }
    location /api/ { ${parts.api.join(" ")} ${inner} ${to} }
    location /static/ { allow all; return 204; }
  } }
`;
}

/** What the product reads of a running nginx, and which sources it really lets through somewhere; a proxy without a server behind it answers 502. */
async function look(text: string) {
  const file = join(folder, "nginx.conf");
  writeFileSync(file, text);
  const nginx = spawn("ip", ["netns", "exec", name, "nginx", "-c", file, "-g", "daemon off;"], { stdio: "ignore" });
  try {
    await until(() => statuses(sources[0], ["/static/"])[0] === 204);
    const through = new Set(sources.filter((source) => statuses(source, ["/", "/api/", "/api/inner/"]).includes(502)));
    const found = readServers(nginx.pid ?? 0);
    const [server] = seen(found.servers);
    if (server === undefined || found.servers.length > 1) throw new Error(`not one server: ${JSON.stringify(found)}`);
    expect(server.proxiesOpenclaw).toBe(true);
    return { allow: server.allow, denyAll: server.denyAll, through };
  } finally {
    nginx.kill("SIGQUIT");
    await once(nginx, "exit");
  }
}

function readServers(pid: number): Nginx {
  const call = `${functions}\nnewline='\n'\nlimit= privilege=root sudo_all=yes\nnginx_config ${pid}`;
  const text = execFileSync("sh", ["-c", call], { encoding: "utf8" });
  const host = read(
    output([
      ["processes", `1 0 0 0 init\n${pid} 0 0 0 nginx`],
      ["nginx", text],
    ]),
  );
  return value(host, "nginx") as Nginx;
}

function statuses(source: string, paths: readonly string[]): readonly number[] {
  const urls = paths.flatMap((path) => ["-o", "/dev/null", `http://127.0.0.1:${port}${path}`]);
  const call = [
    "netns",
    "exec",
    name,
    "curl",
    "-s",
    "--max-time",
    "5",
    "-w",
    "%{http_code}\n",
    "--interface",
    source,
    ...urls,
  ];
  try {
    return execFileSync("ip", call, { encoding: "utf8" }).trim().split("\n").map(Number);
  } catch {
    // Nobody listens yet.
    return [];
  }
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (holds()) return;
    await wait(20);
  }
  throw new Error("nginx did not start");
}
