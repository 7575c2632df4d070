import { lookup } from "node:dns/promises";
import { connect, type Socket } from "node:net";
import { ignore } from "./ignore.ts";
import { describeHop, type Hop, type OpenLimits } from "./login.ts";
import { noSession, type SessionProblem, type SessionProblemCode } from "./problem.ts";

type Connected =
  | { readonly ok: true; readonly socket: Socket; readonly address: string }
  | { readonly ok: false; readonly problem: SessionProblem };

/** An address that is not the last one may take so long, so that one without a route does not use up the time of the others. */
const firstTriesMs = 4_000;

const codes: Readonly<Record<string, SessionProblemCode>> = {
  ENOTFOUND: "unresolved",
  EAI_AGAIN: "unresolved",
  EAI_FAIL: "unresolved",
  EAI_NODATA: "unresolved",
  ECONNREFUSED: "refused",
  ECONNRESET: "refused",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  ENETDOWN: "unreachable",
  EHOSTDOWN: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  EPERM: "unreachable",
  EINVAL: "unreachable",
};

const hints: Partial<Record<SessionProblemCode, string>> = {
  unresolved: "Check the spelling and the resolver, or give the address instead of the name.",
  refused: "Check that sshd runs and that the port is right; a firewall that rejects looks the same.",
  timeout:
    "Check the address, the port, and that the firewall lets this machine in; behind a bastion give jump: user@bastion.",
  unreachable: "Check the route, and the VPN if the host is behind one.",
};

/** Opens a TCP connection without Nagle's delay to the first address that answers. */
export async function connectTcp(
  hop: Hop,
  addresses: readonly string[] | undefined,
  limits: OpenLimits,
): Promise<Connected> {
  const until = performance.now() + limits.timeoutMs;
  const found = addresses ?? (await resolve(hop.host));
  if (!Array.isArray(found)) return tcpProblem(hop, hop.host, found as NodeJS.ErrnoException);
  let last: Connected = tcpProblem(hop, hop.host, Object.assign(new Error("no address"), { code: "ENOTFOUND" }));
  for (const [index, address] of found.entries()) {
    const left = until - performance.now();
    const timeoutMs = index < found.length - 1 ? Math.min(firstTriesMs, left) : left;
    last = await connectTo(hop, address, { timeoutMs, signal: limits.signal });
    if (last.ok || limits.signal.aborted) return last;
  }
  return last;
}

/** The problem that an error of the system about a connection stands for. */
function tcpProblem(
  hop: Hop,
  address: string,
  error: NodeJS.ErrnoException,
): { readonly ok: false; readonly problem: SessionProblem } {
  const code = codes[error.code ?? ""] ?? "unreachable";
  const where =
    address === hop.host ? `port ${hop.port} of ${hop.host}` : `port ${hop.port} of ${hop.host} (${address})`;
  return noSession({
    code,
    message: messageOf(code, code === "unresolved" ? hop.host : where, error.code ?? error.message),
    hint: hints[code] ?? "",
  });
}

function messageOf(code: SessionProblemCode, where: string, why: string): string {
  switch (code) {
    case "unresolved":
      return `There is no address for ${where} (${why}).`;
    case "refused":
      return `The connection was refused by ${where} (${why}).`;
    case "timeout":
      return `There was no answer in time from ${where} (${why}).`;
    case "unreachable":
      return `There is no way to ${where} (${why}).`;
    default:
      return `No connection to ${where} (${why}).`;
  }
}

/** The problem of a run that was told to stop. */
export function stopped(hop: Pick<Hop, "host" | "port">): { readonly ok: false; readonly problem: SessionProblem } {
  return noSession({
    code: "lost",
    message: `The login to ${describeHop(hop)} was interrupted.`,
    hint: "Run the command again.",
  });
}

async function resolve(host: string): Promise<readonly string[] | Error> {
  try {
    return (await lookup(host, { all: true })).map((entry) => entry.address);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function connectTo(hop: Hop, address: string, limits: OpenLimits): Promise<Connected> {
  const { promise, resolve } = Promise.withResolvers<Connected>();
  const socket = connect({ host: address, port: hop.port, noDelay: true });
  const fail = (result: Connected) => {
    socket.destroy();
    resolve(result);
  };
  const late = () => fail(tcpProblem(hop, address, Object.assign(new Error("timeout"), { code: "ETIMEDOUT" })));
  const timer = setTimeout(late, Math.max(0, limits.timeoutMs));
  const abort = () => fail(stopped(hop));
  limits.signal.addEventListener("abort", abort);
  if (limits.signal.aborted) abort();
  const error = (cause: NodeJS.ErrnoException) => fail(tcpProblem(hop, address, cause));
  socket.once("error", error);
  socket.once("connect", () => {
    socket.off("error", error);
    resolve({ ok: true, socket, address });
  });
  return promise.finally(() => {
    clearTimeout(timer);
    limits.signal.removeEventListener("abort", abort);
    // An error after the end of our interest must not end the program; who uses the socket listens too.
    socket.on("error", ignore);
  });
}
