import { connect } from "node:net";
import { keyType } from "./known-hosts.ts";

/** A key that an SSH agent holds. */
export interface AgentKey {
  /** Public key or certificate in wire format. */
  readonly blob: Buffer;
  readonly type: string;
}

const requestIdentities = Buffer.from([0, 0, 0, 1, 11]);
const identitiesAnswer = 12;
const answerBytes = 1024 * 1024;
const answerMs = 3_000;

/** The keys that the agent at a socket holds (draft-ietf-sshm-ssh-agent); undefined when no agent answers there. */
export function listAgentKeys(socketPath: string): Promise<readonly AgentKey[] | undefined> {
  const { promise, resolve } = Promise.withResolvers<readonly AgentKey[] | undefined>();
  const socket = connect(socketPath);
  const done = (keys: readonly AgentKey[] | undefined) => {
    socket.destroy();
    resolve(keys);
  };
  let received = Buffer.alloc(0);
  socket.setTimeout(answerMs, () => done(undefined));
  socket.on("error", () => done(undefined));
  socket.on("close", () => done(undefined));
  socket.on("connect", () => socket.write(requestIdentities));
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    if (received.length < 4) return;
    const length = received.readUInt32BE(0);
    if (length > answerBytes) done(undefined);
    else if (received.length >= 4 + length) done(parseIdentities(received.subarray(4, 4 + length)));
  });
  return promise;
}

/** The keys in an agent's answer; undefined when it makes no sense. */
export function parseIdentities(answer: Buffer): readonly AgentKey[] | undefined {
  if (answer.length < 5 || answer[0] !== identitiesAnswer) return undefined;
  const count = answer.readUInt32BE(1);
  const keys: AgentKey[] = [];
  let at = 5;
  for (let index = 0; index < count; index += 1) {
    const blob = readString(answer, at);
    const comment = blob === undefined ? undefined : readString(answer, at + 4 + blob.length);
    if (blob === undefined || comment === undefined) return undefined;
    keys.push({ blob, type: keyType(blob) });
    at += 8 + blob.length + comment.length;
  }
  return keys;
}

/** A length-prefixed string (RFC 4251 section 5) at an offset; undefined when it does not fit. */
export function readString(bytes: Buffer, at: number): Buffer | undefined {
  if (at + 4 > bytes.length) return undefined;
  const length = bytes.readUInt32BE(at);
  return at + 4 + length > bytes.length ? undefined : bytes.subarray(at + 4, at + 4 + length);
}
