// Looks at one SSH server, as an audit does, and prints what it found: node test/bench/ssh-look.ts all|first PORT USER...
// first: the first connection alone, which shows the algorithms, one host key and the methods of one user.
import { createConnectionBook } from "#collect/outside/connections.ts";
import { lookAtSsh } from "#collect/outside/ssh.ts";
import { isFailure } from "#net/dial.ts";
import { hostKeyAlgorithms } from "#net/ssh/negotiate.ts";
import { visitSsh } from "#net/ssh-client.ts";

const [, , mode, port = "", ...users] = process.argv;
const endpoint = { address: "127.0.0.1", port: Number(port) };
const book = createConnectionBook({ addresses: [endpoint.address], timeoutMs: 10_000 });
const limits = { timeoutMs: 20_000, signal: new AbortController().signal };
const begun = performance.now();
const found =
  mode === "first" ? await first() : await lookAtSsh(endpoint, undefined, { dial: book.dial, limits, users });
process.stdout.write(`${JSON.stringify({ lookMs: performance.now() - begun, found, connections: book.counts() })}\n`);

async function first() {
  const socket = await book.dial(endpoint, "ssh", limits);
  if (isFailure(socket)) return socket;
  return visitSsh(socket, { user: users[0], hostKeyAlgorithms, groupExchange: undefined, known: undefined }, limits);
}
