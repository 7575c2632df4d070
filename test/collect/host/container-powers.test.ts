import fc from "fast-check";
import { expect, test } from "vitest";
import { isRootUser, powersOf } from "#collect/host/container-powers.ts";
import type { Json } from "#collect/host/json.ts";
import { output, read, value } from "./capture.ts";

/** As docker inspect of Docker 20.10.24 printed them, for containers made on Debian 12 with the options named. */
const lines = {
  hardened: `"/openclaw" "ghcr.io/openclaw/openclaw:2026.9.6" "unless-stopped" "default" {"18789/tcp":[{"HostIp":"127.0.0.1","HostPort":"18789"}]} ["/home/openclaw/.openclaw",null] ["TZ=Asia/Tokyo",null] [null] "node" ["journald","",""] ["/etc/ssl/certs/host.crt","/etc/ssl/certs/ca-certificates.crt","/home/node/.openclaw","/home/openclaw/.openclaw",null] {"image":"sha256:e8f45c1c0c835444fc26bdfb6d21c79b4b7c5a5bca27ca4b5e9728941fa5774d","created":"2026-11-23T10:49:43.029542265Z","privileged":false,"added":null,"health":"starting","version":"","source":"","mounts":[["/etc/ssl/certs/ca-certificates.crt","/etc/ssl/certs/host.crt",false],["/home/openclaw/.openclaw","/home/node/.openclaw",true],null]}`,
  // --privileged --cap-add NET_ADMIN -v /var/run:/var/run:ro -v '/tmp/a b"c:/x' --mount type=tmpfs,dst=/t --user 0:0
  powerful: String.raw`"/odd" "ghcr.io/openclaw/openclaw:2026.9.6" "no" "default" {} [null] [null] [null] "0:0" ["json-file","",""] ["/var/run","/var/run","/x","/tmp/a b\"c","/t","",null] {"image":"sha256:e8f45c1c0c835444fc26bdfb6d21c79b4b7c5a5bca27ca4b5e9728941fa5774d","created":"2026-11-23T10:50:10.103479271Z","privileged":true,"added":["NET_ADMIN"],"health":"none","version":"","source":"","mounts":[["/var/run","/var/run",false],["/tmp/a b\"c","/x",true],["","/t",true],null]}`,
};

function inspected(line: string): unknown {
  const [name = "", image = ""] = line.split(" ");
  const host = read(
    output([
      ["processes", "1 0 0 0 init\n8 1 0 0 containerd-shim"],
      ["containers.present", "program docker"],
      ["containers.list", `${name.replace("/", "")} ${image} ""`],
      ["containers.inspect", line],
    ]),
  );
  const [only] = value(host, "containers") as readonly unknown[];
  return only;
}

test("a container that keeps to itself", () => {
  expect(inspected(lines.hardened)).toMatchObject({
    name: "openclaw",
    imageId: "sha256:e8f45c1c0c835444fc26bdfb6d21c79b4b7c5a5bca27ca4b5e9728941fa5774d",
    createdAt: "2026-11-23T10:49:43.029Z",
    user: "node",
    startsAsRoot: false,
    privileged: false,
    addedCapabilities: [],
    networkMode: "default",
    health: "starting",
    logDriver: "journald",
    mounts: [
      { source: "/etc/ssl/certs/ca-certificates.crt", destination: "/etc/ssl/certs/host.crt", readOnly: true },
      { source: "/home/openclaw/.openclaw", destination: "/home/node/.openclaw", readOnly: false },
    ],
    reachesEngine: false,
  });
});

test("a container with power over its host", () => {
  expect(inspected(lines.powerful)).toMatchObject({
    user: "0:0",
    startsAsRoot: true,
    privileged: true,
    addedCapabilities: ["NET_ADMIN"],
    health: "none",
    logDriver: "json-file",
    reachesEngine: true,
  });
});

const mounted = (...sources: readonly string[]): Json => ({
  mounts: [...sources.map((source) => [source, "/x", false] as const), null],
});

test.each<[string, boolean]>([
  ["/var/run/docker.sock", true],
  ["/run/docker.sock", true],
  ["/run/podman/podman.sock", true],
  ["/run", true],
  ["/var/run/", true],
  ["//run//", true],
  ["/", true],
  ["/run/dbus", false],
  ["/run/docker.sock.d", false],
  ["/run/dock", false],
  ["/var/runner", false],
  ["/srv/docker.sock", false],
  // A file system in memory.
  ["", false],
])("a mount of %j brings an engine's socket: %s", (source, reaches) => {
  expect(powersOf(mounted("/srv/data", source)).reachesEngine).toBe(reaches);
});

test("a mount that was not understood may be anything, beside a socket it is no matter", () => {
  const odd = [7, "/x", true];
  expect(powersOf({ mounts: [odd, null] }).reachesEngine).toEqual({ $unknown: expect.any(String) });
  expect(powersOf({ mounts: [odd, ["/run/docker.sock", "/x", true], null] }).reachesEngine).toBe(true);
  // Cut off before its end.
  expect(powersOf({ mounts: [] }).reachesEngine).toEqual({ $unknown: expect.any(String) });
});

test("what docker inspect did not say is not known", () => {
  for (const word of [undefined, null, "x", {}, { privileged: "no", added: "x", health: "well", created: "once" }]) {
    const { privileged, addedCapabilities, health, createdAt, imageId } = powersOf(word);
    for (const field of [privileged, addedCapabilities, health, createdAt, imageId])
      expect(field).toEqual({ $unknown: expect.any(String) });
  }
});

test("of very many mounts and names the list ends open", () => {
  const { mounts } = powersOf(
    mounted(...Array.from({ length: 300 }, (_, index) => `/srv/${"x".repeat(5000)}${index}`)),
  );
  expect(mounts.length).toBe(101);
  expect(mounts.at(-1)).toEqual({ $unknown: expect.any(String) });
  expect(JSON.stringify(mounts).length).toBeLessThan(60_000);
});

test.each<[string, boolean]>([
  ["", true],
  ["root", true],
  ["0", true],
  ["00:1000", true],
  ["root:node", true],
  ["node", false],
  ["1000:0", false],
  ["10", false],
])("user %j is root: %s", (user, root) => {
  expect(isRootUser(user)).toBe(root);
});

test("any word is answered", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (word) => {
      // fast-check's JSON values are those of JSON.parse.
      powersOf(word as Json);
    }),
  );
});
