import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { isUnknown } from "#model/unknown.ts";
import { dialTcp, isFailure } from "#net/dial.ts";
import { createHttpClient } from "#net/http-client.ts";
import { lookForOpenclaw } from "#net/openclaw.ts";
import { listenOn } from "./peers.ts";

interface Recorded {
  path: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

const record = (name: string): Recorded[] =>
  JSON.parse(readFileSync(`fixtures/captures/net/openclaw-2026.9.6/${name}.json`, "utf8"));

/** Answers as recorded from the real gateway; a path that was not recorded is not found. */
async function lookAtRecording(recorded: readonly Recorded[], silentAt: ReadonlyMap<string, number> = new Map()) {
  const asked: string[] = [];
  const silences = new Map(silentAt);
  const server = createServer((request, response) => {
    asked.push(
      `${request.method} ${request.url} ${request.headers.authorization ?? "-"} ${request.headers.cookie ?? "-"}`,
    );
    const silence = silences.get(request.url ?? "") ?? 0;
    silences.set(request.url ?? "", silence - 1);
    if (silence > 0) return;
    const found = recorded.find((one) => one.path === request.url);
    response.writeHead(found?.status ?? 404, found?.headers ?? { "content-type": "text/plain" });
    response.end(found?.body ?? "Not Found");
  });
  const port = await listenOn(server);
  const limits = { timeoutMs: silentAt.size === 0 ? 3000 : 300, signal: new AbortController().signal };
  let connections = 0;
  const client = createHttpClient({ host: "claw.example.test", userAgent: "sekisho/0" }, (within) => {
    connections += 1;
    return dialTcp({ address: "127.0.0.1", port }, within);
  });
  try {
    const page = await client.get("/", limits);
    if (isFailure(page)) throw new Error(page.detail);
    return { facts: await lookForOpenclaw(page, client, limits), asked, connections };
  } finally {
    client.close();
  }
}

const build =
  "2026.9.6-release-eb377ac59e6c-2026-09-23T16-33-12.144Z-314f5d487e3c5ae6aed7f2edbb68f93f274b3d7ca0e9fdca8f6e8f654f92c54c";

test.each([
  [
    "token-remote",
    { openclaw: true, isUi: true, authentication: "required", treatsAsLocal: false, version: "2026.9.6", build },
  ],
  [
    "token-local",
    { openclaw: true, isUi: true, authentication: "required", treatsAsLocal: true, version: "2026.9.6", build },
  ],
  [
    "none-local",
    { openclaw: true, isUi: true, authentication: "off", treatsAsLocal: true, version: "2026.9.6", build },
  ],
  ["none-unattributed", { openclaw: true, isUi: false, authentication: "attribution-missing" }],
])("the gateway as recorded: %s", async (name, expected) => {
  const { facts, asked, connections } = await lookAtRecording(record(name));
  expect(facts).toMatchObject(expected);
  expect(connections).toBe(1);
  expect(asked.length).toBeLessThanOrEqual(6);
  for (const line of asked) expect(line).toMatch(/^GET \S+ - -$/);
});

test("without its UI the gateway is known by its liveness probe", async () => {
  const hidden = record("token-remote").filter((one) => one.path !== "/" && one.path !== "/control-ui-config.json");
  const { facts } = await lookAtRecording(hidden);
  expect(facts).toMatchObject({ openclaw: true, isUi: false, authentication: "required", treatsAsLocal: false });
  expect(isUnknown(facts.build)).toBe(true);
});

const page = (status: number, headers: Record<string, string> = {}): Recorded[] => [
  { path: "/", status, headers, body: "x" },
];

test.each([
  ["another page", page(200, { "content-type": "text/html" }), false],
  ["a refusal by address", page(403), false],
  ["a redirect to https", page(301, { location: "https://claw.example.test/" }), false],
  ["a redirect to a path", page(302, { location: "/openclaw/" }), "unknown"],
  ["a login of the web server", page(401, { "www-authenticate": "Basic" }), "unknown"],
  ["a gateway without its server", page(502), "unknown"],
  ["a liveness probe that faults", [...page(404), { path: "/healthz", status: 503, headers: {}, body: "" }], "unknown"],
  [
    "a liveness probe of someone else",
    [
      ...page(200),
      { path: "/healthz", status: 200, headers: { "content-type": "application/json" }, body: '{"ok":true}' },
    ],
    false,
  ],
  [
    "a page for every path",
    ["/", "/healthz"].map((path) => ({
      path,
      status: 200,
      headers: { "content-type": "text/html" },
      body: '{"ok":true,"status":"live"}',
    })),
    false,
  ],
])("%s", async (_name, recorded, expected) => {
  const { facts } = await lookAtRecording(recorded);
  expect(isUnknown(facts.openclaw) ? "unknown" : facts.openclaw).toBe(expected);
});

test("settings in HTML do not switch authentication off, and a foreign 401 does not switch it on", async () => {
  const changed = record("token-remote").map((one) =>
    one.path === "/control-ui-config.json"
      ? { ...one, status: 200, headers: { "content-type": "text/html" }, body: '{"serverVersion":"1"}' }
      : one,
  );
  expect(isUnknown((await lookAtRecording(changed)).facts.authentication)).toBe(true);
  const foreign = record("token-remote").map((one) =>
    one.status === 401 ? { ...one, body: "denied", headers: { "content-type": "text/plain" } } : one,
  );
  expect(isUnknown((await lookAtRecording(foreign)).facts.authentication)).toBe(true);
});

test("a gateway that stands still once is asked again, one that stays silent is not known", async () => {
  const once = await lookAtRecording(record("token-remote"), new Map([["/api/channels/", 1]]));
  expect(once.facts).toMatchObject({ authentication: "required", treatsAsLocal: false });
  const twice = await lookAtRecording(record("token-remote"), new Map([["/api/channels/", 2]]));
  expect(twice.asked.filter((line) => line.includes("/api/channels/"))).toHaveLength(2);
  expect(isUnknown(twice.facts.authentication)).toBe(true);
  expect(twice.facts.treatsAsLocal).toBe(false);
});
