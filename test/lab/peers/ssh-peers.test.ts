// What is read of real SSH servers, held to ssh-audit and to nmap's scripts. Needs Debian's ssh-audit, nmap, openssh-server, dropbear-bin,
// python3-twisted and python3-asyncssh.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { SshServer } from "#evidence/ssh.ts";
import { isUnknown, type Maybe, seen } from "#model/unknown.ts";
import { collect } from "../../collect/outside/harness.ts";
import { closedPort } from "../../net/peers.ts";

interface Peer {
  /** The command that serves on a port, with keys in a folder. */
  readonly command: (folder: string, port: number) => readonly [string, ...string[]];
}

const keys = (folder: string, ...types: readonly string[]) =>
  types.map((type) => {
    const [name = "", bits] = type.split(" ");
    const file = join(folder, type.replace(" ", "-"));
    execFileSync("ssh-keygen", [
      "-q",
      "-t",
      name,
      ...(bits === undefined ? [] : ["-b", bits]),
      "-m",
      "PEM",
      "-N",
      "",
      "-f",
      file,
    ]);
    return file;
  });

function sshd(settings: string, ...types: readonly string[]): Peer {
  return {
    command(folder, port) {
      mkdirSync("/run/sshd", { recursive: true });
      const files = keys(folder, ...types);
      const config = join(folder, "sshd_config");
      const lines = [
        `Port ${port}`,
        "ListenAddress 127.0.0.1",
        "PidFile none",
        ...files.map((file) => `HostKey ${file}`),
      ];
      writeFileSync(config, `${[...lines, settings].join("\n")}\n`);
      return ["/usr/sbin/sshd", "-D", "-f", config];
    },
  };
}

function python(script: string): Peer {
  return {
    command(folder, port) {
      keys(folder, "ed25519", "rsa 2048", "ecdsa");
      writeFileSync(join(folder, "server.py"), script);
      return ["/usr/bin/python3", join(folder, "server.py"), folder, String(port)];
    },
  };
}

const peers: Readonly<Record<string, Peer>> = {
  "sshd as Debian ships it": sshd("UsePAM yes", "ed25519", "ecdsa", "rsa"),
  "sshd with all that is old": sshd(
    "KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1\nCiphers +aes128-cbc,3des-cbc\nMACs +hmac-md5,hmac-sha1-96\nHostKeyAlgorithms +ssh-rsa,ssh-dss\nPasswordAuthentication no\nKbdInteractiveAuthentication no",
    "rsa 1024",
    "dsa",
    "ecdsa 521",
  ),
  "sshd with a key exchange that holds against quantum computers alone": sshd(
    "KexAlgorithms sntrup761x25519-sha512@openssh.com",
    "ed25519",
    "rsa 4096",
  ),
  "sshd without extras": sshd(
    "KexAlgorithms diffie-hellman-group-exchange-sha256\nCiphers aes256-ctr\nMACs hmac-sha2-512\nCompression no\nPasswordAuthentication no\nKbdInteractiveAuthentication no",
    "rsa 2048",
  ),
  dropbear: {
    command(folder, port) {
      const files = ["ed25519", "rsa", "ecdsa"].map((type) => {
        const file = join(folder, type);
        execFileSync("dropbearkey", ["-t", type, "-f", file], { stdio: "ignore" });
        return ["-r", file];
      });
      return ["/usr/sbin/dropbear", "-F", "-E", "-p", `127.0.0.1:${port}`, ...files.flat()];
    },
  },
  Twisted: python(`
import sys
from twisted.conch.ssh import factory, keys, userauth, connection
from twisted.conch import avatar
from twisted.cred import portal, checkers
from twisted.internet import reactor
from zope.interface import implementer
folder, port = sys.argv[1], int(sys.argv[2])
@implementer(portal.IRealm)
class Realm:
    def requestAvatar(self, *a): return a[-1], avatar.ConchUser(), lambda: None
class Factory(factory.SSHFactory):
    services = {b"ssh-userauth": userauth.SSHUserAuthServer, b"ssh-connection": connection.SSHConnection}
    def getPublicKeys(self): return {k.sshType(): k.public() for k in self.ks}
    def getPrivateKeys(self): return {k.sshType(): k for k in self.ks}
    def getPrimes(self): return None
    ks = [keys.Key.fromFile(folder + "/rsa-2048"), keys.Key.fromFile(folder + "/ecdsa")]
f = Factory()
f.portal = portal.Portal(Realm(), [checkers.InMemoryUsernamePasswordDatabaseDontUse(a=b"b")])
reactor.listenTCP(port, f, interface="127.0.0.1")
reactor.run()
`),
  AsyncSSH: python(`
import asyncio, sys, asyncssh
folder, port = sys.argv[1], int(sys.argv[2])
class Server(asyncssh.SSHServer):
    def password_auth_supported(self): return True
    def public_key_auth_supported(self): return True
    def begin_auth(self, username): return True
async def main():
    await asyncssh.create_server(Server, "127.0.0.1", port, server_host_keys=[folder + "/" + k for k in ("ed25519", "rsa-2048", "ecdsa")])
    await asyncio.Event().wait()
asyncio.run(main())
`),
};

async function serve({ command }: Peer): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "sekisho-peer-"));
  const port = await closedPort();
  const [file, ...args] = command(folder, port);
  const child = spawn(file, args, { stdio: "ignore" });
  onTestFinished(() => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  const listens = () => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
    return promise.finally(() => socket.destroy());
  };
  while (!(await listens())) {
    if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return port;
}

interface Audited {
  readonly banner: { readonly raw: string; readonly software: string; readonly protocol: readonly [number, number] };
  readonly compression: readonly string[];
  readonly enc: readonly string[];
  readonly mac: readonly string[];
  readonly kex: readonly { readonly algorithm: string; readonly keysize?: number }[];
  readonly key: readonly { readonly algorithm: string; readonly keysize?: number }[];
  readonly fingerprints: readonly { readonly hash: string; readonly hash_alg: string }[];
}

function sshAudit(port: number): Audited {
  const { stdout } = spawnSync("ssh-audit", ["-j", "-p", String(port), "127.0.0.1"], { encoding: "utf8" });
  return JSON.parse(stdout);
}

const nmapScripts = "+ssh2-enum-algos,+ssh-hostkey,+ssh-auth-methods";

/** Lines of nmap's scripts without the frame. */
function nmap(port: number): string[] {
  const args = ["-Pn", "-n", "-p", String(port), "--script", nmapScripts];
  const { stdout } = spawnSync("nmap", [...args, "--script-args", "ssh.user=root,ssh_hostkey=sha256", "127.0.0.1"], {
    encoding: "utf8",
  });
  return stdout.split("\n").map((line) => line.replace(/^\|_?/, "").trim());
}

/** What stands below a heading of ssh2-enum-algos, as many lines as it says. */
function listed(lines: readonly string[], name: string): string[] {
  const at = lines.findIndex((line) => line.startsWith(`${name}: (`));
  const count = Number(/\((\d+)\)/.exec(lines[at] ?? "")?.[1] ?? Number.NaN);
  return lines.slice(at + 1, at + 1 + count);
}

function known<T>(value: Maybe<T>): T {
  if (isUnknown(value)) throw new Error(value.$unknown);
  // The mark is told from everything else, which TypeScript does not see of a type it does not know.
  return value as T;
}

function bitsOf(server: SshServer, algorithm: string): number | undefined {
  const type = /^(?:ssh-rsa|rsa-sha2)/.test(algorithm) ? "ssh-rsa" : algorithm;
  return seen(server.hostKeys)
    .filter((key) => key.type === type)
    .map((key) => known<number>(key.bits))[0];
}

test.each(Object.keys(peers))("%s: the same as ssh-audit and nmap see", async (name) => {
  const peer = peers[name];
  if (peer === undefined) throw new Error(name);
  const port = await serve(peer);
  const { ssh, connections } = await collect({ ports: [port], timeoutMs: 3000, sshUsers: ["root", "daemon"] });
  const [server] = ssh;
  if (server === undefined) throw new Error("no server was seen");
  const audited = sshAudit(port);
  expect({
    banner: server.banner,
    software: server.software,
    protocol: server.protocol,
    kex: server.keyExchange,
    key: server.hostKeyAlgorithms,
    enc: server.ciphers,
    mac: server.macs,
    compression: server.compression,
  }).toEqual({
    banner: audited.banner.raw,
    software: audited.banner.software,
    protocol: audited.banner.protocol.join("."),
    kex: audited.kex.map(({ algorithm }) => algorithm),
    key: audited.key.map(({ algorithm }) => algorithm),
    enc: audited.enc,
    mac: audited.mac,
    compression: audited.compression,
  });
  const prints = seen(server.hostKeys).map(({ fingerprint }) => fingerprint);
  // ssh-audit 2.5 gives no fingerprints of ECDSA and DSA keys, and no size but RSA's.
  const audit = audited.fingerprints
    .filter(({ hash_alg }) => hash_alg === "SHA256")
    .map(({ hash }) => `SHA256:${hash}`);
  expect(prints).toEqual(expect.arrayContaining(audit));
  for (const { algorithm, keysize } of audited.key)
    if (keysize !== undefined) expect(bitsOf(server, algorithm)).toBe(keysize);
  const groups = seen(server.groupExchange).map(({ algorithm, bits }) => ({ algorithm, keysize: bits }));
  expect(groups.toSorted(byName)).toEqual(audited.kex.filter(({ keysize }) => keysize !== undefined).toSorted(byName));
  const lines = nmap(port);
  expect(listed(lines, "kex_algorithms")).toEqual(server.keyExchange);
  expect(listed(lines, "server_host_key_algorithms")).toEqual(server.hostKeyAlgorithms);
  expect(listed(lines, "encryption_algorithms")).toEqual(server.ciphers);
  expect(listed(lines, "mac_algorithms")).toEqual(server.macs);
  const heading = lines.findIndex((line) => line.startsWith("Supported authentication methods:"));
  const methods = server.users.flatMap((one) =>
    "user" in one && one.user === "root" ? [known<string[]>(one.methods)] : [],
  )[0];
  if (lines[heading]?.endsWith(":"))
    expect(lines.slice(heading + 1, heading + 1 + (methods?.length ?? 0))).toEqual(methods);
  const nmapKeys = lines.flatMap((line) => /^(\d+) (SHA256:\S+) \((\w+)\)$/.exec(line) ?? []);
  for (const print of nmapKeys.filter((text) => text.startsWith("SHA256:"))) expect(prints).toContain(print);
  expect(connections).toBeLessThanOrEqual(4);
});

function byName(a: { readonly algorithm: string }, b: { readonly algorithm: string }): number {
  return a.algorithm.localeCompare(b.algorithm, "en");
}
