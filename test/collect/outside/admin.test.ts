import { createServer as createHttp, type ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { listenOn } from "../../net/peers.ts";
import { collect } from "./harness.ts";

type Answer = (response: ServerResponse) => void;

const send =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { "content-type": "text/html", ...headers }).end(body);
const json = (status: number, value: object) =>
  send(status, JSON.stringify(value), { "content-type": "application/json" });

const welcome = send(200, "<h1>Welcome</h1>");
const login = send(200, '<form><input type="password"></form>');
const ui = send(200, "<title>OpenClaw Control</title><openclaw-app></openclaw-app>");
const refused = json(401, { error: { type: "unauthorized" } });
const forbidden = send(403, "no");
const live = json(200, { ok: true, status: "live" });

/** A server of these paths; every other is not found. */
async function site(paths: Record<string, Answer>): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createHttp((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    (paths[request.url ?? ""] ?? send(404, "not found"))(response);
  });
  return { port: await listenOn(server), asked };
}

const name = "claw.example.test";
const gateway = (base: string): Record<string, Answer> => ({
  [`${base}/`]: ui,
  [`${base}/control-ui-config.json`]: refused,
  [`${base}/api/channels/`]: refused,
});

test.each<[string, Record<string, Answer>, string, object]>([
  [
    "the UI below a path",
    { "/": welcome, ...gateway("/claw") },
    "/claw/",
    { status: 200, openclaw: true, servesLogin: true, openclawAuthentication: "required" },
  ],
  [
    "the UI below a path, written without its slash",
    { "/": welcome, "/claw": send(301, "", { location: "/claw/" }), ...gateway("/claw") },
    "/claw",
    { openclaw: true, servesLogin: true },
  ],
  [
    "the UI at / and a deep link to it",
    { ...gateway(""), "/chat": ui },
    "/chat",
    { openclaw: true, servesLogin: true, openclawAuthentication: "required" },
  ],
  [
    "a gateway that serves its UI below a path and its probes at the root",
    {
      "/": send(404, ""),
      "/claw/": ui,
      "/claw/control-ui-config.json": refused,
      "/api/channels/": refused,
      "/claw/api/channels/": ui,
    },
    "/claw/",
    { openclaw: true, openclawAuthentication: "required" },
  ],
  [
    "a gateway behind another page, found by its liveness probe",
    { "/": welcome, "/claw/": send(200, "loading"), "/claw/healthz": live },
    "/claw/",
    { openclaw: true },
  ],
  [
    "a gateway without authentication below a path, one with it at /",
    { ...gateway(""), ...gateway("/claw"), "/claw/control-ui-config.json": json(200, { serverVersion: "2026.9.6" }) },
    "/claw/",
    { openclaw: true, openclawAuthentication: "off", openclawVersion: "2026.9.6" },
  ],
  [
    "/ leads to the UI",
    { "/": send(302, "", { location: "/claw/" }), ...gateway("/claw") },
    "/claw/",
    { status: 200, openclaw: true, servesLogin: true },
  ],
  [
    "/ leads to a page that is nothing special",
    { "/": send(302, "", { location: "/claw/" }), "/claw/": welcome },
    "/claw/",
    { status: 200, openclaw: false, servesLogin: false },
  ],
  ["a login below the path", { "/": welcome, "/claw/": login }, "/claw/", { openclaw: false, servesLogin: true }],
  [
    "a login at / alone",
    { "/": login, "/claw/": forbidden },
    "/claw/",
    { servesLogin: true, status: { $unknown: "/claw/ is refused, / answers 200" } },
  ],
  [
    "both refused",
    { "/": forbidden, "/claw/": forbidden },
    "/claw/",
    { status: 403, openclaw: false, servesLogin: false },
  ],
  ["/ refused, the UI not", { "/": forbidden, ...gateway("/claw") }, "/claw/", { status: 200, openclaw: true }],
  [
    "nothing of the kind at either place",
    { "/": welcome, "/claw/": welcome },
    "/claw/",
    { status: 200, openclaw: false, servesLogin: false },
  ],
  ["/ declared as the place", { "/": welcome }, "/", { status: 200, openclaw: false, servesLogin: false }],
])("with an admin URL: %s", async (_name, paths, path, expected) => {
  const { port } = await site(paths);
  const { http, gaps } = await collect({
    ports: [port],
    names: [name],
    adminUrl: `http://${name}:${port}${path}`,
    timeoutMs: 1000,
  });
  expect(http.find((one) => one.host === `${name}:${port}`)).toMatchObject(expected);
  expect(gaps.http).toEqual([]);
});

test("the admin URL's path is asked on every other server too, by name and without", async () => {
  const { port, asked } = await site({ "/": forbidden, ...gateway("/claw") });
  const { http } = await collect({ ports: [port], names: [name], adminUrl: `https://${name}/claw/`, timeoutMs: 1000 });
  expect(http.map(({ host, openclaw, servesLogin, status }) => ({ host, openclaw, servesLogin, status }))).toEqual(
    [name, "127.0.0.1"].map((host) => ({ host: `${host}:${port}`, openclaw: true, servesLogin: true, status: 200 })),
  );
  expect(new Set(asked).size).toBe(asked.length);
});

test.each<[string, Answer, object]>([
  ["a page", welcome, { openclaw: { $unknown: expect.stringContaining("adminUrl") }, servesLogin: false }],
  ["a login", login, { openclaw: { $unknown: expect.stringContaining("adminUrl") }, servesLogin: true }],
  ["nothing at /", send(404, ""), { openclaw: { $unknown: expect.stringContaining("adminUrl") } }],
  ["OpenClaw", ui, { openclaw: true, servesLogin: true }],
  ["a refusal", forbidden, { openclaw: false, servesLogin: false, status: 403 }],
  ["a redirect to https", send(301, "", { location: `https://${name}/` }), { openclaw: false, servesLogin: false }],
])("without an admin URL, a server that answers / with %s", async (_name, answer, expected) => {
  const { port } = await site({ "/": answer });
  const { http } = await collect({ ports: [port], timeoutMs: 1000 });
  expect(http).toMatchObject([expected]);
});
