import { spawn } from "node:child_process";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import ssh2, { type AuthContext, type Connection, type ServerChannel } from "ssh2";
import type { KeyFile, OpenLimits, Ssh2Login } from "#net/session/login.ts";

/** A key pair made for one test run. */
export interface Pair {
  readonly private: string;
  readonly public: string;
}

export function makePair(type: "ed25519" | "rsa" | "ecdsa" = "ed25519", passphrase?: string): Pair {
  const { generateKeyPairSync } = ssh2.utils;
  if (type === "rsa") return generateKeyPairSync("rsa", { bits: 2048 });
  if (type === "ecdsa") return generateKeyPairSync("ecdsa", { bits: 256 });
  const make = () =>
    generateKeyPairSync("ed25519", passphrase === undefined ? {} : { passphrase, cipher: "aes256-ctr", rounds: 4 });
  // About one of 300 keys that ssh2 makes is malformed by its own reading.
  for (;;) {
    const pair = make();
    if (!(ssh2.utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
  }
}

export function keyFile(pair: Pair, changes: Partial<KeyFile> = {}): KeyFile {
  return { path: "/keys/id", content: pair.private, publicKey: undefined, certificate: false, ...changes };
}

/** Bytes of a public key line. */
export function blob(publicLine: string): Buffer {
  return Buffer.from(publicLine.split(" ")[1] ?? "", "base64");
}

/** What a test's server does. */
export interface Behaviour {
  readonly hostKeys: readonly Pair[];
  /** Keys that are let in. */
  readonly authorised?: readonly Pair[];
  readonly methods?: readonly string[];
  /** After a good key, ask for more. */
  readonly secondFactor?: boolean;
  readonly banner?: string;
  readonly greeting?: string;
  readonly exec?: (channel: ServerChannel, connection: Connection) => void;
  readonly refuseExec?: boolean;
  readonly kex?: readonly string[];
}

export interface RunningServer {
  readonly port: number;
  readonly attempts: string[];
  connections: number;
  close(): Promise<void>;
}

/** A real SSH server on loopback. */
export async function startSshServer(behaviour: Behaviour): Promise<RunningServer> {
  const sockets = new Set<Connection>();
  const attempts: string[] = [];
  const server = new ssh2.Server(
    {
      hostKeys: behaviour.hostKeys.map((pair) => pair.private),
      ...(behaviour.banner === undefined ? {} : { banner: behaviour.banner }),
      ...(behaviour.greeting === undefined ? {} : { greeting: behaviour.greeting }),
      ...(behaviour.kex === undefined ? {} : { algorithms: { kex: [...behaviour.kex] as never } }),
    },
    (connection) => {
      running.connections += 1;
      sockets.add(connection);
      connection.on("error", () => undefined);
      connection.on("authentication", (context) => authenticate(context, behaviour, attempts));
      connection.on("ready", () => serve(connection, behaviour));
    },
  );
  const port = await listen(server as unknown as NetServer);
  const running: RunningServer = {
    port,
    attempts,
    connections: 0,
    close: async () => {
      for (const connection of sockets) connection.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return running;
}

function authenticate(context: AuthContext, behaviour: Behaviour, attempts: string[]): void {
  attempts.push(context.method);
  const methods = [...(behaviour.methods ?? ["publickey"])] as never[];
  if (context.method !== "publickey") {
    context.reject(methods);
    return;
  }
  const good = (behaviour.authorised ?? []).find((pair) => blob(pair.public).equals(context.key.data));
  if (good === undefined) {
    context.reject(methods);
    return;
  }
  if (context.signature === undefined) {
    context.accept();
    return;
  }
  const parsed = ssh2.utils.parseKey(good.public);
  const valid =
    !(parsed instanceof Error) &&
    parsed.verify(context.blob ?? Buffer.alloc(0), context.signature, context.hashAlgo) === true;
  if (!valid) context.reject(methods);
  else if (behaviour.secondFactor === true) context.reject(["keyboard-interactive"] as never[], true);
  else context.accept();
}

function serve(connection: Connection, behaviour: Behaviour): void {
  connection.on("session", (accept) => {
    const session = accept();
    session.on("exec", (acceptExec, rejectExec) => {
      if (behaviour.refuseExec === true) rejectExec();
      else (behaviour.exec ?? realShell)(acceptExec(), connection);
    });
  });
  connection.on("tcpip", (accept, reject, info) => {
    void import("node:net").then(({ connect }) => {
      const socket = connect(info.destPort, info.destIP);
      socket.on("error", () => reject());
      socket.on("connect", () => {
        const channel = accept();
        channel.on("error", () => undefined);
        socket.pipe(channel).pipe(socket);
      });
    });
  });
}

/** Runs this machine's sh, as sshd would. */
export function realShell(channel: ServerChannel): void {
  const child = spawn("sh", ["-s"], { detached: true });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  channel.on("error", () => undefined);
  channel.on("close", () => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended.
    }
  });
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}

/** A TCP server on loopback that does as told with each connection. */
export async function startTcpServer(handle: (socket: Socket) => void): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    handle(socket);
  });
  const port = await listen(server);
  return {
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function listen(server: NetServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export function limits(timeoutMs = 10_000, signal = new AbortController().signal): OpenLimits {
  return { timeoutMs, signal };
}

export function runLimits(changes: { timeoutMs?: number; maxBytes?: number; signal?: AbortSignal } = {}) {
  return { timeoutMs: 10_000, maxBytes: 1024 * 1024, signal: new AbortController().signal, ...changes };
}

/** A login that ought to work against a server with this host key and user key. */
export function loginTo(port: number, hostKey: Pair, key: Pair, changes: Partial<Ssh2Login> = {}): Ssh2Login {
  return {
    host: "127.0.0.1",
    port,
    user: "audit",
    keys: [keyFile(key)],
    identityGiven: true,
    agentSocket: undefined,
    knownHosts: `[127.0.0.1]:${port} ${hostKey.public}`,
    acceptNewHostKey: false,
    ...changes,
  };
}
